"""The figures of the page: what each is about, which filters it follows, its table's columns and its picture.

The script works out the rows of a figure by its id; see `assets/figures.js`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import vl_convert

from qa_report import specs

if TYPE_CHECKING:
    from collections.abc import Iterable

VENDORS = {"scorebuddy": "Scorebuddy", "maestroqa": "MaestroQA", "cxone": "NICE CXone"}
FILTERS = {"vendor": "Vendor", "team": "Team", "scorecard": "Scorecard"}


@dataclass(frozen=True)
class Figure:
    """One figure: a picture with a table beside it, or a table alone.

    Attributes:
        id: As the script knows it; with a vendor, it is followed by a hyphen and that.
        section: The heading it stands under.
        title: What it shows.
        about: How to read it.
        data: The data set it is made of.
        follows: The filters that its rows follow; of others, the picture says that it doesn't.
        columns: Its table, title by field.
        spec: Its picture.
        vendor: The only vendor that it is about.
    """

    id: str
    section: str
    title: str
    about: str
    data: str
    follows: tuple[str, ...]
    columns: dict[str, str]
    spec: dict[str, Any] | None = None
    vendor: str | None = None

    def for_script(self) -> dict[str, Any]:
        """Return what the script needs of it."""
        given = {name: value for name, value in asdict(self).items() if name not in {"section", "about"}}
        # Compiled here, so that the browser has less to do, and no warnings to show.
        return {**given, "spec": self.spec and vl_convert.vegalite_to_vega(self.spec, vl_version=specs.VEGA_LITE)}


ALL = tuple(FILTERS)
INTERVAL = {"low": "from", "high": "to"}

TREND = "Quality over time"
QUESTIONS = "Questions"
EVALUATORS = "Evaluators: calibration and leniency"
AGENTS = "Agents: standing, disputes, coverage"
BACK = "Written back"


def figures(vendors: Iterable[str]) -> list[Figure]:
    """Return all figures for these vendors, in the page's order."""
    return [*_trend(vendors), *_questions(), *_evaluators(), *_agents(), *_written_back()]


def _trend(vendors: Iterable[str]) -> list[Figure]:
    by_week = {"series": "Of", "week": "Week from", "value": "Percent", "n": "Evaluations"}
    control = {"week": "Week from", "value": "Percent", "interval_low": "from", "interval_high": "to"}
    limits = {"centre": "Centre", "limit_low": "Limit from", "limit_high": "to", "signal": "Signal"}
    change = {
        "value": "Percent",
        "evaluations": "Evaluations",
        "value_before": "Before",
        "evaluations_before": "Evaluations before",
        "change": "Change",
        "change_low": "from",
        "change_high": "to",
    }
    parts = {"within_teams": "Within teams", "mix_of_teams": "By their mix", "by_auto_fails": "By auto-fails"}
    return [
        Figure(
            "weeks",
            TREND,
            "by week",
            "A hollow point is a week that is not over.",
            "weekly",
            ALL,
            by_week,
            specs.lines("percent"),
        ),
        Figure(
            "groups",
            TREND,
            "over all weeks",
            "Shares have bars, their 95 % intervals: where two overlap, the order may be chance.",
            "weekly",
            ALL,
            {"label": "Of", "value": "Percent", **INTERVAL, "n": "Evaluations"},
            specs.dots("percent"),
        ),
        *(
            Figure(
                "control",
                TREND,
                f"Is a week unlike the others? {VENDORS.get(vendor, vendor)}",
                "Grey bars are 95 % intervals, dashed lines the limits of usual weeks; a diamond is a signal. "
                "The quality score is of what did not auto-fail.",
                "control",
                ALL,
                {**control, "evaluations": "Evaluations", **limits},
                specs.control(),
                vendor,
            )
            for vendor in vendors
        ),
        Figure(
            "months",
            TREND,
            "What moved since the month before",
            "The change is what moved within the teams, plus what came of teams doing another share of the work.",
            "months",
            ("vendor",),
            {"month": "Month", "of": "Of", **change, **parts, "by_other_scores": "By other scores", "note": "Note"},
        ),
    ]


def _questions() -> list[Figure]:
    rate = {"failure_rate": "Failed, percent", "failure_rate_low": "from", "failure_rate_high": "to"}
    return [
        Figure(
            "pareto",
            QUESTIONS,
            "Questions failed most",
            "How often a question got 0 of its points, with the percent of its answers.",
            "pareto",
            ALL,
            {
                "question": "Question",
                "scorecard": "Scorecard",
                "failures": "Failures",
                "n": "Answers",
                **rate,
                "share": "Of all failures so far, percent",
            },
            specs.bars("failures"),
        ),
    ]


def _evaluators() -> list[Figure]:
    agreement = {
        "ac1": "AC1",
        "low": "from",
        "high": "to",
        "verdict": "Verdict",
        "agreement_percent": "Agreement, percent",
        "chance_percent": "By chance, percent",
        "ac2": "AC2",
        "ac2_low": "from",
        "ac2_high": "to",
        "alpha": "Alpha",
        "alpha_low": "from",
        "alpha_high": "to",
    }
    counts = {"interactions": "Interactions", "evaluators": "Evaluators", "units": "Answers"}
    return [
        Figure(
            "agreement",
            EVALUATORS,
            "Calibration: do evaluators agree?",
            "The dot is AC1, agreement beyond chance: 1 is full, 0 is chance. The bar is its 95 % interval: "
            "judge by the left end, from 0.8 on reliable, from 0.667 on tentative. "
            "AC2 counts near points in part, alpha compares scores.",
            "agreement",
            ("vendor", "scorecard"),
            {"label": "Scorecard", **agreement, **counts},
            specs.dots("AC1"),
        ),
        Figure(
            "alignment",
            EVALUATORS,
            "Calibration: points above the final grade",
            "The dot is an evaluator's mean difference from final grades that somebody else gave, "
            "the bar where 95 % of the differences lie.",
            "alignment",
            ("vendor",),
            {
                "label": "Evaluator",
                "bias": "Points",
                "limit_low": "from",
                "limit_high": "to",
                "agreement_percent": "Same answers, percent",
                "interactions": "Interactions",
            },
            specs.dots("points", zero=True),
        ),
        Figure(
            "leniency",
            EVALUATORS,
            "Leniency: points above other evaluators of the same agents",
            "Right of 0 is lenient; the bar is the 95 % interval. Compare only evaluators of one circle "
            "(see the table): they share agents.",
            "leniency",
            ("vendor",),
            {
                "label": "Evaluator",
                "leniency": "Points",
                **INTERVAL,
                "circle": "Circle",
                "linked_evaluations": "Evaluations compared",
                "linked_agents": "Agents",
            },
            specs.dots("points", zero=True),
        ),
    ]


def _agents() -> list[Figure]:
    by_week = {"series": "Of", "week": "Week from", "value": "Percent", "n": "Evaluations"}
    return [
        Figure(
            "standing",
            AGENTS,
            "Agents beside their teams",
            "The dot is an agent's mean score, the bar its 95 % interval, the tick the team's mean.",
            "standing",
            ("vendor", "team"),
            {
                "label": "Agent",
                "team": "Team",
                "quality_score": "Score, percent",
                "quality_score_low": "from",
                "quality_score_high": "to",
                "evaluations": "Evaluations",
                "standing": "Beside the team",
                "place": "Rank",
            },
            specs.dots("percent", mark="the team"),
        ),
        Figure(
            "disputes",
            AGENTS,
            "Disputed by week",
            "Percent of evaluations that the agent disputed. Disputes come late: the newest weeks are not final.",
            "weekly",
            ALL,
            by_week,
            specs.lines("percent"),
        ),
        Figure(
            "coverage",
            AGENTS,
            "Agents evaluated in a week",
            "Percent of the agents, from the first to the last week of each, in the team of their newest evaluation.",
            "coverage",
            ("vendor", "team"),
            {
                "series": "Of",
                "week": "Week from",
                "value": "Percent",
                "agents": "Agents",
                "without": "Not evaluated",
                "n": "Evaluations",
            },
            specs.lines("percent"),
        ),
    ]


def _written_back() -> list[Figure]:
    return [
        Figure(
            "written",
            BACK,
            "Scores that target-qa wrote to Canary Speech",
            "The newest hundred, as the tap read them again.",
            "written",
            (),
            {"recorded": "Day", "measure": "Measure", "value": "Value"},
        ),
    ]
