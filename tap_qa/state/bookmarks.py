"""How far a stream has been read, in the SDK's own shape of state.

    {"bookmarks": {"scorebuddy_scores": {
        "replication_key": "last_edit_date",
        "replication_key_value": "2024-10-12T10:49:54+00:00",
        "backfill": {"start_date": …, "end_date": …, "finished_to": …}}}}

A bookmark is the end of the last window that was read whole. A backfill (a run with `end_date`) leaves it alone and
keeps its own progress beside it, with its bounds.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from tap_qa.errors import StateError
from tap_qa.records.timestamps import TimestampParser

if TYPE_CHECKING:
    from tap_qa.state.windows import Window

logger = logging.getLogger("tap-qa.state")
_read_instant = TimestampParser().instant


def format_timestamp(instant: datetime) -> str:
    """Write an instant for the state: UTC, one format, so that text compares like time."""
    return instant.astimezone(timezone.utc).isoformat()


def validate_state(state: Any) -> dict[str, Any]:  # noqa: ANN401 - this is where it is checked
    """Return a state if it has the SDK's shape.

    Raises:
        StateError: It has not; the message says where.
    """
    if state is None:
        return {}
    do = "Correct the state, or leave it out to read everything from start_date again."
    if not isinstance(state, dict):
        raise StateError("state", "it is not a JSON object.", do)
    if state and "bookmarks" not in state:
        logger.warning("state: it has no bookmarks, so reading starts at start_date.")
    bookmarks = state.get("bookmarks", {})
    if not isinstance(bookmarks, dict):
        raise StateError("state", "its bookmarks are not an object.", do)
    for stream, bookmark in bookmarks.items():
        problem = _problem(bookmark)
        if problem:
            raise StateError("state", problem.format(f"{stream!s:.80}"), do)
    return state


def _problem(bookmark: Any) -> str:  # noqa: ANN401 - this is where it is checked
    """Return what is wrong with the bookmark of the stream `{}`, or an empty text."""
    if not isinstance(bookmark, dict):
        return "the bookmark of {} is not an object."
    backfill = bookmark.get("backfill") or {}
    if not isinstance(backfill, dict):
        return "the backfill of {} is not an object."
    if not _is_sdk_shaped(bookmark):
        return "the bookmark of {} is not as taps write it."
    values = [bookmark.get("replication_key_value"), *backfill.values()]
    if any(value is not None and (not isinstance(value, str) or _read_instant(value) is None) for value in values):
        return "a value in the bookmark of {} is not a date and time."
    return ""


def _is_sdk_shaped(bookmark: dict[str, Any]) -> bool:
    """Return whether the parts that this tap never writes, but the SDK looks at, are of its shape."""
    partitions = bookmark.get("partitions", [])
    parts = [bookmark, *partitions] if isinstance(partitions, list) else [None]
    return all(isinstance(part, dict) and isinstance(part.get("progress_markers", {}), dict) for part in parts)


@dataclass(frozen=True)
class Bookmark:
    """The bookmark of one stream within the state that the SDK holds."""

    stream: str
    replication_key: str
    state: dict[str, Any]
    """The stream's own, writable part of the state."""

    def value(self) -> datetime | None:
        """Return how far the stream has been read, in UTC; None if nowhere, or by another replication key.

        A value without a replication key, as a hand or another tool leaves it, is taken to be by this one.
        """
        if self.state.get("replication_key") not in {None, self.replication_key}:
            return None
        return _read_instant(self.state.get("replication_key_value") or "")

    def warn_if_unusable(self) -> None:
        """Log a value that is ignored, so that all is read again."""
        own = {name for name, value in self.state.items() if value} - {"replication_key", "backfill"}
        if own and self.value() is None:
            logger.warning(
                "%s: its bookmark is not of the replication_key %s, or has no replication_key_value, and is not used; "
                "reading starts at start_date.",
                self.stream,
                self.replication_key,
            )

    def advance(self, end: datetime, *, latest: datetime, horizon: datetime) -> None:
        """Note that all up to `end` was read.

        Args:
            end: The end of a finished window.
            latest: What it moves no further than: the earlier of both clocks at the start of the run, less the lag.
            horizon: What it can't be beyond: the later of both.
        """
        reached = min(end, latest)
        known = self.value()
        if known is not None and known > horizon:
            logger.warning(
                "%s: its bookmark lies in the future and is set back to %s", self.stream, format_timestamp(reached)
            )
        elif known is not None:
            reached = max(reached, known)
        self.state["replication_key"] = self.replication_key
        self.state["replication_key_value"] = format_timestamp(reached)


@dataclass(frozen=True)
class Backfill:
    """A run between two fixed dates, and how far it got."""

    bounds: Window
    state: dict[str, Any]
    """The stream's own, writable part of the state."""

    def start(self) -> datetime:
        """Return where to continue: behind the last completed window, or at the start of a new or finished backfill."""
        progress = self.state.get("backfill") or {}
        mine = {"start_date": format_timestamp(self.bounds.start), "end_date": format_timestamp(self.bounds.end)}
        finished_to = _read_instant(progress.get("finished_to") or "")
        if finished_to is None or any(progress.get(name) != value for name, value in mine.items()):
            return self.bounds.start
        return self.bounds.start if finished_to >= self.bounds.end else max(finished_to, self.bounds.start)

    def advance(self, end: datetime) -> None:
        """Note that all up to `end` was read."""
        self.state["backfill"] = {
            "start_date": format_timestamp(self.bounds.start),
            "end_date": format_timestamp(self.bounds.end),
            "finished_to": format_timestamp(min(end, self.bounds.end)),
        }
