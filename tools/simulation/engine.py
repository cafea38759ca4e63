"""Workers that take windows off one queue, as far as pools and quotas let them. Time is a number here."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tap_qa.http.rate_limit import RateLimiter
from tools.simulation import workload

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.simulation.costs import VendorWork, WindowCost


@dataclass
class Waited:
    """Seconds that runs spent, by what they waited for."""

    start: float = 0.0
    answers: float = 0.0
    jobs: float = 0.0
    quota: float = 0.0
    rows: float = 0.0

    def total(self) -> float:
        """Return all of them."""
        return self.start + self.answers + self.jobs + self.quota + self.rows


@dataclass
class Pool:
    """A vendor account: one run at a time, and what its quotas have seen."""

    work: VendorWork
    waited: Waited = field(default_factory=Waited)
    done: int = 0
    ends: float = 0.0
    _period: int = 0
    _used: int = 0

    def __post_init__(self) -> None:
        """Begin with an unused quota."""
        self._limiter = RateLimiter(*self.work.job_rates)

    def run_next(self, start: float) -> float:
        """Run its next window; return when it ends."""
        cost = self.work.windows[self.done]
        self.done += 1
        moment = self._calls(start + workload.RUN_SECONDS, cost.calls)
        moment = self._jobs(moment, cost)
        self.waited.start += workload.RUN_SECONDS
        self.waited.rows += cost.rows / workload.ROWS_A_SECOND
        self.ends = moment + cost.rows / workload.ROWS_A_SECOND
        return self.ends

    def _calls(self, moment: float, calls: int) -> float:
        """Make calls one after the other; where the quota of a period is used up, go on in the next one."""
        self.waited.answers += calls * workload.ANSWER_SECONDS
        quota = self.work.quota
        while quota is not None and calls:
            period = int(moment // quota.seconds)
            if period != self._period:
                self._period, self._used = period, 0
            rest = (period + 1) * quota.seconds - moment
            made = min(calls, quota.requests - self._used, int(rest / workload.ANSWER_SECONDS) + 1)
            calls -= made
            self._used += made
            moment += made * workload.ANSWER_SECONDS
            if calls and self._used == quota.requests:
                begins = max((period + 1) * quota.seconds, moment)
                self.waited.quota += begins - moment
                moment = begins
        return moment + calls * workload.ANSWER_SECONDS

    def _jobs(self, moment: float, cost: WindowCost) -> float:
        """Have files made, as many at once as the vendor allows."""
        for _ in range(-(-cost.jobs // self.work.jobs_at_once)):
            for _ in range(min(cost.jobs, self.work.jobs_at_once)):
                delay = max(self._limiter.delay(moment), 0.0)
                self.waited.quota += delay
                moment += delay
                self._limiter.record(moment)
            moment += workload.JOB_SECONDS
            self.waited.jobs += workload.JOB_SECONDS
        return moment


def run(works: Iterable[VendorWork], workers: int) -> list[Pool]:
    """Run all windows; each account's own in order, accounts in turn, as they were queued.

    Returns:
        The pools as they are at the end.
    """
    pools = [Pool(work) for work in works]
    free = [(0, number) for number in range(len(pools))]
    running: list[tuple[float, int]] = []
    now = 0.0
    while free or running:
        while free and len(running) < workers:
            _, number = heapq.heappop(free)
            heapq.heappush(running, (pools[number].run_next(now), number))
        now, number = heapq.heappop(running)
        if pools[number].done < len(pools[number].work.windows):
            heapq.heappush(free, (pools[number].done, number))
    return pools
