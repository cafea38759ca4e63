"""Requests for jobs that are refused, throttled or never answered."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tap_qa.errors import (
    CredentialsError,
    JobTimeoutError,
    PermissionDeniedError,
    RequestRejectedError,
    TapQAError,
    UnavailableError,
)
from tap_qa.http.attempt_errors import OutcomeUnknownError, TransientError
from tap_qa.state.windows import DAY
from tests.tap_qa.jobs.fakes import all_of, bench
from tests.tap_qa.jobs.scripts import BROKEN, BUSY, raising, windows

if TYPE_CHECKING:
    from tap_qa.jobs.api import ExportRequest


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_throttled_request_is_repeated_after_a_wait(status: int) -> None:
    made = bench(on_request=raising(TransientError("HTTP", status=status), 3))
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert made.fake.jobs["job-1"].made_at >= 30


def test_a_demanded_wait_is_kept() -> None:
    made = bench(on_request=raising(TransientError("HTTP 429", 500.0, status=429), 1))
    all_of(made.plan("a", days=1), "a")
    assert made.fake.jobs["job-1"].made_at >= 500


def test_a_throttle_without_end_is_an_error() -> None:
    made = bench(on_request=raising(TransientError("HTTP 403", status=403), 1000))
    with pytest.raises(PermissionDeniedError):
        made.plan("a", days=1).next_window("a")
    assert made.fake.asked == 8
    assert made.fake.clock.seconds < 600


def test_a_refused_request_fails_at_once() -> None:
    for status in (404, 422):
        made = bench(on_request=raising(RequestRejectedError("fake", f"HTTP {status}", status=status), 1))
        with pytest.raises(RequestRejectedError):
            made.plan("a", days=1).next_window("a")
        assert made.fake.asked == 1


@pytest.mark.parametrize("status", [400, 422])
def test_a_window_that_is_too_long_for_the_vendor_is_asked_for_in_halves(status: int) -> None:
    def on_request(_number: int, request: ExportRequest) -> None:
        assert request.window is not None
        if request.window.width > DAY:
            raise RequestRejectedError("fake", f"HTTP {status}", status=status)

    made = bench(on_request=on_request)
    assert all_of(made.plan("a", days=4, width=4), "a") == windows(4)
    assert made.fake.asked == 3 + 4


@pytest.mark.parametrize("error", [CredentialsError("fake", "401"), PermissionDeniedError("fake", "403")])
def test_refused_credentials_fail_at_once(error: TapQAError) -> None:
    made = bench(on_request=raising(error, 1))
    with pytest.raises(type(error)):
        made.plan("a", days=1).next_window("a")
    assert made.fake.asked == 1


@pytest.mark.parametrize("error", BUSY)
def test_somebody_else_s_job_is_outwaited(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    made = bench(foreign_busy_until=1800)

    def on_request(_number: int, _request: ExportRequest) -> None:
        if made.fake.clock.seconds < 1800:
            raise error

    made.fake.on_request = on_request
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert caplog.text.count("another job is running") == 1


@pytest.mark.parametrize("error", BUSY)
def test_waiting_for_foreign_job_times_out(error: Exception) -> None:
    made = bench(foreign_busy_until=1e9, on_request=raising(error, 10**6))
    with pytest.raises(JobTimeoutError, match="another job kept it busy for 60 minutes"):
        made.plan("a", days=1).next_window("a")
    assert 3600 <= made.fake.clock.seconds < 3800


def test_a_bad_request_is_an_error_if_nobody_is_busy() -> None:
    made = bench(on_request=raising(BUSY[0], 1))
    with pytest.raises(RequestRejectedError):
        made.plan("a", days=1).next_window("a")


def test_a_request_that_broke_off_is_not_repeated_while_a_job_may_run_of_it() -> None:
    made = bench()

    def accepted_but_silent(number: int, request: ExportRequest) -> None:
        if number == 1:
            made.fake.make(request)
            raise OutcomeUnknownError("fake", "no answer")

    made.fake.on_request = accepted_but_silent
    made.fake.limits = replace(made.fake.limits, max_concurrent=1)
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert made.fake.most_running == 1
    assert made.fake.looked_at_list >= 1
    assert made.fake.asked == 2


def test_a_request_that_breaks_off_again_and_again_is_an_error() -> None:
    made = bench(on_request=raising(OutcomeUnknownError("fake", "no answer"), 1000))
    with pytest.raises(UnavailableError):
        made.plan("a", days=1).next_window("a")
    assert made.fake.asked == 3


def test_refused_requests_wait_twice_as_long_each_time() -> None:
    times: list[float] = []

    def on_request(number: int, _request: ExportRequest) -> None:
        times.append(made.fake.clock.seconds)
        if number <= 5:
            raise BROKEN

    made = bench(on_request=on_request)
    all_of(made.plan("a", days=1), "a")
    waits = [round(later - sooner) for sooner, later in pairwise(times)]
    assert waits == [10, 20, 40, 60, 60]


def test_a_doubtful_request_is_made_again_once_a_busy_vendor_was_waited_for_long_enough() -> None:
    made = bench(foreign_busy_until=1e9, on_request=raising(OutcomeUnknownError("fake", "no answer"), 1))
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert made.fake.asked == 2
    assert 3600 <= made.fake.jobs["job-1"].made_at <= 3620


def test_a_doubtful_request_is_looked_at_while_the_vendor_can_t_tell() -> None:
    made = bench(on_request=raising(OutcomeUnknownError("fake", "no answer"), 1))
    busy = made.fake.has_running_job

    def failing_first() -> bool:
        if made.fake.looked_at_list < 3:
            busy()
            raise BROKEN
        return busy()

    made.fake.has_running_job = failing_first  # type: ignore[method-assign]
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert made.fake.jobs["job-1"].made_at == 50


def test_a_conflict_without_end_is_an_error_after_so_many_tries() -> None:
    made = bench(on_request=raising(BUSY[1], 1000))
    with pytest.raises(RequestRejectedError):
        made.plan("a", days=1).next_window("a")
    assert made.fake.asked == made.fake.limits.max_rejections
