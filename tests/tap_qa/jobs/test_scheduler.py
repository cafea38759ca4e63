"""The job scheduler against a fake vendor on a virtual clock: order, look-ahead, pace."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_qa.http.attempt_errors import OutcomeUnknownError, TransientError
from tap_qa.jobs.api import ExportRequest, JobState, JobStatus
from tap_qa.state.windows import Window
from tests.tap_qa.conftest import START
from tests.tap_qa.jobs.fakes import DAY, Job, all_of, bench, tickets

if TYPE_CHECKING:
    from collections.abc import Callable
from tests.tap_qa.jobs.scripts import LINK_TROUBLES, windows


def test_windows_arrive_whole_and_in_order() -> None:
    made = bench()
    assert all_of(made.plan("a"), "a") == windows(3)


def test_the_first_jobs_are_asked_for_as_soon_as_anybody_waits() -> None:
    made = bench()
    made.plan("a")
    made.pass_time(0.1)
    assert made.fake.asked == 2


def test_jobs_run_while_other_streams_sync() -> None:
    made = bench()
    plan = made.plan("a", days=2)
    made.pass_time(100)
    started = made.fake.clock.seconds
    assert all_of(plan, "a") == windows(2)
    assert made.fake.clock.seconds == started


@pytest.mark.parametrize("ahead", [1, 2])
def test_concurrency_limit_covers_jobs_and_spooled_files(ahead: int) -> None:
    made = bench()
    made.fake.limits = replace(made.fake.limits, max_concurrent=ahead)
    one, other = made.plan("a", days=6), made.plan("b", days=6)
    made.pass_time(5000)
    assert len(made.fake.fetched) == 2 * ahead
    assert all_of(one, "a") == all_of(other, "b") == windows(6)
    assert made.fake.most_running == ahead


def test_requests_keep_their_distance() -> None:
    made = bench(spacing_seconds=30, cooking_seconds=1)
    all_of(made.plan("a", days=5), "a")
    times = [job.made_at for job in made.fake.jobs.values()]
    assert all(later - sooner >= 30 for sooner, later in pairwise(times))
    assert times[-1] < 4 * 40


def test_a_file_is_fetched_at_once_though_read_much_later() -> None:
    made = bench(link_seconds=1)
    plan = made.plan("a", days=1)
    made.pass_time(3000)
    assert all_of(plan, "a") == windows(1)
    assert len(made.fake.fetched) == 1
    assert made.fake.fetched[0] < 60


def test_polls_keep_their_distance() -> None:
    made = bench(cooking_seconds=100)
    all_of(made.plan("a", days=1), "a")
    assert made.fake.jobs["job-1"].looks <= 100 / 5 + 1


def test_what_is_waited_for_is_asked_for_first() -> None:
    made = bench()
    made.fake.limits = replace(made.fake.limits, max_concurrent=1)
    made.plan("a")
    plan = made.plan("b")
    delivery = plan.next_window("b")
    assert delivery is not None
    assert next(iter(made.fake.jobs.values())).request.body == {"readers": ["b"]}


@given(st.data())
@settings(max_examples=60)
def test_whatever_fails_for_a_while_nothing_is_lost(data: st.DataObject) -> None:
    troubles = st.sampled_from(
        [None, None, None, None, TransientError("HTTP 503", status=503), OutcomeUnknownError("fake", "no answer")]
    )
    ends = st.sampled_from([None, None, None, JobStatus(JobState.FAILED, "FAILED"), JobStatus(JobState.UNKNOWN, "odd")])
    links = st.sampled_from([None, None, None, *LINK_TROUBLES])
    calm_after = 40
    made = bench()

    def on_request(number: int, request: ExportRequest) -> None:
        error = data.draw(troubles) if number < calm_after else None
        if isinstance(error, OutcomeUnknownError) and data.draw(st.booleans()):
            made.fake.make(request)
        if error is not None:
            raise error

    def on_status(_job_id: str, job: Job) -> JobStatus | None:
        return data.draw(ends) if made.fake.asked < calm_after and job.looks < 5 else None

    def on_fetch(number: int, _request: ExportRequest) -> None:
        error = data.draw(links) if number < calm_after else None
        if error is not None:
            raise error

    made.fake.on_request, made.fake.on_status, made.fake.on_fetch = on_request, on_status, on_fetch
    ahead = data.draw(st.integers(1, 2))
    made.fake.limits = replace(made.fake.limits, max_concurrent=ahead, attempts=50, max_rejections=50)
    plans = {name: made.plan(name, days=4, width=2) for name in ("a", "b")}
    found: dict[str, list[str]] = {name: [] for name in plans}
    turns = list(plans)
    while turns:
        name = data.draw(st.sampled_from(turns))
        delivery = plans[name].next_window(name)
        if delivery is None:
            turns.remove(name)
        else:
            found[name] += tickets(delivery)
        made.pass_time(data.draw(st.sampled_from([0.0, 7.0, 300.0])))
    assert found == {name: windows(4, 2) for name in plans}


def test_a_request_is_named_with_its_window_if_it_has_one() -> None:
    assert str(ExportRequest("the export", None, {})) == "the export"
    assert str(ExportRequest("the export", Window(START, START + DAY), {})) == f"the export, {windows(1)[0]}"


def test_a_snapshot_is_one_order_without_a_window() -> None:
    made = bench(content=lambda _request: b"ticket\n1\n")
    plan = made.plan("a", spans={"a": None})
    delivery = plan.next_window("a")
    assert delivery is not None
    assert delivery.window is None
    assert tickets(delivery) == ["1"]
    assert plan.next_window("a") is None
    assert made.fake.asked == 1


def test_who_waits_is_told_for_what() -> None:
    made = bench()
    told: list[str] = []
    until = made.run_context.waiter.wait_until

    def noting(done: Callable[[], bool], seconds: float, what: str) -> None:
        told.append(what)
        until(done, seconds, what)

    made.run_context.waiter.wait_until = noting  # type: ignore[method-assign]
    all_of(made.plan("a", days=1), "a")
    assert told[0] == "fake's job: an export job"
    assert f"fake's job: the export, {windows(1)[0]}" in told or len(told) == 1
