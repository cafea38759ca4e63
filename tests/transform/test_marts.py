"""The marts, built by dbt on both warehouses from the simulated vendors' data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import yaml

from tests.transform.conftest import rows
from tests.transform.dbt_project import PROJECT
from tests.transform.headline import headline

if TYPE_CHECKING:
    import duckdb

    from tests.transform.dbt_project import Outcome, Warehouse
    from tests.transform.raw_tables import Tables

POSTGRES_TYPES = {
    "VARCHAR": "text",
    "DOUBLE": "double precision",
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp without time zone",
}
COLUMNS = """
    select table_name, column_name, data_type from information_schema.columns
    where table_schema = 'qa' order by table_name, ordinal_position
"""


def _columns(found: list[tuple[Any, ...]]) -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in found:
        tables.setdefault(table, {})[column] = kind
    return tables


@pytest.mark.parametrize("build", ["on_duckdb", "on_postgres"])
def test_build_passes_every_test_without_a_warning(build: str, request: pytest.FixtureRequest) -> None:
    outcome: Outcome = request.getfixturevalue(build)[1]
    assert outcome.faults == {}, outcome.log
    assert outcome.status == 0
    kinds = [name.partition(".")[0] for name in outcome.results]
    assert kinds.count("test") > 80
    assert sum("." in name and not name.startswith(("test.", "operation.", "seed.")) for name in outcome.results) >= 30


def test_both_warehouses_hold_the_same_marts(
    marts: duckdb.DuckDBPyConnection, on_postgres: tuple[Warehouse, Outcome]
) -> None:
    """They were built in different zones, from columns of different types."""
    ours = _columns(marts.execute(COLUMNS).fetchall())
    with psycopg.connect(on_postgres[0].environment["URL"]) as connection:
        theirs = _columns(connection.execute(COLUMNS).fetchall())
        assert {t: {c: POSTGRES_TYPES[k] for c, k in columns.items()} for t, columns in ours.items()} == theirs
        for table, columns in ours.items():
            query = f'select {", ".join(columns)} from qa."{table}"'
            one, other = marts.execute(query).fetchall(), connection.execute(query.encode()).fetchall()
            assert len(one) == len(other), table
            pairs = zip(sorted(one, key=_order), sorted(other, key=_order), strict=True)
            assert [(a, b) for a, b in pairs if not all(map(_same, a, b))][:3] == [], table


def _order(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(str(cell) for cell in row if not isinstance(cell, float))


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-7)
    return one == other


def test_headline_figures_equal_a_second_computation(marts: duckdb.DuckDBPyConnection, raw: Tables) -> None:
    found = {row["vendor"]: row for row in rows(marts, "select * from qa.qa_metrics")}
    wanted = headline(raw)
    assert found.keys() == wanted.keys()
    for vendor, figures in wanted.items():
        for name, figure in figures.items():
            ours = found[vendor][name]
            same = ours is figure if None in {ours, figure} else math.isclose(ours, figure or 0, abs_tol=5.1e-5)
            assert same, (vendor, name, ours, figure)


def test_every_column_is_described_and_every_description_has_a_column(marts: duckdb.DuckDBPyConnection) -> None:
    described = {
        model["name"]: {column["name"] for column in model["columns"] if column["description"]}
        for path in PROJECT.rglob("*.yml")
        for kind in ("models", "seeds")
        for model in _listed(path, kind)
        if model["name"].startswith("qa_")
    }
    assert described == {table: set(columns) for table, columns in _columns(marts.execute(COLUMNS).fetchall()).items()}


def _listed(path: Any, kind: str) -> list[dict[str, Any]]:  # noqa: ANN401 - a path
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    listed = content.get(kind, []) if isinstance(content, dict) else []
    return listed if isinstance(listed, list) else []


def test_leniency_equals_a_second_computation(marts: duckdb.DuckDBPyConnection) -> None:
    evaluations = rows(marts, "select * from qa.qa_evaluations where counts_for_quality")
    differences: dict[str, dict[str, list[float]]] = {}
    for one in evaluations:
        others = [
            other["percent_without_auto_fail"]
            for other in evaluations
            if other["evaluator_key"] != one["evaluator_key"]
            and all(other[name] == one[name] for name in ("vendor", "agent_key", "scorecard_key", "scorecard_version"))
        ]
        if others:
            found = one["percent_without_auto_fail"] - sum(others) / len(others)
            differences.setdefault(one["evaluator_key"], {}).setdefault(one["agent_key"], []).append(found)
    reported = rows(marts, "select * from qa.qa_evaluator_leniency where is_comparable")
    assert len(reported) > 20
    for row in reported:
        every = [each for agent in differences[row["evaluator_key"]].values() for each in agent]
        assert row["linked_evaluations"] == len(every)
        assert row["linked_agents"] == len(differences[row["evaluator_key"]])
        assert row["leniency"] == pytest.approx(sum(every) / len(every), abs=1e-4)


def test_pareto_and_coverage_add_up(marts: duckdb.DuckDBPyConnection, raw: Tables) -> None:
    pareto = dict(marts.execute("select vendor, sum(failures) from qa.qa_question_pareto group by 1").fetchall())
    failed = [
        row
        for row in raw["maestroqa_individual_answers"]
        if row["grade_type"] == "grading"
        and row["target_answer_id"] is None
        and row["question_score"] is not None
        and not row["question_score"]
    ]
    assert pareto["maestroqa"] == len(failed)
    coverage = dict(marts.execute("select vendor, sum(evaluations) from qa.qa_coverage_weekly group by 1").fetchall())
    metrics = dict(marts.execute("select vendor, evaluations from qa.qa_metrics").fetchall())
    assert coverage == metrics


def test_bare_ids_of_scorebuddy_have_their_names(marts: duckdb.DuckDBPyConnection, raw: Tables) -> None:
    """Causes, canned comments and events, by the look-ups; some ids of the vendor's data are in no list."""
    causes = {(row["scorecard_id"], row["version_number"], row["rca_id"]) for row in raw["scorebuddy_scorecard_causes"]}
    comments = {(row["scorecard_id"], row["comment_id"]) for row in raw["scorebuddy_scorecard_comments"]}
    wanted: dict[str, set[str]] = {"cause_names": set(), "canned_comments": set()}
    for score in raw["scorebuddy_scores"]:
        card, version = score["scorecard_id"], score["version_number"]
        for question in score["questions"]:
            answer = f"{score['score_id']}/{question['question_id']}"
            if (card, version, question["cause_id"]) in causes:
                wanted["cause_names"].add(answer)
            if (card, question["comment_id"]) in comments:
                wanted["canned_comments"].add(answer)
    for column, answers in wanted.items():
        found = rows(
            marts,
            "select e.vendor_evaluation_id || '/' || a.vendor_question_id as answer from qa.qa_answers a "
            f"join qa.qa_evaluations e using (evaluation_key) where a.vendor = 'scorebuddy' and a.{column} is not null",
        )
        assert {row["answer"] for row in found} == answers != set(), column
    named = {
        row["vendor_evaluation_id"] for row in rows(marts, "select * from qa.qa_evaluations where event_name <> ''")
    }
    assert named >= {str(score["score_id"]) for score in raw["scorebuddy_scores"] if score["event_id"]} != set()


def test_coaching_stands_beside_quality(marts: duckdb.DuckDBPyConnection, raw: Tables) -> None:
    sessions = {row["id"]: row for row in raw["maestroqa_coaching_sessions"] if not row["is_deleted"]}
    coached = {row["vendor_coaching_id"]: row for row in rows(marts, "select * from qa.qa_coaching")}
    assert coached.keys() == sessions.keys() < {row["id"] for row in raw["maestroqa_coaching_sessions"]}
    assert {key: row["points"] for key, row in coached.items()} == {
        key: len(row["coaching_points"]) for key, row in sessions.items()
    }
    beside = rows(marts, "select * from qa.qa_coaching_quality")
    assert len(beside) == len(sessions)
    assert any(row["evaluations_before"] and row["evaluations_after"] for row in beside)
