"""What the log tells: progress, outcomes, and never a secret."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from qa_harness.clock import FakeClock
from tap_qa.errors import RequestRejectedError, SyncFailedError, UnexpectedResponseError, VendorError
from tap_qa.http.server_clock import ServerClock
from tap_qa.runtime.progress import Progress, StreamStats
from tap_qa.runtime.redaction import HIDDEN, Redactor, secret_values
from tap_qa.runtime.summary import StreamResult, format_failure, log_summary
from tap_qa.runtime.waiter import Waiter

SECRET = "s3cret-value"  # noqa: S105 - a made-up one


def test_progress_names_stream_window_rows_and_what_is_waited_for() -> None:
    clock = FakeClock()
    progress = Progress(clock)
    assert progress.line() is None
    progress.stats = StreamStats("things", started=clock.monotonic(), rows=0, windows=2, windows_planned=7, requests=5)
    clock.advance(timedelta(seconds=10))
    progress.stats.rows = 1234
    with progress.waiting("Echo's rate limit", 600):
        line = progress.line()
    assert line is not None
    assert line.startswith("things: window 3 of 7, 1234 rows, 123 rows/s, 5 requests; waiting for Echo's rate limit")
    assert "06:10:10 UTC" in line


def test_nothing_is_said_twice_within_a_while_and_nothing_is_silent_for_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = FakeClock()
    progress = Progress(clock)
    progress.stats = StreamStats("things", started=0.0)
    told = []
    with caplog.at_level(logging.INFO):
        for second in range(200):
            before = len(caplog.messages)
            progress.log_if_due()
            if len(caplog.messages) > before:
                told.append(second)
            clock.advance(timedelta(seconds=1))
    gaps = [later - earlier for earlier, later in zip([0, *told], told, strict=False)]
    assert told
    assert all(10 <= gap < 60 for gap in gaps)


def test_a_wait_lets_other_work_go_on() -> None:
    clock = FakeClock()
    waiter = Waiter(clock, Progress(clock))
    worked: list[float] = []

    def work() -> float:
        worked.append(clock.monotonic())
        return 10.0

    waiter.add_background_task(work)
    waiter.wait(35, "something")
    assert clock.monotonic() == pytest.approx(35, abs=0.001)
    assert worked == pytest.approx([0, 10, 20, 30], abs=0.001)


def test_a_wait_of_any_length_ends() -> None:
    for seconds in (0, -1, 1e-9, 0.1, 1 / 3, 59.999, 3600.1):
        clock = FakeClock()
        Waiter(clock, Progress(clock)).wait(seconds, "something")
        assert clock.slept == pytest.approx(max(seconds, 0), abs=0.01)


def test_outcomes_are_a_line_each_and_failures_one_more(caplog: pytest.LogCaptureFixture) -> None:
    outcomes = [
        StreamResult(StreamStats("good", started=0.0, rows=7, windows=2, requests=3), seconds=1.25),
        StreamResult(
            StreamStats("bad", started=0.0, rows=1),
            seconds=0.5,
            failure=UnexpectedResponseError("Echo", "it broke.", "Mend it."),
        ),
        StreamResult(StreamStats("worse", started=0.0), failure=ValueError(SECRET)),
    ]
    with caplog.at_level(logging.INFO), pytest.raises(SyncFailedError, match=r"2 of 3 streams failed: bad, worse\."):
        log_summary(outcomes)
    assert caplog.messages == [
        "good: complete; rows=7 windows=2 requests=3 seconds=1.2",
        "bad: failed; rows=1 windows=0 requests=0 seconds=0.5",
        "worse: failed; rows=0 windows=0 requests=0 seconds=0.0",
        "bad: Echo: it broke. Mend it.",
        "worse: an unforeseen ValueError. Run with TAP_QA_LOGLEVEL=DEBUG for its traceback and report it.",
    ]


def test_all_went_well(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log_summary([StreamResult(StreamStats("good", started=0.0))])
    assert len(caplog.messages) == 1


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (VendorError("Echo", "it broke."), "things: Echo: it broke."),
        (UnexpectedResponseError("things", "it broke."), "things: it broke."),
        (RequestRejectedError("Echo", "no.", status=400, error_body=SECRET), "things: Echo: no."),
    ],
)
def test_failures_in_a_line(failure: Exception, line: str) -> None:
    assert format_failure("things", failure) == line


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("any", logging.INFO, "file", 1, message, args, info)


def formatted(redactor: Redactor, given: logging.LogRecord) -> str:
    assert redactor.filter(given)
    return logging.Formatter().format(given)


def test_secrets_are_hidden_in_texts_arguments_and_tracebacks() -> None:
    redactor = Redactor([SECRET])
    redactor.add_secrets("a-token-learnt-later", "abc")
    assert formatted(redactor, record(f"it is {SECRET}!")) == f"it is {HIDDEN}!"
    assert formatted(redactor, record("it is %s and %d", {"key": SECRET}, 7)) == f"it is {{'key': '{HIDDEN}'}} and 7"
    assert formatted(redactor, record("a-token-learnt-later abc")) == f"{HIDDEN} abc"
    with pytest.raises(ValueError, match=SECRET) as caught:
        int(SECRET)
    text = formatted(redactor, record("broken", error=caught.value))
    assert SECRET not in text
    assert "Traceback" in text


@pytest.mark.parametrize(
    "url",
    [
        "https://bucket.example/file.zip?X-Amz-Signature=s3cr3t&x=1",
        "http://host:8080/path#s3cr3t",
        "https://host?token=s3cr3t",
        "('https://host/a?b=s3cr3t', 1)",
    ],
)
def test_queries_of_urls_are_hidden(url: str) -> None:
    text = formatted(Redactor(), record("got %s", url))
    assert "s3cr3t" not in text
    assert HIDDEN in text


def test_ordinary_lines_stay_as_they_are() -> None:
    line = "Scorebuddy: HTTP 403, the call for scores is not allowed? See https://docs.example/page."
    assert formatted(Redactor([SECRET]), record(line)) == line


def test_secret_settings_are_found_wherever_they_are() -> None:
    schema: dict[str, Any] = {
        "properties": {
            "token": {"secret": True},
            "vendor": {"properties": {"key": {"secret": True}, "name": {}, "old": {"writeOnly": True}}},
            "short": {"secret": True},
            "number": {"secret": True},
        }
    }
    config = {"token": "one-secret", "vendor": {"key": "two-secret", "name": "me", "old": "three"}, "short": "x"}
    assert secret_values({**config, "number": 123456}, schema) == {"one-secret", "two-secret", "three", "123456"}


def test_the_vendors_clock_is_learnt_once_and_a_skew_is_told(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock(datetime(2026, 1, 1, tzinfo=timezone.utc))
    vendor = ServerClock("Echo", clock)
    assert not vendor.is_known
    assert vendor.now() == clock.now()
    for header in (None, "", "today"):
        vendor.observe(header)
    assert not vendor.is_known
    vendor.observe("Thu, 01 Jan 2026 03:00:00 GMT")
    vendor.observe("Thu, 01 Jan 2026 09:00:00 GMT")
    clock.advance(timedelta(minutes=5))
    assert vendor.run_start() == (clock.now() - timedelta(minutes=5), datetime(2026, 1, 1, 3, tzinfo=timezone.utc))
    assert vendor.now() == datetime(2026, 1, 1, 3, 5, tzinfo=timezone.utc)
    assert caplog.messages == ["Echo: this machine's clock is 10800 s behind the vendor's."]
