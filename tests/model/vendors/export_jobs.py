"""What vendors of export jobs have in common: jobs that run for a while, and links to files that soon are dead."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from tests.model.intercepted_request import Asked, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from random import Random

    from tests.model.clocks import VendorTime

    Make = Callable[[], bytes | None]

FILES = "/files/"
STUCK = timedelta(minutes=15)
DENIED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'


class JobOutcome(Enum):
    """How a job ends."""

    DONE = auto()
    FAILED = auto()
    STUCK = auto()
    """Not at all, until the vendor gives it up."""


class TooLargeError(Exception):
    """A file would have more rows than the vendor can put into one."""


@dataclass
class Job:
    """An export that was asked for."""

    name: str
    make: Make
    done_at: datetime
    fate: JobOutcome
    looks_without_link: int
    """How often a look at it shows that it is done, but not where its file is."""

    file: bytes | None = None
    """What it made; None stands for no rows."""

    is_made: bool = False


class JobStore:
    """All jobs of a vendor."""

    def __init__(self, rng: Random, time: VendorTime, *, link_seconds: float, links_come_late: bool) -> None:
        """Start with no job.

        Args:
            rng: All chance.
            time: The vendor's.
            link_seconds: How long a link works.
            links_come_late: Whether a job may be done and its link be there only later.
        """
        self.jobs: dict[str, Job] = {}
        self._rng = rng
        self._time = time
        self._link_seconds = link_seconds
        self._links_come_late = links_come_late
        self._slowest = rng.choice((2, 15, 60))
        # Whether files show what there was when they were asked for, or what there is when they are done.
        self._makes_at_once = rng.random() < 0.5
        self._says_size = rng.random() < 0.5
        self._links: dict[str, tuple[Job, datetime]] = {}

    def take(self, make: Make, *, trouble: float) -> Job:
        """Begin with a job.

        Args:
            make: Makes the file.
            trouble: How likely it is that the job goes wrong.
        """
        fate = JobOutcome.DONE
        if self._rng.random() < trouble:
            fate = self._rng.choice((JobOutcome.FAILED, JobOutcome.FAILED, JobOutcome.STUCK))
        done_at = self._time.now + timedelta(seconds=self._rng.random() * self._slowest)
        looks = self._rng.randrange(3) if self._links_come_late and self._rng.random() < trouble else 0
        job = Job(f"id-{len(self.jobs):04}", make, done_at, fate, looks)
        self.jobs[job.name] = job
        if self._makes_at_once:
            self._finish(job)
        return job

    def is_running(self, job: Job) -> bool:
        """Return whether a job is at work, and finish it if it is not."""
        running = self._time.now < job.done_at + (STUCK if job.fate is JobOutcome.STUCK else timedelta())
        if not running:
            self._finish(job)
        return running

    def any_running(self) -> bool:
        """Return whether any job is at work."""
        return any(job.done_at + STUCK > self._time.now and self.is_running(job) for job in self.jobs.values())

    def has_failed(self, job: Job) -> bool:
        """Return whether a job that ended did so without a file."""
        return job.fate is not JobOutcome.DONE

    def link(self, job: Job, root: str, *, trouble: float) -> str | None:
        """Return where the file of a job is, for some seconds; None if it is nowhere."""
        if job.file is None:
            return None
        if job.looks_without_link:
            job.looks_without_link -= 1
            return None
        path = f"{FILES}{len(self._links)}.bin"
        is_dead = self._rng.random() < trouble
        until = self._time.now + timedelta(seconds=0 if is_dead else self._link_seconds)
        self._links[path] = job, until
        return f"{root}{path}?Signature=secret"

    def fetch(self, asked: Asked) -> Reply:
        """Hand out a file."""
        assert "Authorization" not in asked.headers
        assert "apitoken" not in asked.headers
        job, until = self._links[asked.path]
        if self._time.now >= until:
            return Reply(403, raw=DENIED, headers={"Content-Type": "application/xml"})
        file = job.file or b""
        headers = {"Content-Type": "application/octet-stream"}
        # Only the list of contents tells that a zip is whole; nothing but its size does that of a CSV.
        if self._says_size or not file.startswith(b"PK"):
            headers["Content-Length"] = str(len(file))
        return Reply(200, raw=file, headers=headers)

    def _finish(self, job: Job) -> None:
        if job.is_made or job.fate is not JobOutcome.DONE:
            return
        job.is_made = True
        try:
            job.file = job.make()
        except TooLargeError:
            job.fate = JobOutcome.FAILED


class FileWriter:
    """Writes files, in one of the ways that there are."""

    def __init__(self, rng: Random) -> None:
        """Choose the way."""
        self._line_end = rng.choice(("\r\n", "\n"))
        self._quotes_all = rng.choice((False, False, True))
        self._start = rng.choice((b"", b"\xef\xbb\xbf"))
        self._folder = rng.choice(("", "exports/"))
        self._compression = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))

    def table(self, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
        """Return a CSV file."""
        text = io.StringIO()
        writer = csv.writer(
            text, lineterminator=self._line_end, quoting=csv.QUOTE_ALL if self._quotes_all else csv.QUOTE_MINIMAL
        )
        writer.writerow(header)
        writer.writerows(rows)
        return self._start + text.getvalue().encode()

    def archive(self, tables: Mapping[str, bytes]) -> bytes:
        """Return a zip of files."""
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", self._compression) as archive:
            for name, table in tables.items():
                archive.writestr(zipfile.ZipInfo(f"{self._folder}{name}.csv"), table)
        return data.getvalue()
