"""In which zone an instance of Scorebuddy writes its timestamps."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tap_qa.probes.answers import Answer, Suggestion, answered, undecided
from tap_qa.probes.asked import get, objects
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import EvidenceValue, Shape, date_form, duration, offset, quarters
from tap_qa.vendors.scorebuddy.probes.queries import SCORE_PAGE, SCORES, edited

if TYPE_CHECKING:
    from tap_qa.probes.account import Account

_QUARTER = timedelta(minutes=15)
_AHEAD, _BEHIND = timedelta(hours=14), timedelta(hours=12)
_SECOND = timedelta(seconds=1)
_MAX_STEPS = 6
_WATCH_SECONDS, _LOOK_EVERY_SECONDS = 600, 15


def _newest(account: Account, low: datetime, high: datetime, steps: int = _MAX_STEPS) -> datetime | None:
    """Return the newest stamp between two, read as UTC: what is behind the newest row seen is asked for again.

    Rows of another time count for nothing: they come where the filter is ignored.
    """
    newest = None
    for _ in range(steps):
        rows = account.get("scores", limit=SCORE_PAGE, **edited(low, high)).rows("scores")
        stamps = [found for row in rows if low <= (found := _instant(row["last_edit_date"])) <= high]
        if not stamps:
            break
        newest = max(stamps)
        low = newest + _SECOND
    return newest


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("T", " ")[:19]).replace(tzinfo=timezone.utc)


def _zone(account: Account) -> Answer:
    """Rows dated in the future are possible only in a zone ahead of UTC."""
    now = account.now()
    integration = _integration(account)
    newest = _newest(account, now + _QUARTER, now + _AHEAD)
    if newest is not None:
        return _reading(account, quarters(newest - now), **integration)
    if _newest(account, now - _QUARTER, now + _QUARTER, steps=1) is not None:
        return _reading(account, 0, **integration)
    return undecided("a score edited within the last quarter of an hour", **integration)


def _integration(account: Account) -> dict[str, EvidenceValue]:
    found = account.get("integrations", limit=1)
    text = next((row.get("created_at") for row in objects(found.fields.get("integrations"))), None)
    return {} if text is None else {"integrations_created_at": date_form(text)}


def _watch(account: Account) -> Answer:
    """Watch one edit show: its stamp against the time of the edit is the zone, wherever that is."""
    started = account.now()
    before = _newest(account, started - _BEHIND, started + _AHEAD)
    account.ask_user("Edit one score in Scorebuddy")
    edited_at = account.now()
    low = started - _BEHIND - _QUARTER if before is None else before + _SECOND
    while (waited := account.now() - edited_at).total_seconds() < _WATCH_SECONDS:
        newest = _newest(account, low, account.now() + _AHEAD)
        if newest is not None:
            return _reading(account, quarters(newest - edited_at), shown_after=duration(waited))
        account.wait(_LOOK_EVERY_SECONDS, "the edited score to show")
    return undecided("an edit that shows within ten minutes")


def _reading(account: Account, ahead: int, **seen: EvidenceValue) -> Answer:
    zone = ZoneInfo(account.config.get("timezone") or "UTC")
    there = account.now().astimezone(zone).utcoffset() or timedelta()
    value = "the zone of the instance" + (", as Europe/Dublin" if ahead == 4 else "")  # noqa: PLR2004 - quarters
    advice = Suggestion("scorebuddy.timezone", value) if quarters(there) != ahead else None
    reading = "utc" if not ahead else "ahead_of_utc" if ahead > 0 else "behind_utc"
    return answered(
        reading, advice, offset=offset(ahead), configured=Shape("as configured" if not advice else "other"), **seen
    )


PROBES = (
    Probe(
        "S2",
        "access",
        "zone of timestamps",
        {
            "ahead_of_utc": "timestamps are ahead of UTC: {offset}",
            "utc": "timestamps are in UTC",
            "behind_utc": "timestamps are behind UTC: {offset}",
        },
        "UTC, and 14 hours more at both ends of each window while scorebuddy.timezone is not set",
        (SCORES, get("integrations", "limit")),
        8,
        _zone,
        _watch,
    ),
)
