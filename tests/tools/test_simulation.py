"""The simulation keeps quotas and loses no time."""

from __future__ import annotations

from collections import Counter
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.http.rate_limit import RateLimit
from tools.simulation import costs, engine, workload
from tools.simulation.costs import VendorWork, WindowCost

HOUR = 3600


@given(calls=st.lists(st.integers(0, 400), min_size=1, max_size=10), allowed=st.integers(1, 300))
def test_no_hour_sees_more_calls_than_the_quota_allows(calls: list[int], allowed: int) -> None:
    # Each call is a window of its own here, so that its moment is seen.
    quota, seen = RateLimit(allowed, HOUR), Counter[int]()
    pool = engine.Pool(VendorWork("scorebuddy", tuple(WindowCost(calls=1) for _ in range(sum(calls))), quota=quota))
    moment = 0.0
    for _ in range(sum(calls)):
        moment = pool.run_next(moment)
        seen[int((moment - workload.ANSWER_SECONDS) // HOUR)] += 1
    assert max(seen.values(), default=0) <= allowed
    # All at once takes no less than the quota's time, and no period more than that.
    whole = engine.Pool(VendorWork("scorebuddy", (WindowCost(calls=sum(calls)),), quota=quota))
    periods = max(-(-sum(calls) // allowed) - 1, 0)
    least = max(periods * HOUR, workload.RUN_SECONDS + sum(calls) * workload.ANSWER_SECONDS)
    assert least - HOUR <= whole.run_next(0.0) <= least + HOUR
    assert whole.waited.total() == pytest.approx(whole.ends)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=8), st.integers(1, 4))
def test_workers_divide_what_pools_let_them(windows: list[int], workers: int) -> None:
    seconds = workload.RUN_SECONDS + workload.ANSWER_SECONDS
    works = [VendorWork("betterworks", (WindowCost(calls=1),) * count) for count in windows]
    end = max(pool.ends for pool in engine.run(works, workers))
    least = max(*windows, -(-sum(windows) // workers)) * seconds
    assert least - 1e-6 <= end <= least + (max(windows) - 1) * seconds + 1e-6


def test_jobs_keep_the_rates_that_the_vendor_declares() -> None:
    work = VendorWork("cxone", (WindowCost(jobs=4),), job_rates=(RateLimit(1, 30),))
    with mock.patch.object(workload, "JOB_SECONDS", 10.0):
        [pool] = engine.run([work], 1)
    assert pool.ends == pytest.approx(workload.RUN_SECONDS + 3 * RateLimit(1, 30).kept_seconds + 10)


@pytest.fixture(scope="module")
def large() -> dict[str, VendorWork]:
    return {work.vendor: work for work in costs.history_of(workload.SIZES[-1])}


def test_costs_are_those_of_the_plan_and_of_the_vendors_limits(large: dict[str, VendorWork]) -> None:
    assert set(large) == {"scorebuddy", "maestroqa", "cxone", "betterworks", "canary_speech"}
    assert large["cxone"].jobs_at_once == 1
    assert large["cxone"].job_rates == (RateLimit(1, 30),)
    assert RateLimit(30, 60) in large["maestroqa"].job_rates
    assert len(large["betterworks"].windows) == 1  # no date cuts its lists
    week = large["scorebuddy"].windows[0]
    # Pages of 10 scores, of 1,000 answers and of 10 reviews.
    assert week.calls == 10_000 / 10 + 120_000 / 1_000 + 3_000 / 10
    assert week.jobs == 0
