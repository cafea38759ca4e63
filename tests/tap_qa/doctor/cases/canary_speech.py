"""What projects of Canary Speech can be like."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tap_qa.vendors.canary_speech.probes.queries import NOBODY
from tests.tap_qa.doctor.cases.case import REFUSED, TO_DO, UNDECIDED, UNREACHABLE, Case, change, reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.vendors.canary_speech import CanarySpeech

NOTHING_CONFIGURED: dict[str, list[str]] = {"subjects": [], "assessment_ids": []}


def switches(**values: Any) -> Callable[[CanarySpeech], None]:  # noqa: ANN401 - switches
    """Set switches."""

    def arrange(vendor: CanarySpeech) -> None:
        assert all(hasattr(vendor, name) for name in values)
        for name, value in values.items():
            setattr(vendor, name, value)

    return arrange


def the_same_rows_always(vendor: CanarySpeech) -> None:
    """Ignore the bounds of a query."""
    stamps = [f"2026-06-0{day}T12:00:00Z" for day in range(1, 7)]
    reply(vendor, 200, "query-subject-scores", {"scores": [{"dateRecorded": stamp} for stamp in stamps]})


def another_field(vendor: CanarySpeech) -> None:
    change(vendor, "query-subject-scores", lambda body: [row.update(wellness=1) for row in body["scores"]] and None)


CASES: tuple[Case[CanarySpeech], ...] = (
    Case(
        "KA1",
        "accepted",
        evidence={"lifetime": "60 min", "identities": ["clientId one", "projectId all", "subjectId all"]},
    ),
    Case("KA1", REFUSED, config={"api_key": "wrong"}, status=UNREACHABLE),
    Case("KA1", REFUSED, lambda vendor: reply(vendor, 403, "get-scores"), status=UNREACHABLE),
    Case("KA1", "accepted", lambda vendor: reply(vendor, 500, f"{NOBODY}/get-scores")),
    Case("K9", "v2"),
    Case("K9", "v3", switches(version_3="empty"), status=TO_DO),
    Case("K9", "v3", switches(version_3="unknown"), status=TO_DO),
    Case("K9", "both", switches(version_3="both")),
    Case("K9", UNDECIDED, config=NOTHING_CONFIGURED),
    Case("K9", UNDECIDED, config={"assessment_ids": ["nobody"], "subjects": []}),
    Case("K13", "100"),
    Case("K13", "fewer_than_100", switches(most_scores=40)),
    Case("K13", "fewer_than_10", switches(most_scores=5)),
    Case("K13", "more_than_100", switches(most_scores=1_000)),
    Case("K13", UNDECIDED, config=NOTHING_CONFIGURED),
    Case("K13", UNDECIDED, lambda vendor: vendor.dataset.project.scores.__delitem__(slice(60, None))),
    Case("K2b", "both", evidence={"without_survey": "refused with 400", "without_start": "rows"}),
    Case("K2b", "start", switches(end_inclusive=False)),
    Case("K2b", "end", switches(start_inclusive=False)),
    Case("K2b", "neither", switches(start_inclusive=False, end_inclusive=False)),
    Case("K2b", UNDECIDED, config=NOTHING_CONFIGURED),
    Case("K2b", UNDECIDED, the_same_rows_always),
    Case("K13", UNDECIDED, the_same_rows_always),
    Case("K2", "known", evidence={"v2_unknown": "0"}),
    Case("K2", "known", switches(version_3="empty"), evidence={"v3_unknown": "0"}),
    Case("K2", "other", another_field, evidence={"v2_unknown": "1"}),
    Case("K2", UNDECIDED, config=NOTHING_CONFIGURED),
    Case("K12", "within_lookback"),
    Case("K12", "beyond_lookback", switches(computed_after=timedelta(days=45)), status=TO_DO),
    Case(
        "K12", "beyond_lookback", switches(computed_after=timedelta(days=4)), config={"lookback_days": 2}, status=TO_DO
    ),
    Case("K12", UNDECIDED, config=NOTHING_CONFIGURED),
    Case("K12", UNDECIDED, lambda vendor: reply(vendor, 404, "assessment/poll")),
)
