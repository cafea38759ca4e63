"""What the page takes from the marts: sums and counts, so that a filter stays exact, and figures, rounded here.

`PERSON` of a query stands for how people are called. Both warehouses understand every query.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DataSet:
    """Rows of one table of the marts.

    Attributes:
        table: The table it needs.
        columns: Its columns by what the page calls them.
        rest: What follows the select list.
    """

    table: str
    columns: dict[str, str]
    rest: str

    def query(self, *, names: bool) -> str:
        """Return the query; without names, people are called by the beginning of their key."""
        listed = ", ".join(f"{value} as {name}" for name, value in self.columns.items())
        text = f"select {listed} from {{schema}}.{self.table} {self.rest}"  # noqa: S608 - all of it is in this module
        for key, name in (("agent_key", "agent_name"), ("evaluator_key", "evaluator_name")):
            short = f"substr({key}, 1, 8)"
            text = text.replace(f"PERSON({key})", f"coalesce({name}, {short})" if names else short)
        return text


def _rounded(column: str, digits: int = 1) -> str:
    # By way of a decimal: a binary half is now above, now below.
    return f"round(cast({column} as numeric(28, 10)), {digits})"


def _figures(*columns: str, digits: int = 1) -> dict[str, str]:
    return {column: _rounded(column, digits) for column in columns}


def _plain(*columns: str) -> dict[str, str]:
    return {column: column for column in columns}


WEEK = {"week": "cast(week as text)"}

BY_AGENT = "week, vendor, team_name, scorecard_name, agent_key"

DATA_SETS = {
    "weekly": DataSet(
        "qa_quality_weekly",
        {
            **WEEK,
            **_plain("vendor"),
            "team": "team_name",
            "scorecard": "scorecard_name",
            "agent": "min(PERSON(agent_key))",
            "agent_id": "substr(agent_key, 1, 12)",
            "n": "sum(evaluations)",
            "score": _rounded("sum(sum_score_percent)", 4),
            "others": _rounded("sum(sum_percent_of_others)", 4),
            "passed": "sum(passed)",
            "failed": "sum(auto_failed)",
            "disputed": "sum(disputed)",
            "acknowledged": "sum(acknowledged)",
        },
        f"group by {BY_AGENT} order by {BY_AGENT}",
    ),
    "metrics": DataSet(
        "qa_metrics",
        {
            **_plain("vendor", "evaluations", "auto_fail_basis", "calibrations"),
            **_figures(
                *("quality_score", "quality_score_by_points", "quality_score_of_others", "pass_rate", "pass_rate_low"),
                *("pass_rate_high", "auto_fail_rate", "auto_fail_rate_low", "auto_fail_rate_high", "dispute_rate"),
                *("dispute_rate_low", "dispute_rate_high"),
            ),
        },
        "order by vendor",
    ),
    "control": DataSet(
        "qa_control_chart",
        {
            **WEEK,
            **_plain("vendor", "scope", "measure", "is_partial", "evaluations", "signal", "note"),
            "name": "scope_name",
            **_figures("value", "interval_low", "interval_high", "centre", "limit_low", "limit_high"),
        },
        "order by vendor, scope, scope_name, measure, week",
    ),
    "months": DataSet(
        "qa_monthly_change",
        {
            **_plain("vendor", "measure", "is_partial", "evaluations", "evaluations_before", "note"),
            "month": "cast(month as text)",
            **_figures("value", "value_before", "change", "change_low", "change_high", "within_teams", "mix_of_teams"),
            **_figures("by_auto_fails", "by_other_scores"),
        },
        "order by month desc, vendor, measure",
    ),
    "pareto": DataSet(
        "qa_question_failures",
        {
            **_plain("vendor", "question_key", "failures"),
            "n": "answers",
            "team": "team_name",
            "scorecard": "scorecard_name",
            "section": "section_name",
            "question": "question_text",
        },
        "order by vendor, question_text, question_key, team_name",
    ),
    "agreement": DataSet(
        "qa_agreement",
        {
            **_plain("vendor", "interactions", "evaluators", "units", "note"),
            "scorecard": "scorecard_name",
            "verdict": "ac1_verdict",
            **_figures("agreement_percent", "chance_percent"),
            **_figures(
                *(name + bound for name in ("ac1", "ac2", "alpha") for bound in ("", "_low", "_high")), digits=2
            ),
        },
        "order by vendor, scorecard_key is null, scorecard_name",
    ),
    "alignment": DataSet(
        "qa_evaluator_alignment",
        {
            **_plain("vendor", "interactions", "note"),
            "evaluator": "PERSON(evaluator_key)",
            **_figures("agreement_percent", "agreement_low", "agreement_high", "bias", "limit_low", "limit_high"),
        },
        "order by vendor, bias desc nulls last, evaluator_key",
    ),
    "leniency": DataSet(
        "qa_evaluator_leniency",
        {
            **_plain("vendor", "evaluations", "linked_evaluations", "linked_agents", "is_comparable", "note"),
            "evaluator": "PERSON(evaluator_key)",
            "circle": "dense_rank() over (partition by vendor order by evaluator_group)",
            **_figures("leniency", "given"),
            "low": _rounded("leniency - 1.96 * standard_error"),
            "high": _rounded("leniency + 1.96 * standard_error"),
        },
        "order by vendor, leniency desc nulls last, evaluator_key",
    ),
    "standing": DataSet(
        "qa_agent_standing",
        {
            **_plain("vendor", "evaluations", "standing", "evaluations_for_rank", "note"),
            "place": "rank_of_vendor",
            "team": "team_name",
            "agent": "PERSON(agent_key)",
            **_figures("quality_score", "quality_score_low", "quality_score_high", "team_quality_score"),
            **_figures("pass_rate", "pass_rate_low", "pass_rate_high"),
        },
        "order by vendor, quality_score desc, agent_key",
    ),
    "coverage": DataSet(
        "qa_coverage_weekly",
        {
            **WEEK,
            **_plain("vendor"),
            "team": "team_name",
            "agents": "count(*)",
            "without": "count(case when evaluations = 0 then 1 end)",
            "evaluations": "sum(evaluations)",
        },
        "group by week, vendor, team_name order by week, vendor, team_name",
    ),
    "written": DataSet(
        "qa_wellbeing",
        {
            **_plain("measure"),
            "recorded": "cast(cast(recorded_at as date) as text)",
            "value": _rounded("value_number", 2),
        },
        "where is_written_back order by recorded_at desc, measure limit 100",
    ),
}
