"""Time for tests: it moves only when somebody sleeps or a test says so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from typing_extensions import override

from qa_sandbox.clock import SandboxClock
from qa_sandbox.exports.pacing import Pacer

if TYPE_CHECKING:
    from datetime import datetime

    from qa_sandbox.sandbox import Sandbox


class FakeClock(SandboxClock):
    """A frozen clock that serves the tap and the sandbox alike, so that what the tap sleeps passes at the vendor, too.

    Attributes:
        naps: How long each sleep was, in seconds.
    """

    def __init__(self, start: datetime | None = None) -> None:
        """Start at this instant; default the sandbox's own."""
        super().__init__(start, frozen=True)
        self.naps: list[float] = []

    @override
    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        # Rounded up: a sleep of less than a microsecond that passes no time at all would never end a wait.
        self.advance(timedelta(microseconds=math.ceil(max(seconds, 0) * 1_000_000)))

    @property
    def slept(self) -> float:
        """All sleeps together, in seconds."""
        return sum(self.naps)


@dataclass
class SkewedClock:
    """The clock of a machine: off the vendor's by a skew, but going as fast."""

    vendor: SandboxClock
    skew: timedelta

    def now(self) -> datetime:
        """Return what it shows."""
        return self.vendor.now() + self.skew

    def monotonic(self) -> float:
        """Return the seconds that have passed."""
        return self.vendor.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass for both."""
        self.vendor.sleep(seconds)


def pace_by(clock: FakeClock, sandbox: Sandbox) -> None:
    """Let vendors measure a client's pace by this clock, so that nobody has to wait."""
    for vendor in sandbox.vendors.values():
        for value in vars(vendor).values():
            if isinstance(value, Pacer):
                value.clock = clock.monotonic
