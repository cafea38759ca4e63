"""The windows of one kind of export, oldest first, and the streams that read them."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from tap_qa.errors import FileError
from tap_qa.files.archive import Archive, CorruptFileError
from tap_qa.files.csv_table import Table, TableSource
from tap_qa.jobs.job import ExportFile, ExportJob, JobPhase
from tap_qa.state.windows import halves

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import timedelta

    from tap_qa.errors import TapQAError
    from tap_qa.files.download import Download
    from tap_qa.jobs.api import ExportRequest
    from tap_qa.jobs.table_spec import TableSpec
    from tap_qa.records.chunks import RowChunk
    from tap_qa.state.windows import Window

    BuildRequest = Callable[["Window | None", Collection[str]], "ExportRequest"]
    Cut = Callable[["Window"], Iterable["Window"]]

logger = logging.getLogger("tap-qa.jobs")


class JobRunner(Protocol):
    """What an export needs of the scheduler that it belongs to."""

    @property
    def vendor(self) -> str:
        """The vendor's name, for messages."""
        ...

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Work on the jobs until `done` returns true; `what` names what is waited for."""
        ...


class Export:
    """One kind of export in a run.

    Its subscribers join before the first job is submitted. A file is kept until the last subscriber that wants it has
    read it.
    """

    def __init__(
        self,
        runner: JobRunner,
        *,
        subscribers: Iterable[str],
        build_request: BuildRequest,
        cut: Cut,
        min_width: timedelta,
    ) -> None:
        """Prepare.

        Args:
            runner: The scheduler of the vendor.
            subscribers: The names of all that will join; no job is submitted before they have, or one of them waits.
            build_request: Makes the request for a window and the subscribers that want it.
            cut: Cuts a date range into windows.
            min_width: The narrowest window that a failing one is halved to.
        """
        self._runner = runner
        self._expected = set(subscribers)
        self._build_request = build_request
        self._cut = cut
        self._min_width = min_width
        self._date_ranges: dict[str, Window | None] = {}
        self._tables: dict[str, TableSpec] = {}
        self._jobs: list[ExportJob] | None = None
        self._absence_logged: set[str] = set()
        self.blocking_subscriber: str | None = None
        """The subscriber that waits for a file now."""

    def windows(self, date_range: Window) -> Iterable[Window]:
        """Cut a date range as the jobs do."""
        return self._cut(date_range)

    # For subscribers

    def subscribe(self, subscriber: str, date_range: Window | None, table: TableSpec) -> None:
        """Add a subscriber.

        Args:
            subscriber: Its name.
            date_range: What it has to read; None for a snapshot.
            table: Its table.
        """
        assert self._jobs is None  # noqa: S101 - `is_open` is the guard
        self._date_ranges[subscriber] = date_range
        self._tables[subscriber] = table

    @property
    def is_open(self) -> bool:
        """Whether a subscriber can still join."""
        return self._jobs is None

    def unsubscribe(self, subscriber: str) -> None:
        """Drop a subscriber; what only it wanted is not worked on any more."""
        self._expected.discard(subscriber)
        self._date_ranges.pop(subscriber, None)
        for job in list(self._jobs or ()):
            self.release(subscriber, job)

    def ready(self, subscriber: str) -> bool:
        """Return whether the subscriber can read its next window without a wait."""
        if self._jobs is None:
            return False
        job = self._next_for(subscriber)
        return job is None or job.is_finished

    def remaining_windows(self, subscriber: str) -> int:
        """Return how many windows the subscriber still has to read."""
        return sum(subscriber in job.pending_subscribers for job in self._planned_jobs())

    def next_window(self, subscriber: str) -> WindowTable | None:
        """Wait for the subscriber's next window; None if it has read them all.

        Raises:
            TapQAError: The window can't be had.
        """
        self._planned_jobs()
        self.blocking_subscriber = subscriber
        try:
            while (job := self._next_for(subscriber)) is not None and not job.is_finished:
                self._runner.until(lambda: self.ready(subscriber), str(job.request or "an export job"))
        finally:
            self.blocking_subscriber = None
        if job is None:
            return None
        job.is_read = True
        table = None if job.file is None else job.file.tables[subscriber]
        failure = table if isinstance(table, Exception) else job.failure
        if failure is not None:
            raise failure
        assert not isinstance(table, Exception)  # noqa: S101 - for the type checker
        return WindowTable(self, subscriber, job, table)

    def release(self, subscriber: str, job: ExportJob) -> None:
        """Note that the subscriber does not need a job's file any more."""
        job.pending_subscribers.discard(subscriber)
        if not job.pending_subscribers:
            job.drop()

    # For the scheduler

    def jobs(self) -> list[ExportJob]:
        """Return what is to be worked on, oldest first; nothing before all subscribers have joined."""
        if self._jobs is None and self._expected <= self._date_ranges.keys():
            self._planned_jobs()
        return self._jobs or []

    def next_due(self, max_waiting: int) -> ExportJob | None:
        """Return the job to submit next, unless enough files wait to be read already.

        Args:
            max_waiting: How many files may wait for their first subscriber.
        """
        blocking_job = self.blocking_job()
        if blocking_job is not None:
            return blocking_job
        unread = [job for job in self.jobs() if job.pending_subscribers]
        if any(job.failure is not None for job in unread):
            return None  # its subscriber must get the failure first
        not_begun = [job for job in unread if not job.is_read]
        return next((job for job in not_begun[:max_waiting] if job.phase is JobPhase.PLANNED), None)

    def blocking_job(self) -> ExportJob | None:
        """Return the job that a subscriber waits for, if it was not submitted yet."""
        job = None if self.blocking_subscriber is None else self._next_for(self.blocking_subscriber)
        return job if job is not None and job.phase is JobPhase.PLANNED else None

    def request_for(self, job: ExportJob) -> ExportRequest:
        """Build the request for a job, for its pending subscribers."""
        return self._build_request(job.window, frozenset(job.pending_subscribers))

    def split(self, job: ExportJob) -> bool:
        """Put two halves in a job's place; False if it is too narrow."""
        parts = None if job.window is None else halves(job.window, least=self._min_width)
        if parts is None or self._jobs is None:
            return False
        place = self._jobs.index(job)
        self._jobs[place : place + 1] = [ExportJob(part, set(job.pending_subscribers)) for part in parts]
        return True

    def open(self, job: ExportJob, download: Download, *, is_last_attempt: bool) -> ExportFile:
        """Check a file that arrived, for all that want it.

        Args:
            job: What it was asked for.
            download: The file; it belongs to the file from now on.
            is_last_attempt: Whether a corrupt table fails only its own subscribers.

        Raises:
            CorruptFileError: The file is damaged, and a further download may repair it.
        """
        file = ExportFile()
        subscribers = sorted(job.pending_subscribers)
        who = subscribers[0] if len(subscribers) == 1 else self._runner.vendor
        try:
            file.archive = Archive(who, download)
            for subscriber in subscribers:
                file.tables[subscriber] = self._opened(file.archive, subscriber, job)
                _check(file.tables[subscriber], is_last_attempt=is_last_attempt)
        except BaseException:
            download.close()
            file.close()
            raise
        return file

    # Inside

    def _planned_jobs(self) -> list[ExportJob]:
        """Fix the windows, from the date ranges of all subscribers that have joined."""
        if self._jobs is None:
            date_ranges = [date_range for date_range in self._date_ranges.values() if date_range is not None]
            if date_ranges:
                first = min(date_ranges)
                widest = replace(first, end=max(date_range.end for date_range in date_ranges))
                windows: list[Window | None] = list(self._cut(widest))
            else:
                windows = [None] if self._date_ranges else []
            self._jobs = [job for job in map(self._job_for, windows) if job.pending_subscribers]
        return self._jobs

    def _job_for(self, window: Window | None) -> ExportJob:
        return ExportJob(
            window,
            {subscriber for subscriber, date_range in self._date_ranges.items() if _overlaps(date_range, window)},
        )

    def _opened(self, archive: Archive, subscriber: str, job: ExportJob) -> Table | FileError | None:
        spec, request = self._tables[subscriber], job.request
        alone = request is None or request.is_single_table
        if request is not None and not alone and archive.lacks(spec.names, request.tables):
            self._note_absence(subscriber, f"the zip holds no {spec.names[0]}")
            return None
        try:
            member = archive.member(spec.names, alone=alone, who=subscriber)
            what = f"the file {spec.names[0]}"
            constants = None if spec.constants is None else spec.constants(job.window)
            source = TableSource(member, what, spec.may_be_empty, constants, repairs=job.links_failed > 0)
            table = Table(source, spec.shape)
        except FileError as failure:
            return failure
        if table.is_empty and not alone:
            self._note_absence(subscriber, f"{what} is empty")
        return table

    def _note_absence(self, subscriber: str, what: str) -> None:
        if subscriber not in self._absence_logged:
            self._absence_logged.add(subscriber)
            logger.warning("%s: %s, so there are no rows; this is logged once.", subscriber, what)

    def _next_for(self, subscriber: str) -> ExportJob | None:
        return next((job for job in self._jobs or () if subscriber in job.pending_subscribers), None)


@dataclass(frozen=True)
class WindowTable:
    """A window that arrived for one subscriber."""

    export: Export
    subscriber: str
    job: ExportJob
    table: Table | None

    @property
    def window(self) -> Window | None:
        """The window."""
        return self.job.window

    def chunks(self, constants: Mapping[str, Any]) -> Iterator[RowChunk]:
        """Yield its records, some at a time; `constants` are the values that all of them share."""
        return iter(()) if self.table is None else self.table.chunks(constants)

    def records(self, constants: Mapping[str, Any]) -> Iterator[list[Any]]:
        """Yield its records as structures, some at a time."""
        return iter(()) if self.table is None else self.table.records(constants)

    def release(self) -> None:
        """Note that it was read, whole or never again."""
        self.export.release(self.subscriber, self.job)


def _check(table: Table | TapQAError | None, *, is_last_attempt: bool) -> None:
    if isinstance(table, CorruptFileError) and not is_last_attempt:
        raise table


def _overlaps(date_range: Window | None, window: Window | None) -> bool:
    return date_range is None or window is None or (date_range.start < window.end and window.start < date_range.end)
