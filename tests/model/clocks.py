"""Virtual time: the vendor's, and what the machine of the tap takes it for."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

BEGIN = datetime(2026, 6, 15, 6, 0, tzinfo=timezone.utc)


@dataclass
class VendorTime:
    """The vendor's own time, in UTC; it moves when somebody moves it."""

    now: datetime = BEGIN

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by

    @property
    def second(self) -> datetime:
        """The present second, as timestamps show it."""
        return self.now.replace(microsecond=0)

    @property
    def http_date(self) -> str:
        """The present second, as headers show it."""
        return format_datetime(self.second, usegmt=True)


@dataclass
class TapClock:
    """The clock of the tap's machine: the vendor's time, a skew off; sleeping moves both."""

    vendor: VendorTime
    skew: timedelta = timedelta()
    origin: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Start the monotonic seconds."""
        self.origin = self.vendor.now

    def now(self) -> datetime:
        """Return what this machine takes for the instant."""
        return self.vendor.now + self.skew

    def monotonic(self) -> float:
        """Return the seconds since the start."""
        return (self.vendor.now - self.origin).total_seconds()

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        # Up to a whole microsecond, lest a wait for less never ends.
        self.vendor.advance(timedelta(microseconds=math.ceil(max(seconds, 0) * 1e6)))
