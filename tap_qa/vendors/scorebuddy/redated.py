"""Scores whose `score_date` is new although their last edit lies before all that a run reads by last edit.

The vendor's own sample is one: dated 2024-05-01, last edited 2022-07-13. `/scores` filters by both dates, so each
window of a run also asks for what is dated within it and was last edited before the run's date range.
`/export/questions` has no filter by score date, so the last edits found lead to its rows.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tap_qa.records.convert import InvalidValueError, to_date
from tap_qa.state.windows import DAY, SECOND
from tap_qa.vendors.scorebuddy.settings import TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tap_qa.state.windows import Window

logger = logging.getLogger("tap-qa.scorebuddy")
LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001 - local, as filters are
NEIGHBOURS = timedelta(hours=1)
"""Last edits that are no further apart are asked for together."""


@dataclass
class Redated:
    """What a run found out about such scores."""

    edits: dict[tuple[Window, datetime], list[Any]] = field(default_factory=dict)
    """The last edits found, as the vendor wrote them, by window and start of the date range."""

    can_be_found: bool = True

    def give_up(self, reason: str) -> None:
        """Stop looking for them, and log it once."""
        if self.can_be_found:
            self.can_be_found = False
            logger.warning(
                "%s: %s, so evaluations that got a new date without an edit are not found.",
                TITLE,
                reason,
            )


def date_filters(start: datetime, end: datetime, before: datetime) -> Iterator[dict[str, str]]:
    """Yield the filters for what is dated from `start` to `end`, but was last edited `before`; all local times.

    On the day of `before`, scores that were made earlier that day are none of these: they were last edited when dated.
    """
    midnight = before.replace(hour=0, minute=0, second=0)
    if start < midnight + DAY:
        yield _date_filter(start, min(start, end), midnight - SECOND)
        start = midnight + DAY
    if start.date() <= end.date():
        yield _date_filter(start, end, before)


def _date_filter(start: datetime, end: datetime, before: datetime) -> dict[str, str]:
    return {
        "from_score_date": date_text(start),
        "to_score_date": date_text(end),
        "from_last_edit_date": timestamp_text(LONG_AGO),
        "to_last_edit_date": timestamp_text(before),
    }


def date_text(local: datetime) -> str:
    """Write a date as filters by day take it."""
    return local.date().isoformat()


def timestamp_text(local: datetime) -> str:
    """Write a local time as filters take it."""
    return local.isoformat(" ")


def are_dated_within(rows: Iterable[dict[str, Any]], dates: Mapping[str, str]) -> bool:
    """Return whether each row has a score date that the filter lets through; if not, it was ignored."""
    return all(dates["from_score_date"] <= _score_date(row) <= dates["to_score_date"] for row in rows)


def _score_date(row: dict[str, Any]) -> str:
    try:
        return to_date(row.get("score_date") or "") or ""
    except InvalidValueError:
        return ""


def clusters(instants: Iterable[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """Yield first and last of instants that lie close to each other, oldest first."""
    first = last = None
    for instant in sorted(set(instants)):
        if first is None or last is None:
            first = last = instant
        elif instant - last <= NEIGHBOURS:
            last = instant
        else:
            yield first, last
            first = last = instant
    if first is not None and last is not None:
        yield first, last
