"""What a project of Canary Speech can tell about itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tap_qa.probes.answers import Answer, Suggestion, answered, band, known_names, refused, undecided
from tap_qa.probes.probe import Account, Probe, get
from tap_qa.records.timestamps import zulu

if TYPE_CHECKING:
    from tap_qa.probes.probe import Reply

QUERY = "v2/data/query-subject-scores/{}"
OF_ASSESSMENT = "v2/org/assessment/{}/get-scores"
V3_SCORES = "v3/api/list-scores"
NOBODY = "00000000-0000-4000-8000-000000000000"
CAP = 100
_FIELDS = ("uuid", "UUID", "subjectId", "surveyId", "dateRecorded", "scoreId", "scoreType", "scoreData", "extraData")
_ENOUGH_ROWS = 2


def _token(account: Account) -> Answer:
    reply = account.get(OF_ASSESSMENT.format(NOBODY))
    if reply.status in {401, 403}:
        return refused("the API key", status=reply.status)
    keys = known_names(list(reply.body) if isinstance(reply.body, dict) else [], ("error", "message", "code", "scores"))
    return answered("accepted", status=reply.status, keys=keys)


def _query(account: Account, days: int) -> Reply | None:
    """Return the scores of the first configured subject; None if none is configured."""
    subjects = account.config.get("subjects") or []
    if not subjects:
        return None
    now = account.now()
    return account.get(
        QUERY.format(quote(str(subjects[0]["subject_id"]), safe="")),
        surveyId=str(subjects[0]["survey_id"]),
        start=zulu(now - timedelta(days=days)),
        end=zulu(now),
    )


def _version(account: Account) -> Answer:
    """A project of version 3 answers version 2's queries with nothing, which looks like no scores."""
    old = _query(account, 90)
    assessments = [str(found) for found in account.config.get("assessment_ids") or []]
    older = account.get(OF_ASSESSMENT.format(quote(assessments[0], safe=""))) if assessments else None
    newer = account.get(V3_SCORES, assessmentId=assessments[0]) if assessments else None
    in_v2 = sum(len(reply.rows("scores")) for reply in (old, older) if reply is not None)
    in_v3 = len(newer.rows("scores", "data", "items")) if newer is not None else 0
    seen = {"v2_rows": band(in_v2), "v3_rows": band(in_v3)}
    if in_v3 and not in_v2:
        return answered("v3 only", Suggestion("canary_speech", "read the streams of version 3"), **seen)
    if in_v2:
        return answered("v2 and v3" if in_v3 else "v2", None, **seen)
    return undecided("a subject or an assessment with scores in the settings", **seen)


def _fields(account: Account) -> Answer:
    reply = _query(account, 90)
    rows = reply.rows("scores") if reply is not None else []
    if not rows:
        return undecided("a subject with scores in the settings")
    names = {name for row in rows for name in row}
    kinds = sorted(
        {type(row["scoreData"].get("value")).__name__ for row in rows if isinstance(row.get("scoreData"), dict)}
    )
    return answered(
        "fields", fields=known_names(list(names), _FIELDS), unknown=band(len(names - set(_FIELDS))), kinds=kinds
    )


def _cap(account: Account) -> Answer:
    reply = _query(account, 730)
    rows = reply.rows("scores") if reply is not None else []
    dates = [found for row in rows if (found := _instant(row.get("dateRecorded"))) is not None]
    if len(rows) < _ENOUGH_ROWS or not dates:
        return undecided("a subject with many scores in the settings", rows=band(len(rows)))
    subject = (account.config["subjects"])[0]
    behind = account.get(
        QUERY.format(quote(str(subject["subject_id"]), safe="")),
        surveyId=str(subject["survey_id"]),
        start=zulu(max(dates) + timedelta(seconds=1)),
        end=zulu(account.now()),
    )
    if not behind.rows("scores"):
        return undecided("a subject with more scores than one answer holds", rows=band(len(rows)))
    if len(rows) < CAP:
        return answered("less than 100 rows an answer", Suggestion("canary_speech", "report it: rows are lost"))
    return answered("100 rows an answer")


def _instant(value: Any) -> datetime | None:  # noqa: ANN401 - JSON
    try:
        return datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None


_V2_QUERY = get(QUERY, "surveyId", "start", "end")
PROBES = (
    Probe("KA1", "access", "API key", (get(OF_ASSESSMENT),), _token, is_gate=True),
    Probe(
        "K9",
        "access",
        "version of the project",
        (_V2_QUERY, get(OF_ASSESSMENT), get(V3_SCORES, "assessmentId")),
        _version,
    ),
    Probe("K2", "shape", "fields of a score", (_V2_QUERY,), _fields),
    Probe("K13", "paging", "rows an answer", (_V2_QUERY,), _cap),
)
