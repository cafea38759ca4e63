"""What the tests of CXone share."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from qa_sandbox.vendors.cxone.app import JOBS

if TYPE_CHECKING:
    from qa_sandbox.vendors.cxone import CxOne

WORKFLOWS, QUESTIONS = "cxone_qm_workflows", "cxone_qm_questions"


BOTH = (WORKFLOWS, QUESTIONS)


DAYS = 18


def bodies(tenant: CxOne, *, accepted: bool = True) -> list[dict[str, Any]]:
    """Return what jobs were asked for, by default only those that the tenant took."""
    calls = tenant.request_log.matching(JOBS, method="POST")
    return [json.loads(call.body) for call in calls if not accepted or call.status == 202]


def days_of(body: dict[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(body["startDate"]), date.fromisoformat(body["endDate"])
