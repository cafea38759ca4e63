"""What a poll returns: done without a link, failed, unknown words, jobs without an end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tap_qa.errors import (
    CredentialsError,
    JobError,
    JobTimeoutError,
    RequestRejectedError,
    UnavailableError,
)
from tap_qa.jobs.api import ExportRequest, JobState, JobStatus, redact_message
from tap_qa.state.windows import Window
from tests.tap_qa.conftest import START
from tests.tap_qa.jobs.fakes import DAY, Job, all_of, bench, tickets
from tests.tap_qa.jobs.scripts import BROKEN, THROTTLE, failing, raising, windows


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


def test_a_link_that_never_appears_is_looked_for_so_many_times() -> None:
    made = bench(on_status=lambda *_: JobStatus(JobState.DONE, "SUCCEEDED", None))
    made.fake.limits = replace(made.fake.limits, max_polls_without_link=3)
    assert all_of(made.plan("a", days=1), "a") == []
    assert [job.looks for job in made.fake.jobs.values()] == [3]


def test_a_failed_job_is_asked_for_again() -> None:
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


def test_an_unknown_word_is_running_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
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


def test_a_job_that_the_vendor_forgot_is_asked_for_again() -> None:
    def forgotten(job_id: str, _job: Job) -> None:
        if job_id == "job-1":
            raise RequestRejectedError("fake", "HTTP 404", status=404)

    made = bench(on_status=forgotten)
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert made.fake.asked == 2


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


def test_a_vendor_s_message_is_one_short_clean_line() -> None:
    assert redact_message("a\r\n\tb\x00\x1b[31m") == "a b [31m"
    assert redact_message("see https://x.y/z?sig=1, or mail o'neil@example.com") == "see (link) or mail o'(address)"
    assert len(redact_message("x" * 1000)) == 300
    assert redact_message("see " + "a.a" * 40_000 + "@") == "see …"
    assert redact_message(f"see https://{'x' * 1985}/ eva@example.com") == "see (link) …"
    assert redact_message(None) == redact_message({"a": 1}) == ""


def test_a_status_does_not_show_its_link() -> None:
    assert "sig" not in repr(JobStatus(JobState.DONE, "SUCCEEDED", "https://x/?sig=1"))


def test_a_message_of_just_the_longest_length_is_whole() -> None:
    assert redact_message("x" * 300) == "x" * 300
    assert redact_message("x" * 301) == "x" * 299 + "…"


def test_a_failed_job_is_asked_for_again_after_a_pause_that_grows() -> None:
    made = bench(on_status=failing(2), cooking_seconds=0)
    all_of(made.plan("a", days=1), "a")
    assert [job.made_at for job in made.fake.jobs.values()] == [0, 10, 25]
