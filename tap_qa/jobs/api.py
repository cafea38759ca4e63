"""The nouns of export jobs that are only data, and what a vendor has to offer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.errors import TapQAError
    from tap_qa.http.attempt_errors import TransientError
    from tap_qa.http.rate_limit import RateLimit
    from tap_qa.state.windows import Window

MAX_MESSAGE_CHARS = 300
_MAX_CHARS_READ = 2000
_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@<>,;:'\"()]+@[^\s@<>,;:'\"()]+")


@dataclass(frozen=True)
class ExportRequest:
    """What one job is to export."""

    what: str
    """Its name in messages: "the export of total_scores"."""

    window: Window | None
    """The window of time; None for a snapshot."""

    body: Mapping[str, Any]
    """The body of the vendor's request, or its options."""

    path: str = ""
    """Where it is sent, for vendors that have several such places."""

    is_single_table: bool = True
    """Whether the file holds one table, whatever that is called; else it is a zip of tables."""

    tables: tuple[str, ...] = ()
    """What the tables of that zip may be called. One that is missing beside others of these has no rows."""

    def __str__(self) -> str:
        """Name it with its window."""
        return self.what if self.window is None else f"{self.what}, {self.window}"


class JobState(Enum):
    """What the vendor says about a job."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """A state that no document names: treated as running."""


@dataclass(frozen=True)
class JobStatus:
    """What a vendor says of a job."""

    state: JobState
    raw_state: str = ""
    """The vendor's own word."""

    url: str | None = field(default=None, repr=False)
    """Where the file is, if there is one."""

    message: str = ""
    """Why it failed, in the vendor's words, redacted."""


@dataclass(frozen=True)
class JobLimits:
    """The limits of a vendor's jobs: times in seconds, and how many of them one tap may use."""

    poll_seconds: float
    job_timeout_seconds: float
    timeout_setting: str
    """The name of the setting that holds it."""

    max_concurrent: int
    """How many jobs may run at once, and how many files of an export may wait to be read."""

    rates: tuple[RateLimit, ...] = ()
    """How often a job may be submitted."""

    rejection_wait_seconds: float = 1.0
    """Seconds to wait after a rejected request or poll, at least."""

    busy_statuses: frozenset[int] = frozenset()
    """Statuses of rejections that may mean that the vendor is busy with another job."""

    attempts: int = 3
    """How many jobs are submitted for one window, and how many links are fetched for its file."""

    max_polls_without_link: int = 1
    """How many times a job has to be done without a link before it counts as done without rows."""

    max_rejections: int = 8
    """How many rejections or failures in a row one request may have."""


class JobApi(Protocol):
    """A vendor's requests for jobs. Each is one attempt: it raises TransientError where another may do."""

    vendor: str
    limits: JobLimits

    def delay(self, request: ExportRequest) -> float:
        """Return how many seconds the vendor's rate limit makes the next request wait."""
        ...

    def submit(self, request: ExportRequest) -> str:
        """Submit a job and return its id."""
        ...

    def status(self, job_id: str) -> JobStatus:
        """Poll a job."""
        ...

    def has_running_job(self) -> bool:
        """Return whether any job is running, also another consumer's; False where that is unknown."""
        ...

    def retry_delay(self, failure: TransientError, usual: float) -> float:
        """Return how many seconds to wait after a failure that demands some wait, else `usual`."""
        ...

    def retries_exhausted_error(self, failure: TransientError, what: str) -> TapQAError:
        """Compose the error for a request whose every attempt failed."""
        ...


def redact_message(message: object) -> str:
    """Return a vendor's message in one line, without addresses of pages or people, and not too long."""
    if not isinstance(message, str):
        return ""
    # No more is looked at than may be shown: below, time grows with the square of a word's length.
    words = "".join(mark if mark.isprintable() else " " for mark in message[:_MAX_CHARS_READ]).split()
    line = " ".join(words if len(message) <= _MAX_CHARS_READ else [*words[:-1], "…"])  # the last word may be cut
    line = _MAIL.sub("(address)", _URL.sub("(link)", line))
    return line if len(line) <= MAX_MESSAGE_CHARS else line[: MAX_MESSAGE_CHARS - 1] + "…"
