"""The job engine against a fake vendor on a virtual clock: every rule of jobs, one by one."""

from __future__ import annotations

import io
import logging
import zipfile
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_qa.errors import (
    CredentialsError,
    DownloadError,
    FileError,
    JobError,
    JobTimeoutError,
    PermissionDeniedError,
    RequestRejectedError,
    TapQAError,
    UnavailableError,
)
from tap_qa.files.download import IncompleteDownloadError, LinkExpiredError, TooLargeError
from tap_qa.http.attempt_errors import OutcomeUnknownError, TransientError
from tap_qa.jobs.api import ExportRequest, JobState, JobStatus, redact_message
from tap_qa.state.windows import Window
from tests.tap_qa.conftest import START
from tests.tap_qa.jobs.fakes import DAY, Job, all_of, bench, tickets

if TYPE_CHECKING:
    from collections.abc import Callable


def windows(days: int, width: int = 1) -> list[str]:
    return [str(Window(START + n * DAY, START + min(n + width, days) * DAY)) for n in range(0, days, width)]


def test_windows_arrive_whole_and_in_order() -> None:
    made = bench()
    assert all_of(made.plan("a"), "a") == windows(3)


# Look-ahead


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


# Sharing


def zip_for(request: ExportRequest) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for subscriber in request.body["readers"]:
            archive.writestr(f"{subscriber}.csv", f"ticket\n{subscriber} {request.window}\n")
    return buffer.getvalue()


def test_one_job_a_window_serves_all_its_readers_and_is_kept_until_the_last() -> None:
    made = bench(content=zip_for)
    plan = made.plan("a", "b", days=2)
    first = plan.next_window("a")
    assert first is not None
    order = first.job
    assert tickets(first) == [f"a {windows(2)[0]}"]
    assert order.parcel is not None
    second = plan.next_window("b")
    assert second is not None
    assert tickets(second) == [f"b {windows(2)[0]}"]
    assert order.parcel is None
    all_of(plan, "a")
    all_of(plan, "b")
    assert made.fake.asked == 2


def test_nothing_is_asked_for_before_all_readers_have_joined() -> None:
    made = bench(content=zip_for)
    plan = made.plan("a", "b", days=1)
    plan._expected.add("c")  # noqa: SLF001
    made.pass_time(100)
    assert made.fake.asked == 0
    plan.unsubscribe("c")
    made.pass_time(100)
    assert made.fake.asked == 1


def test_a_reader_gets_only_the_windows_of_its_span() -> None:
    made = bench(content=zip_for)
    plan = made.plan("a", "b", spans={"b": Window(START + DAY * 1.5, START + 3 * DAY)})
    assert all_of(plan, "b") == [f"b {window}" for window in windows(3)[1:]]
    assert all_of(plan, "a") == [f"a {window}" for window in windows(3)]
    assert [job.request.body["readers"] for job in made.fake.jobs.values()].count(["a"]) == 1


def test_a_reader_that_left_costs_no_more_jobs() -> None:
    made = bench(content=zip_for)
    plan = made.plan("a", "b", spans={"b": Window(START + 2 * DAY, START + 3 * DAY)})
    plan.unsubscribe("a")
    assert all_of(plan, "b") == [f"b {windows(3)[2]}"]
    assert made.fake.asked == 1


def test_a_running_job_that_nobody_wants_any_more_keeps_its_place_at_the_vendor() -> None:
    made = bench()
    made.fake.limits = replace(made.fake.limits, max_concurrent=1)
    plan, other = made.plan("a"), made.plan("b", days=1)
    made.pass_time(1)
    plan.unsubscribe("a")
    all_of(other, "b")
    assert made.fake.most_running == 1
    assert len(made.fake.fetched) == 1


def test_a_missing_table_fails_only_the_reader_that_wants_it() -> None:
    def without_b(request: ExportRequest) -> bytes:
        return zip_for(ExportRequest("", request.window, {"readers": ["a"]}))

    made = bench(content=without_b)
    plan = made.plan("a", "b", days=1)
    with pytest.raises(FileError, match="no b; it holds: a"):
        plan.next_window("b")
    assert all_of(plan, "a") == [f"a {windows(1)[0]}"]


# Ends of jobs


def test_done_without_a_link_is_no_rows() -> None:
    made = bench(on_status=lambda *_: JobStatus(JobState.DONE, "complete", ""))
    plan = made.plan("a", days=2)
    delivery = plan.next_window("a")
    assert delivery is not None
    assert tickets(delivery) == []
    assert delivery.window == Window(START, START + DAY)
    assert all_of(plan, "a") == []


def test_a_link_that_is_slow_to_appear_is_looked_for_again() -> None:
    def late(_job_id: str, job: Job) -> JobStatus | None:
        return JobStatus(JobState.DONE, "SUCCEEDED", None) if job.looks < 3 else None

    made = bench(cooking_seconds=0, on_status=late)
    made.fake.limits = replace(made.fake.limits, max_polls_without_link=3)
    assert all_of(made.plan("a", days=1), "a") == windows(1)


def failing(times: int, message: str = "") -> Callable[[str, Job], JobStatus | None]:
    count = 0

    def on_status(_job_id: str, _job: Job) -> JobStatus | None:
        nonlocal count
        count += 1
        return JobStatus(JobState.FAILED, "FAILED", message=message) if count <= times else None

    return on_status


def test_a_failed_job_is_asked_for_anew() -> None:
    made = bench(on_status=failing(2))
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert made.fake.asked == 3


def test_after_three_failures_its_window_is_halved() -> None:
    made = bench(on_status=failing(3))
    made.fake.limits = replace(made.fake.limits, max_concurrent=1)
    plan = made.plan("a", days=4, width=4)
    assert all_of(plan, "a") == windows(4, 2)
    assert [job.request.window.width.days for job in made.fake.jobs.values() if job.request.window] == [4, 4, 4, 2, 2]


def test_the_narrowest_window_ends_in_an_error_that_names_all() -> None:
    made = bench(on_status=failing(1000, redact_message("no luck with https://x/y?token=1 for eva@example.com")))
    made.fake.limits = replace(made.fake.limits, max_concurrent=1)
    plan = made.plan("a", days=4, width=4)
    with pytest.raises(JobError) as caught:
        plan.next_window("a")
    text = str(caught.value)
    assert text.startswith("fake: job job-9 failed")
    assert windows(4)[0] in text
    assert "no luck with (link) for (address)" in text
    assert made.fake.asked == 9


def test_a_failure_stays_with_its_stream() -> None:
    def first_window(_job_id: str, job: Job) -> JobStatus | None:
        failed = job.request.body["readers"] == ["a"]
        return JobStatus(JobState.FAILED, "FAILED") if failed else None

    made = bench(on_status=first_window)
    one, other = made.plan("a"), made.plan("b")
    with pytest.raises(JobError):
        one.next_window("a")
    one.unsubscribe("a")
    assert all_of(other, "b") == windows(3)


def test_nothing_more_is_asked_for_before_a_failure_is_told() -> None:
    made = bench(on_request=raising(CredentialsError("fake", "401"), 1000))
    plan = made.plan("a", days=6)
    made.pass_time(1000)
    assert made.fake.asked == 1
    with pytest.raises(CredentialsError):
        plan.next_window("a")


def test_job_failure_is_raised_only_to_its_subscribers() -> None:
    def broken(_number: int, _request: ExportRequest) -> None:
        raise ZeroDivisionError

    made = bench(on_request=broken)
    plan = made.plan("a")
    made.pass_time(100)
    with pytest.raises(ZeroDivisionError):
        plan.next_window("a")


def test_an_unknown_word_is_running_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    def odd(_job_id: str, job: Job) -> JobStatus | None:
        return JobStatus(JobState.UNKNOWN, "simmering") if job.looks < 5 else None

    made = bench(on_status=odd)
    assert all_of(made.plan("a", days=2), "a") == windows(2)
    assert caplog.text.count("simmering") == 1


def test_a_job_without_an_end_is_given_up() -> None:
    made = bench(cooking_seconds=1e9)
    plan = made.plan("a", days=1)
    with pytest.raises(JobTimeoutError, match=r"job-1.*60 minutes.*fake\.job_timeout_minutes"):
        plan.next_window("a")
    assert 3600 <= made.fake.clock.seconds < 3700


def test_a_job_that_the_vendor_forgot_is_asked_for_anew() -> None:
    def forgotten(job_id: str, _job: Job) -> None:
        if job_id == "job-1":
            raise RequestRejectedError("fake", "HTTP 404", status=404)

    made = bench(on_status=forgotten)
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert made.fake.asked == 2


# Requests

THROTTLE = TransientError("HTTP 403", status=403)
BROKEN = TransientError("HTTP 500", status=500)


def raising(error: Exception, times: int) -> Callable[[int, ExportRequest], None]:
    def on_request(number: int, _request: ExportRequest) -> None:
        if number <= times:
            raise error

    return on_request


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


@pytest.mark.parametrize("error", [CredentialsError("fake", "401"), PermissionDeniedError("fake", "403")])
def test_refused_credentials_fail_at_once(error: TapQAError) -> None:
    made = bench(on_request=raising(error, 1))
    with pytest.raises(type(error)):
        made.plan("a", days=1).next_window("a")
    assert made.fake.asked == 1


BUSY = [
    RequestRejectedError("fake", "HTTP 400", status=400),
    RequestRejectedError("fake", "HTTP 409", status=409),
    TransientError("HTTP 403", status=403),
]


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


def test_polls_that_fail_are_repeated_and_make_no_second_job() -> None:
    def on_status(_job_id: str, job: Job) -> None:
        if job.looks < 6:
            raise THROTTLE

    made = bench(on_status=on_status)
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert made.fake.asked == 1


def test_polls_that_fail_for_ever_are_an_error() -> None:
    def on_status(_job_id: str, _job: Job) -> None:
        raise BROKEN

    made = bench(on_status=on_status)
    with pytest.raises(UnavailableError, match="job-1"):
        made.plan("a", days=1).next_window("a")


# Files


def breaking(error: Exception, times: int) -> Callable[[int, ExportRequest], None]:
    def on_fetch(number: int, _request: ExportRequest) -> None:
        if number <= times:
            raise error

    return on_fetch


LINK_TROUBLES = [LinkExpiredError("fake", "expired."), IncompleteDownloadError("fake", "broken.")]


@pytest.mark.parametrize("error", LINK_TROUBLES)
def test_a_dead_link_is_renewed_at_the_same_job(error: Exception) -> None:
    made = bench(on_fetch=breaking(error, 2))
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert made.fake.asked == 1
    assert len(made.fake.jobs["job-1"].links) == 3


@pytest.mark.parametrize("error", LINK_TROUBLES)
def test_after_three_dead_links_comes_another_job(error: Exception) -> None:
    made = bench(on_fetch=breaking(error, 3))
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert made.fake.asked == 2


def test_dead_links_without_end_are_an_error() -> None:
    made = bench(on_fetch=breaking(LINK_TROUBLES[0], 1000))
    with pytest.raises(LinkExpiredError):
        made.plan("a", days=1).next_window("a")
    assert made.fake.asked == 3
    assert len(made.fake.fetched) == 9


def test_an_address_that_must_not_be_fetched_is_an_error_at_once() -> None:
    made = bench(on_fetch=breaking(DownloadError("fake", "not https"), 1))
    with pytest.raises(DownloadError, match="not https"):
        made.plan("a", days=1).next_window("a")
    assert len(made.fake.fetched) == 1


def test_a_file_that_is_too_large_is_asked_for_in_halves() -> None:
    def on_fetch(_number: int, request: ExportRequest) -> None:
        if request.window is not None and request.window.width > DAY:
            raise TooLargeError("fake", "large")

    made = bench(on_fetch=on_fetch)
    assert all_of(made.plan("a", days=4, width=4), "a") == windows(4)


DAMAGED = [b"ticket\n1\n2,3\n", b'ticket\n"1\n', b"PK\x03\x04rest", b"<html></html>", b""]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_fetched_again_before_any_row_goes_out(content: bytes) -> None:
    made = bench()
    made.fake.content = lambda _request: content if len(made.fake.fetched) < 3 else b"ticket\n1\n"
    assert all_of(made.plan("a", days=1), "a") == ["1"]
    assert made.fake.asked == 1


@pytest.mark.parametrize("content", DAMAGED)
def test_a_file_that_stays_damaged_is_an_error(content: bytes) -> None:
    made = bench(content=lambda _request: content)
    with pytest.raises(FileError):
        made.plan("a", days=1).next_window("a")


def test_a_file_without_its_key_column_is_an_error_at_once() -> None:
    made = bench(content=lambda _request: b"other\n1\n")
    with pytest.raises(FileError, match="lacks ticket"):
        made.plan("a", days=1).next_window("a")
    assert len(made.fake.fetched) == 1


# Messages


def test_a_vendor_s_message_is_one_short_clean_line() -> None:
    assert redact_message("a\r\n\tb\x00\x1b[31m") == "a b [31m"
    assert redact_message("see https://x.y/z?sig=1, or mail o'neil@example.com") == "see (link) or mail o'(address)"
    assert len(redact_message("x" * 1000)) == 300
    assert redact_message(None) == redact_message({"a": 1}) == ""


def test_a_status_does_not_show_its_link() -> None:
    assert "sig" not in repr(JobStatus(JobState.DONE, "SUCCEEDED", "https://x/?sig=1"))


# All at once


@given(st.data())
@settings(max_examples=60, deadline=None)
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
    made.fake.limits = replace(made.fake.limits, max_concurrent=ahead, attempts=50, refusals=50)
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


def test_a_message_of_just_the_longest_length_is_whole() -> None:
    assert redact_message("x" * 300) == "x" * 300
    assert redact_message("x" * 301) == "x" * 299 + "…"


def test_a_snapshot_is_one_order_without_a_window() -> None:
    made = bench(content=lambda _request: b"ticket\n1\n")
    plan = made.plan("a", spans={"a": None})
    delivery = plan.next_window("a")
    assert delivery is not None
    assert delivery.window is None
    assert tickets(delivery) == ["1"]
    assert plan.next_window("a") is None
    assert made.fake.asked == 1


def test_a_plan_that_all_readers_left_asks_for_nothing() -> None:
    made = bench()
    made.plan("a").unsubscribe("a")
    made.pass_time(1000)
    assert made.fake.asked == 0


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


def text_of(error: pytest.ExceptionInfo[TapQAError]) -> str:
    return str(error.value).replace(windows(1)[0], "WINDOW")


def test_errors_of_jobs_say_which_and_why_and_what_to_do() -> None:
    made = bench(on_request=raising(OutcomeUnknownError("fake", "no answer"), 1000))
    with pytest.raises(TapQAError) as error:
        made.plan("a", days=1).next_window("a")
    assert text_of(error) == "fake: the export, WINDOW: no answer in time"
    made = bench(foreign_busy_until=1e9, on_request=raising(BUSY[0], 10**6))
    with pytest.raises(TapQAError) as error:
        made.plan("a", days=1).next_window("a")
    assert text_of(error) == (
        "fake: another job kept it busy for 60 minutes: the export, WINDOW. "
        "Find out who else exports at that time, or raise fake.job_timeout_minutes."
    )
    made = bench(cooking_seconds=1e9)
    with pytest.raises(TapQAError) as error:
        made.plan("a", days=1).next_window("a")
    assert text_of(error) == (
        "fake: job job-1 was not done after 60 minutes: the export, WINDOW. "
        "Raise fake.job_timeout_minutes, or ask the vendor about the job."
    )
    forgotten = RequestRejectedError("fake", "HTTP 404", status=404)
    for on_status, why in (
        (failing(1000), "the vendor calls it FAILED"),
        (failing(1000, "no"), "no"),
        (lambda *_: raise_it(forgotten), "the vendor does not know the job any more"),
    ):
        made = bench(on_status=on_status)
        with pytest.raises(TapQAError) as error:
            made.plan("a", days=1).next_window("a")
        assert text_of(error) == (
            f"fake: job job-3 failed, the last of 3: the export, WINDOW; {why}. "
            "Run again later; if it fails again, ask the vendor about the job."
        )


def raise_it(error: Exception) -> None:
    raise error


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


def test_a_failed_job_is_asked_for_anew_after_a_pause_that_grows() -> None:
    made = bench(on_status=failing(2), cooking_seconds=0)
    all_of(made.plan("a", days=1), "a")
    assert [job.made_at for job in made.fake.jobs.values()] == [0, 10, 25]


def test_a_conflict_without_end_is_an_error_after_so_many_tries() -> None:
    made = bench(on_request=raising(BUSY[1], 1000))
    with pytest.raises(RequestRejectedError):
        made.plan("a", days=1).next_window("a")
    assert made.fake.asked == made.fake.limits.refusals


def test_errors_of_requests_and_files_say_whose_they_are() -> None:
    made = bench(on_request=raising(THROTTLE, 1000))
    with pytest.raises(TapQAError) as error:
        made.plan("a", days=1).next_window("a")
    assert text_of(error) == "fake: the export, WINDOW: HTTP 403"
    made = bench(content=lambda _request: b"PK\x03\x04rest")
    with pytest.raises(TapQAError) as error:
        made.plan("a", days=1).next_window("a")
    assert text_of(error) == "a: the zip is damaged: it has no readable list of contents."
    made = bench(content=lambda _request: b"ticket,score\n1\n")
    with pytest.raises(TapQAError) as error:
        made.plan("a", days=1).next_window("a")
    assert text_of(error) == "a: the file a: the row up to line 2 has 1 cells instead of 2."
