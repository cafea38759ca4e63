"""The vendors' clock where the tap runs as a process of its own, and so on the machine's."""

from __future__ import annotations

from datetime import timedelta

from qa_sandbox.clock import SandboxClock, real_now


def machine_clock(*, days_to_pass: int = 0, frozen: bool = True) -> SandboxClock:
    """Return a clock that shows the machine's time once so many days have passed on it.

    A run reads up to the later of both clocks: a vendor of months ago would be asked for months without a row.
    """
    return SandboxClock(real_now().replace(microsecond=0) - timedelta(days=days_to_pass), frozen=frozen)
