"""Queries that several of Canary Speech's probes share."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import quote

from tap_qa.probes.asked import Reply, get, post
from tap_qa.records.timestamps import zulu

if TYPE_CHECKING:
    from tap_qa.http.request import Param
    from tap_qa.probes.account import Account

TOKEN = post("v3/auth/tokens/get")
_QUERY = "v2/data/query-subject-scores/{}"
_OF_ASSESSMENT = "v2/org/assessment/{}/get-scores"
QUERY, OF_ASSESSMENT = get(_QUERY, "surveyId", "start", "end"), get(_OF_ASSESSMENT)
V3_SCORES = get("v3/api/list-scores", "assessmentId")
NOBODY = "00000000-0000-4000-8000-000000000000"
QUARTER, TWO_YEARS = timedelta(days=90), timedelta(days=730)
ROWS = ("scores", "data", "items")


def query(account: Account, start: datetime | None, end: datetime, *, survey: bool = True) -> Reply | None:
    """Return the scores of the first configured subject; None if none is configured."""
    subjects = account.config.get("subjects") or []
    if not subjects:
        return None
    params: dict[str, Param] = {"end": zulu(end)}
    if start is not None:
        params["start"] = zulu(start)
    if survey:
        params["surveyId"] = str(subjects[0]["survey_id"])
    return account.get(_QUERY.format(quote(str(subjects[0]["subject_id"]), safe="")), **params)


def recent_scores(account: Account) -> Reply | None:
    """Return the first subject's scores of the last 90 days."""
    return account.once("scores", lambda: query(account, account.now() - QUARTER, account.now()))


def scores_of(account: Account, assessment: str) -> Reply:
    """Return the scores of an assessment, by version 2."""
    name = f"assessment {assessment}"
    return account.once(name, lambda: account.get(_OF_ASSESSMENT.format(quote(assessment, safe=""))))


def new_scores_of(account: Account, assessment: str) -> Reply:
    """Return the scores of an assessment, by version 3."""
    return account.once(f"new {assessment}", lambda: account.get(V3_SCORES.path, assessmentId=assessment))


def first_assessment(account: Account) -> str:
    """Return the first configured assessment; an empty text if there is none."""
    return next((str(found) for found in account.config.get("assessment_ids") or []), "")


def instant(value: object) -> datetime | None:
    """Return an instant; None if it is none."""
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
