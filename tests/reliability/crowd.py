"""Trials by the hundred, on all cores."""

from __future__ import annotations

import functools
import logging
import multiprocessing
import os
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

from tap_qa import settings
from tests.reliability.breakages import BREAKAGES
from tests.reliability.trial import Trial

CHUNK = 25
ENOUGH = 500
"""Trials within which every breakage must be noticed."""

SHARE_OF_REPLAYS = 10
"""Every tenth trial goes on from each state that was written."""


@dataclass
class Findings:
    """What some trials found."""

    trials: int = 0
    requests: int = 0
    wrong: dict[int, list[str]] = field(default_factory=dict)
    """What is wrong, by seed."""

    def __add__(self, other: Findings) -> Findings:
        """Put findings together."""
        return Findings(self.trials + other.trials, self.requests + other.requests, {**self.wrong, **other.wrong})


class Crowd:
    """Processes that carry out trials."""

    def __init__(self) -> None:
        """Start as many as there are cores."""
        self._pool = ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn"), _calm)
        self._breakages: dict[str, Future[int | None]] = {}

    def trials(self, vendor: str, count: int, first: int = 0) -> Findings:
        """Carry out many trials of a vendor, one seed each."""
        chunks = [range(start, min(start + CHUNK, first + count)) for start in range(first, first + count, CHUNK)]
        found = [self._pool.submit(_carry_out, vendor, chunk) for chunk in chunks]
        return sum((future.result() for future in found), Findings())

    def first_to_notice(self, breakage: str) -> int | None:
        """Return the first seed whose trial notices a breakage."""
        if not self._breakages:
            self._breakages = {name: self._pool.submit(_look_for, name) for name in BREAKAGES}
        return self._breakages[breakage].result()

    def close(self) -> None:
        """Let the processes go."""
        self._pool.shutdown(cancel_futures=True)


def _calm() -> None:
    """Make a process of the pool quick and quiet."""
    tap = logging.getLogger("tap-qa")
    tap.propagate = False
    tap.addHandler(logging.NullHandler())
    # The tap looks once through the zones on disk, which takes longer than the rest of a short sync.
    settings.available_timezones = functools.cache(settings.available_timezones)  # type: ignore[attr-defined]


def _carry_out(vendor: str, seeds: range) -> Findings:
    found = Findings(len(seeds))
    for seed in seeds:
        trial = Trial(vendor, seed, replays=seed % SHARE_OF_REPLAYS == 0)
        wrong = trial.run()
        found.requests += trial.asked
        if wrong:
            found.wrong[seed] = wrong[:3]
    return found


def _look_for(name: str) -> int | None:
    breakage = BREAKAGES[name]
    with ExitStack() as broken:
        for patch in breakage.patches:
            broken.enter_context(patch())
        return next((seed for seed in range(ENOUGH) if Trial(breakage.vendor, seed).run()), None)
