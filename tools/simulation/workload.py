"""What is simulated. The figures here are assumptions; all else is asked of the tap and of the engine's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from tap_qa.http.rate_limit import RateLimit
from tap_qa.state.windows import Window

SPAN = Window(datetime(2023, 1, 2, tzinfo=timezone.utc), datetime(2026, 1, 5, tzinfo=timezone.utc))
WEEK = timedelta(days=7)
"""The engine's partitions."""

RUN_SECONDS = 5.0
"""What a run takes besides its window: the engine's own work, and the start of tap and target; measured."""

ANSWER_SECONDS = 0.3
"""From a request to its response."""

JOB_SECONDS = 60.0
"""Until an export is done."""

ROWS_A_SECOND = 5_000
"""That tap and target take in together; measured."""

UNPUBLISHED_QUOTAS = {"scorebuddy": RateLimit(2_000, 3_600)}
"""Limits that a vendor has and does not publish; its responses tell of them."""


@dataclass(frozen=True)
class AccountSize:
    """Accounts of one size; each has all five vendors."""

    name: str
    accounts: int
    evaluations: int
    """At each vendor, a week."""

    people: int


SIZES = (
    AccountSize("small", 70, 250, 50),
    AccountSize("medium", 25, 1_250, 250),
    AccountSize("large", 5, 10_000, 2_000),
)

ROWS_AN_EVALUATION = {
    "scorebuddy_scores": (1.0, 1_900),
    "scorebuddy_export_questions": (12.0, 1_100),
    "scorebuddy_score_reviews": (0.3, 270),
    "maestroqa_total_scores": (1.0, 920),
    "maestroqa_section_scores": (4.0, 840),
    "maestroqa_individual_answers": (12.0, 970),
    "maestroqa_annotations": (1.5, 900),
    "maestroqa_csat": (0.3, 370),
    "maestroqa_audit_logs": (2.0, 420),
    "cxone_qm_workflows": (1.0, 1_400),
    "cxone_qm_questions": (12.0, 1_300),
}
"""Rows of a stream by evaluation, and bytes of a row as the tap writes it; measured with the sandbox."""

ROWS_A_PERSON = {
    "betterworks_users": (1.0, 510),
    "betterworks_goals": (15.0, 770),
    "canary_speech_scores": (0.5, 480),
}
"""The same by person; of a list that no date cuts, once, else for each window."""


def config(size: AccountSize) -> dict[str, Any]:
    """Return the tap's settings for one account."""
    unused = "x"
    named = [{"subject_id": f"subject-{number}", "survey_id": "survey"} for number in range(size.people // 10)]
    return {
        "start_date": SPAN.start.isoformat(),
        "end_date": SPAN.end.isoformat(),
        "scorebuddy": {
            "url": "https://scorebuddy.invalid/1",
            "client_id": "1",
            "client_secret": unused,
            "timezone": "UTC",
        },
        "maestroqa": {"api_token": unused},
        "cxone": {"access_key_id": unused, "access_key_secret": unused},
        "betterworks": {"api_token": unused},
        "canary_speech": {"url": "https://canary.invalid", "api_key": unused, "subjects": named},
    }
