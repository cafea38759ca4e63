"""What the fake vendor of jobs does to a test, and the windows that a test expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tap_qa.errors import (
    RequestRejectedError,
)
from tap_qa.files.download import IncompleteDownloadError, LinkExpiredError
from tap_qa.http.attempt_errors import TransientError
from tap_qa.jobs.api import ExportRequest, JobState, JobStatus
from tap_qa.state.windows import Window
from tests.tap_qa.conftest import START
from tests.tap_qa.jobs.fakes import DAY, Job

if TYPE_CHECKING:
    from collections.abc import Callable


def windows(days: int, width: int = 1) -> list[str]:
    return [str(Window(START + n * DAY, START + min(n + width, days) * DAY)) for n in range(0, days, width)]


def failing(times: int, message: str = "") -> Callable[[str, Job], JobStatus | None]:
    count = 0

    def on_status(_job_id: str, _job: Job) -> JobStatus | None:
        nonlocal count
        count += 1
        return JobStatus(JobState.FAILED, "FAILED", message=message) if count <= times else None

    return on_status


THROTTLE = TransientError("HTTP 403", status=403)


BROKEN = TransientError("HTTP 500", status=500)


def raising(error: Exception, times: int) -> Callable[[int, ExportRequest], None]:
    def on_request(number: int, _request: ExportRequest) -> None:
        if number <= times:
            raise error

    return on_request


BUSY = [
    RequestRejectedError("fake", "HTTP 400", status=400),
    RequestRejectedError("fake", "HTTP 409", status=409),
    TransientError("HTTP 403", status=403),
]


LINK_TROUBLES = [LinkExpiredError("fake", "expired."), IncompleteDownloadError("fake", "broken.")]
