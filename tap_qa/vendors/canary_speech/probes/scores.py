"""What a score of Canary Speech looks like, and how late it comes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tap_qa.probes.answers import Answer, Suggestion, answered, undecided
from tap_qa.probes.asked import get
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import EvidenceValue, Shape, duration, kind, known
from tap_qa.vendors.canary_speech.probes.queries import (
    OF_ASSESSMENT,
    QUERY,
    ROWS,
    V3_SCORES,
    first_assessment,
    instant,
    new_scores_of,
    recent_scores,
    scores_of,
)

if TYPE_CHECKING:
    from tap_qa.probes.account import Account

_FIELDS = {
    "v2": ("uuid", "assessmentUUIDs", "dateRecorded", "scoreId", "scoreType", "scoreData", "extraData"),
    "v3": ("code", "timestamp", "source", "type", "data"),
}
_POLL = get("v3/api/assessment/poll", "assessmentId")
_STATUSES = ("created", "pending", "processing", "completed", "failed")


def _fields(account: Account) -> Answer:
    queried, assessment = recent_scores(account), first_assessment(account)
    found: dict[str, list[dict[str, Any]]] = {
        "v2": queried.rows(*ROWS) if queried is not None else [],
        "v3": new_scores_of(account, assessment).rows(*ROWS) if assessment else [],
    }
    seen: dict[str, EvidenceValue] = {}
    others = False
    for version, rows in found.items():
        if rows:
            names = account.names({name for row in rows for name in row}, _FIELDS[version])
            others = others or names["unknown"] != "0"
            seen |= {f"{version}_{name}": value for name, value in names.items()}
            seen[f"{version}_data"] = tuple(sorted({kind(_datum(row)) for row in rows}))
    if not seen:
        return undecided("a subject or an assessment with scores in the settings")
    return answered("other" if others else "known", **seen)


def _datum(row: dict[str, Any]) -> object:
    data = row.get("scoreData", row.get("data"))
    return (
        next((data[name] for name in ("value", "result", "data") if name in data), None)
        if isinstance(data, dict)
        else data
    )


def _delay(account: Account) -> Answer:
    assessment = first_assessment(account)
    if not assessment:
        return undecided("an assessment in the settings")
    reply = account.get(_POLL.path, assessmentId=assessment)
    created, changed = (instant(reply.fields.get(name)) for name in ("createdAt", "lastChangedAt"))
    rows = [*new_scores_of(account, assessment).rows(*ROWS), *scores_of(account, assessment).rows(*ROWS)]
    stamps = [found for row in rows if (found := instant(row.get("timestamp"))) is not None]
    if created is None or not (changed or stamps):
        return undecided("an assessment whose scores tell when they were made")
    latest = max([*stamps, *([changed] if changed else [])])
    seen: dict[str, EvidenceValue] = {
        "changed_after": duration(changed - created) if changed else Shape("not told"),
        "scored_after": duration(max(stamps) - created) if stamps else Shape("not told"),
        "status": known([reply.fields.get("status")], _STATUSES),
    }
    if latest - created <= timedelta(days=account.config["lookback_days"]):
        return answered("within_lookback", **seen)
    days = (latest - created).days + 1
    return answered("beyond_lookback", Suggestion("canary_speech.lookback_days", f"{days} or more"), **seen)


PROBES = (
    Probe(
        "K2",
        "shape",
        "fields of a score",
        {"known": "all fields are known", "other": "there are fields that no document names"},
        "unknown fields go to _unmapped",
        (QUERY, V3_SCORES),
        2,
        _fields,
    ),
    Probe(
        "K12",
        "limits",
        "delay of a score",
        {
            "within_lookback": "last change after: {changed_after}; last score after: {scored_after}",
            "beyond_lookback": "last change after: {changed_after}; the look-back is shorter",
        },
        "a look-back of 30 days",
        (_POLL, V3_SCORES, OF_ASSESSMENT),
        3,
        _delay,
    ),
)
