"""A vendor's time, learnt from the `Date` headers of its responses, beside this machine's."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from tap_qa.http.backoff import http_date
from tap_qa.records.timestamps import zulu

if TYPE_CHECKING:
    from tap_qa.runtime.clock import Clock

logger = logging.getLogger("tap-qa.clock")
SKEW_WARNING = timedelta(minutes=1)
LARGE_SKEW = timedelta(days=1)
MAX_AHEAD = timedelta(days=366)
"""A clock that is further ahead is taken for wrong: there would be too many windows up to its time."""

_EARLIEST = datetime(1970, 1, 1, tzinfo=timezone.utc)
_THIS_CODE_IS_FROM = datetime(2026, 1, 1, tzinfo=timezone.utc)
"""A machine whose clock shows an earlier time is wrong itself."""


class ServerClock:
    """Gives the vendor's time; this machine's until the vendor's first response."""

    def __init__(self, vendor: str, clock: Clock) -> None:
        """Prepare for one vendor and one run."""
        self._vendor = vendor
        self._clock = clock
        self._offset: timedelta | None = None
        self._run_start: tuple[datetime, datetime] | None = None

    @property
    def is_known(self) -> bool:
        """Whether a response of the vendor gave its time."""
        return self._offset is not None

    def observe(self, date_header: str | None) -> None:
        """Take in the `Date` header of a response; the first readable one decides for the whole run."""
        if self._offset is not None:
            return
        date = http_date(date_header)
        if date is None or date < _EARLIEST:
            return
        here = self._clock.now()
        skew = date - here
        is_plausible = skew <= MAX_AHEAD or here < _THIS_CODE_IS_FROM
        self._offset = skew if is_plausible else timedelta()
        whole = here.replace(microsecond=0)  # as precise as a `Date` is, so that bookmarks have one form
        self._run_start = (whole, date if is_plausible else whole)
        if abs(skew) > LARGE_SKEW:
            logger.warning(
                "%s: its clock shows %s, this machine's clock %s. No bookmark passes the earlier one, and %s.",
                self._vendor,
                zulu(date),
                zulu(here.replace(microsecond=0)),
                "all up to the later one is read" if is_plausible else "the vendor's is taken for wrong",
            )
        elif abs(skew) > SKEW_WARNING:
            logger.warning(
                "%s: this machine's clock is %.0f s %s the vendor's.",
                self._vendor,
                abs(skew).total_seconds(),
                "behind" if skew > timedelta() else "ahead of",
            )

    def now(self) -> datetime:
        """Return the vendor's time, in UTC."""
        now = self._clock.now()
        return now if self._offset is None else now + self._offset

    def run_start(self) -> tuple[datetime, datetime]:
        """Return the time at the vendor's first response, by the earlier and by the later of both clocks."""
        here, there = self._run_start or (self._clock.now().replace(microsecond=0),) * 2
        return min(here, there), max(here, there)
