"""Marts as dbt makes them, by hand: few rows, every column that the page reads, in a DuckDB file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Row = dict[str, Any]
WEEKS = ("2026-05-04", "2026-05-11", "2026-05-18")
PARTIAL = WEEKS[-1]
HOSTILE = "</script><img src=http://127.0.0.1:9/x onerror=alert(1)>"

COLUMNS = {
    "qa_quality_weekly": (
        "week date, vendor text, team_name text, scorecard_name text, agent_key text, agent_name text, "
        "channel text, evaluations bigint, sum_score_percent double, "
        "sum_percent_of_others double, passed bigint, auto_failed bigint, disputed bigint, acknowledged bigint"
    ),
    "qa_metrics": (
        "vendor text, evaluations bigint, auto_fail_basis text, calibrations bigint, quality_score double, "
        "quality_score_by_points double, quality_score_of_others double, pass_rate double, pass_rate_low double, "
        "pass_rate_high double, auto_fail_rate double, auto_fail_rate_low double, auto_fail_rate_high double, "
        "dispute_rate double, dispute_rate_low double, dispute_rate_high double"
    ),
    "qa_control_chart": (
        "week date, vendor text, scope text, scope_name text, measure text, is_partial boolean, evaluations bigint, "
        "signal text, note text, value double, interval_low double, interval_high double, centre double, "
        "limit_low double, limit_high double"
    ),
    "qa_monthly_change": (
        "month date, vendor text, measure text, is_partial boolean, evaluations bigint, evaluations_before bigint, "
        "note text, value double, value_before double, change double, change_low double, change_high double, "
        "within_teams double, mix_of_teams double, by_auto_fails double, by_other_scores double"
    ),
    "qa_question_failures": (
        "vendor text, question_key text, team_name text, scorecard_name text, section_name text, question_text text, "
        "answers bigint, failures bigint"
    ),
    "qa_agreement": (
        "vendor text, scorecard_key text, scorecard_name text, interactions bigint, evaluators bigint, units bigint, "
        "note text, agreement_percent double, chance_percent double, ac1_verdict text, "
        + ", ".join(f"{name}{bound} double" for name in ("ac1", "ac2", "alpha") for bound in ("", "_low", "_high"))
    ),
    "qa_evaluator_alignment": (
        "vendor text, evaluator_key text, evaluator_name text, interactions bigint, note text, "
        "agreement_percent double, agreement_low double, agreement_high double, bias double, limit_low double, "
        "limit_high double"
    ),
    "qa_evaluator_leniency": (
        "vendor text, evaluator_key text, evaluator_name text, evaluator_group text, evaluations bigint, "
        "linked_evaluations bigint, linked_agents bigint, is_comparable boolean, note text, leniency double, "
        "given double, standard_error double"
    ),
    "qa_agent_standing": (
        "vendor text, agent_key text, agent_name text, team_name text, evaluations bigint, standing text, note text, "
        "evaluations_for_rank bigint, rank_of_vendor bigint, quality_score double, quality_score_low double, "
        "quality_score_high double, team_quality_score double, pass_rate double, pass_rate_low double, "
        "pass_rate_high double"
    ),
    "qa_coverage_weekly": "week date, vendor text, agent_key text, team_name text, evaluations bigint",
    "qa_wellbeing": "measure text, recorded_at timestamp, value_number double, is_written_back boolean",
}


def marts() -> dict[str, list[Row]]:
    """Return two vendors' marts: Scorebuddy with two teams, CXone with one evaluation too few to say anything."""
    weekly = [
        *(_week(week, "scorebuddy", "Blue", HOSTILE, (10, 845.0, 8, 1)) for week in WEEKS[:2]),
        *(_week(week, "scorebuddy", "Green", "Sam", (30, 2400.0, 15, 3)) for week in WEEKS[:2]),
        _week(PARTIAL, "scorebuddy", "Blue", HOSTILE, (5, 411.25, 4, 0)),
        _week(WEEKS[0], "cxone", "Blue", "Kim", (4, 320.0, 4, 0)),
    ]
    agents = {row["agent_key"]: row for row in weekly}
    return {
        "qa_quality_weekly": weekly,
        "qa_metrics": [
            {"vendor": "scorebuddy", "evaluations": 85, "auto_fail_basis": "stated", "calibrations": 0},
            {"vendor": "cxone", "evaluations": 4, "auto_fail_basis": "stated", "calibrations": 0},
        ],
        "qa_control_chart": [
            *(_point(week, "all", "all", 80.0) for week in WEEKS),
            *(_point(week, "team", "Blue", 84.5) for week in WEEKS),
        ],
        "qa_monthly_change": [_change("pass_rate", 40, 45), _change("quality_score", 3, 40)],
        "qa_question_failures": [
            _question("one", "Greeting?", "Blue", 25, 4),
            _question("one", "Greeting?", "Green", 15, 6),
            _question("two", "Closing?", "Blue", 5, 2),
        ],
        "qa_evaluator_leniency": [
            {"vendor": "scorebuddy", "evaluator_key": "e1", "evaluator_name": "Eve Adams", "evaluator_group": "e1",
             "linked_evaluations": 30, "linked_agents": 6, "leniency": 2.25, "standard_error": 1.0},
            {"vendor": "scorebuddy", "evaluator_key": "e2", "evaluator_name": "Bob", "evaluator_group": "e2",
             "linked_evaluations": 0, "note": "Nobody else evaluates these agents: leniency can't be known."},
        ],
        "qa_agent_standing": [
            {"vendor": row["vendor"], "agent_key": key, "agent_name": row["agent_name"], "team_name": row["team_name"],
             "evaluations": row["evaluations"], "quality_score": 80.0, "quality_score_low": 75.0,
             "quality_score_high": 85.0, "team_quality_score": 81.0, "standing": "not told apart"}
            for key, row in agents.items()
        ],
        "qa_coverage_weekly": [
            {"week": WEEKS[0], "vendor": "scorebuddy", "agent_key": str(number), "evaluations": number % 2,
             "team_name": "Blue" if number < 5 else "Green"}
            for number in range(10)
        ],
    }  # fmt: skip


def _week(week: str, vendor: str, team: str, agent: str, sums: tuple[int, float, int, int]) -> Row:
    evaluations, score, passed, failed = sums
    key = f"{vendor}-{team}-0123456789"
    return {
        "week": week, "vendor": vendor, "team_name": team, "scorecard_name": "Calls", "channel": "voice",
        "agent_key": key, "agent_name": agent, "evaluations": evaluations, "passed": passed, "auto_failed": failed,
        "sum_score_percent": score, "sum_percent_of_others": score, "disputed": 1, "acknowledged": None,
    }  # fmt: skip


def _point(week: str, scope: str, name: str, value: float) -> Row:
    return {
        "week": week, "vendor": "scorebuddy", "scope": scope, "scope_name": name, "measure": "quality_score",
        "is_partial": week == PARTIAL, "evaluations": 30, "value": value, "interval_low": value - 5,
        "interval_high": value + 5, "note": "No limits yet: 3 complete weeks with evaluations; it takes 12.",
    }  # fmt: skip


def _change(measure: str, evaluations: int, before: int) -> Row:
    return {
        "vendor": "scorebuddy", "month": "2026-05-01", "measure": measure, "is_partial": False,
        "evaluations": evaluations, "evaluations_before": before, "value": 66.5, "value_before": 81.25,
        "change": -14.75, "within_teams": -9.25, "mix_of_teams": -5.5,
    }  # fmt: skip


def _question(key: str, text: str, team: str, answers: int, failures: int) -> Row:
    return {
        "vendor": "scorebuddy", "question_key": key, "question_text": text, "scorecard_name": "Calls",
        "team_name": team, "answers": answers, "failures": failures,
    }  # fmt: skip


def write_marts(path: Path, tables: Mapping[str, list[Row]], schema: str = "qa") -> None:
    """Write these tables, and the others without rows."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create schema {schema}")
        for table, columns in COLUMNS.items():
            connection.execute(f"create table {schema}.{table} ({columns})")
            for row in tables.get(table, []):
                names, places = ", ".join(row), ", ".join("?" * len(row))
                insert = f"insert into {schema}.{table} ({names}) values ({places})"  # noqa: S608 - names of our own
                connection.execute(insert, list(row.values()))
