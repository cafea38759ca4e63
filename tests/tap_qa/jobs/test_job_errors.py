"""Errors of jobs, requests and files: which, why, and what to do."""

from __future__ import annotations

import pytest

from tap_qa.errors import (
    RequestRejectedError,
    TapQAError,
)
from tap_qa.http.attempt_errors import OutcomeUnknownError
from tests.tap_qa.jobs.fakes import bench
from tests.tap_qa.jobs.scripts import BUSY, THROTTLE, failing, raising, windows


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
