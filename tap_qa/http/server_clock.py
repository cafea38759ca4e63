"""A vendor's time, learnt from the `Date` headers of its responses."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tap_qa.http.backoff import http_date

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from tap_qa.runtime.clock import Clock

logger = logging.getLogger("tap-qa.clock")
SKEW_WARNING_SECONDS = 60


class ServerClock:
    """Tells the vendor's time; this machine's until the vendor has answered once."""

    def __init__(self, vendor: str, clock: Clock) -> None:
        """Prepare for one vendor and one run."""
        self._vendor = vendor
        self._clock = clock
        self._offset: timedelta | None = None
        self._started: datetime | None = None

    @property
    def is_known(self) -> bool:
        """Whether the vendor has answered yet."""
        return self._offset is not None

    def observe(self, date_header: str | None) -> None:
        """Take in the `Date` header of a response; the first readable one decides for the whole run."""
        if self._offset is not None:
            return
        date = http_date(date_header)
        if date is None:
            return
        here = self._clock.now()
        self._offset = date - here
        self._started = date
        skew = self._offset.total_seconds()
        if abs(skew) > SKEW_WARNING_SECONDS:
            logger.warning(
                "%s: this machine's clock is %.0f s %s the vendor's; the vendor's counts.",
                self._vendor,
                abs(skew),
                "behind" if skew > 0 else "ahead of",
            )

    def now(self) -> datetime:
        """Return the vendor's time, in UTC."""
        now = self._clock.now()
        return now if self._offset is None else now + self._offset

    def run_start(self) -> datetime:
        """Return the vendor's time at the start of the run: at its first response."""
        if self._started is None:
            return self._clock.now()
        return self._started
