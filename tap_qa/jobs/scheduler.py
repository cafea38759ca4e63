"""Works on the export jobs of one vendor, a step at a time, whenever the run waits."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tap_qa.errors import JobError, JobTimeoutError, RequestRejectedError
from tap_qa.files.archive import CorruptFileError
from tap_qa.files.download import IncompleteDownloadError, LinkExpiredError, TooLargeError
from tap_qa.http.attempt_errors import OutcomeUnknownError, TransientError, UnreadableResponseError
from tap_qa.jobs.api import JobState
from tap_qa.jobs.job import JobPhase

if TYPE_CHECKING:
    from collections.abc import Callable

    from tap_qa.files.download import Downloads
    from tap_qa.jobs.api import JobApi, JobStatus
    from tap_qa.jobs.export import Export
    from tap_qa.jobs.job import ExportJob
    from tap_qa.runtime.context import RunContext

logger = logging.getLogger("tap-qa.jobs")
_MAX_DELAY_SECONDS = 60.0
_NOT_FOUND = 404
_CONFLICT = 409
_MAY_BE_TOO_LONG = frozenset({400, 422})
_WORTH_ANOTHER_LINK = (LinkExpiredError, IncompleteDownloadError, CorruptFileError)


class JobScheduler:
    """Submits jobs within the vendor's limits, polls them, and downloads their files as soon as they are done.

    A failure belongs to its job; the job's subscribers get it when they take that job.
    """

    def __init__(self, api: JobApi, downloads: Downloads, run_context: RunContext) -> None:
        """Register with the run, which from now on works on the jobs whenever it waits.

        Args:
            api: The vendor's requests.
            downloads: Fetches its files.
            run_context: Gives the clock and the waiter.
        """
        self._api = api
        self._downloads = downloads
        self._run_context = run_context
        self._exports: list[Export] = []
        self._running: list[tuple[Export, ExportJob]] = []
        self._blocked_until = 0.0
        self._unknown_states: set[str] = set()
        run_context.waiter.add_background_task(self.run_due)

    @property
    def vendor(self) -> str:
        """The vendor's name, for messages."""
        return self._api.vendor

    def add(self, export: Export) -> None:
        """Add an export to work on."""
        self._exports.append(export)

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Work on the jobs until `done` returns true; `what` names what is waited for."""
        while not done():
            seconds = self._api.limits.job_timeout_seconds
            self._run_context.waiter.wait_until(done, seconds, f"{self._api.vendor}'s job: {what}")

    def run_due(self) -> float:
        """Do what is due; return the seconds until something will be."""
        for export, job in list(self._running):
            if job.due <= self._now():
                self._isolate_failure(self._poll, export, job)
        self._running = [(export, job) for export, job in self._running if job.is_active]
        while (delay := self._submit_next()) == 0:
            pass
        return min([delay, *(job.due - self._now() for _, job in self._running)])

    @staticmethod
    def _isolate_failure(step: Callable[[Export, ExportJob], None], export: Export, job: ExportJob) -> None:
        """Do a step; a failure belongs to the job, not to the stream that waits just now."""
        try:
            step(export, job)
        except Exception as failure:  # noqa: BLE001 - whatever it is
            job.finish(failure=failure)

    # Submitting

    def _submit_next(self) -> float:
        """Submit one more job if one may run; return 0 if it was, else the seconds until one may be."""
        limits = self._api.limits
        if sum(job.is_active for _, job in self._running) >= limits.max_concurrent:
            return _MAX_DELAY_SECONDS
        delays = [_MAX_DELAY_SECONDS]
        # What a stream waits for comes first.
        for export in sorted(self._exports, key=lambda export: export.blocking_subscriber is None):
            job = export.next_due(limits.max_concurrent)
            if job is None:
                continue
            job.request = export.request_for(job)
            delay = max(job.due - self._now(), self._blocked_until - self._now(), self._api.delay(job.request))
            if delay <= 0:
                self._isolate_failure(self._submit, export, job)
                return 0
            delays.append(delay)
        return min(delays)

    def _submit(self, export: Export, job: ExportJob) -> None:
        assert job.request is not None  # noqa: S101 - for the type checker
        try:
            job.job_id = self._api.submit(job.request)
        except OutcomeUnknownError:
            self._on_unknown_outcome(export, job)
        except TransientError as failure:
            self._retry_later(job, failure)
        except RequestRejectedError as rejection:
            self._on_rejection(export, job, rejection)
        else:
            logger.info("%s: submitted job %s: %s", self._api.vendor, job.job_id, job.request)
            self._run(export, job)

    def _run(self, export: Export, job: ExportJob) -> None:
        job.phase = JobPhase.RUNNING
        job.rejections = 0
        job.due = self._now() + self._api.limits.poll_seconds
        job.deadline = self._now() + self._api.limits.job_timeout_seconds
        self._running.append((export, job))

    def _on_rejection(self, export: Export, job: ExportJob, rejection: RequestRejectedError) -> None:
        """Wait if the vendor is busy; else ask in halves, since the window may be too long for it."""
        try:
            if rejection.status not in self._api.limits.busy_statuses:
                raise rejection
            self._retry_later(job, rejection)
        except RequestRejectedError:
            if rejection.status not in _MAY_BE_TOO_LONG or not export.split(job):
                raise
            logger.info("%s: HTTP %d; asking in halves: %s", self._api.vendor, rejection.status, job.request)
            job.finish()

    def _retry_later(self, job: ExportJob, failure: TransientError | RequestRejectedError) -> None:
        """Submit the job again later: the vendor throttles, is broken, or is busy with another job."""
        # A response that can't be read may have been a job, which then keeps the vendor busy: it is our own.
        if not isinstance(failure, UnreadableResponseError) and self._is_busy(if_unknown=False):
            self._wait_for_foreign_job(job)
        else:
            job.deadline = None
            job.rejections += 1
            if isinstance(failure, RequestRejectedError):
                if failure.status != _CONFLICT or job.rejections >= self._api.limits.max_rejections:
                    raise failure
            elif job.rejections >= self._api.limits.max_rejections:
                raise self._api.retries_exhausted_error(failure, str(job.request))
        # The vendor would reject its other requests, too.
        self._blocked_until = job.due = self._now() + self._pause(job, failure)

    def _pause(self, job: ExportJob, failure: Exception) -> float:
        """Return how long to wait after a failed request: longer each time, and no less than the vendor demands."""
        shortest = self._api.limits.rejection_wait_seconds
        default_delay = max(shortest, min(shortest * 2.0 ** max(job.rejections - 1, 0), _MAX_DELAY_SECONDS))
        if isinstance(failure, TransientError):
            return max(shortest, self._api.retry_delay(failure, default_delay))
        return default_delay

    def _is_busy(self, *, if_unknown: bool) -> bool:
        try:
            return self._api.has_running_job()
        except TransientError:
            return if_unknown

    def _wait_for_foreign_job(self, job: ExportJob) -> None:
        """Wait for somebody else's job, but not forever."""
        limits = self._api.limits
        if job.deadline is None:
            job.deadline = self._now() + limits.job_timeout_seconds
            logger.info("%s: another job is running; waiting for its end: %s", self._api.vendor, job.request)
        if self._now() >= job.deadline:
            raise JobTimeoutError(
                self._api.vendor,
                f"another job kept it busy for {limits.job_timeout_seconds / 60:.0f} minutes: {job.request}.",
                f"Find out who else exports at that time, or raise {limits.timeout_setting}.",
            )

    def _on_unknown_outcome(self, export: Export, job: ExportJob) -> None:
        """Check, after a request without a response, whether a job exists before submitting another."""
        what = "no response to a job request; checking whether the job exists"
        logger.info("%s: %s: %s", self._api.vendor, what, job.request)
        job.unknown_outcomes += 1
        if job.unknown_outcomes >= self._api.limits.attempts:
            raise self._api.retries_exhausted_error(TransientError("no answer in time"), str(job.request))
        job.phase = JobPhase.OUTCOME_UNKNOWN
        job.due = self._now() + self._api.limits.rejection_wait_seconds
        job.deadline = self._now() + self._api.limits.job_timeout_seconds
        self._running.append((export, job))

    # Polling

    def _poll(self, export: Export, job: ExportJob) -> None:
        job.due = self._now() + self._api.limits.poll_seconds
        if job.phase is JobPhase.OUTCOME_UNKNOWN:
            self._resolve_unknown_outcome(job)
            return
        try:
            status = self._api.status(job.job_id)
        except TransientError as failure:
            job.rejections += 1
            if job.rejections >= self._api.limits.max_rejections:
                raise self._api.retries_exhausted_error(failure, f"the state of job {job.job_id}") from failure
            job.due = self._now() + max(self._pause(job, failure), self._api.limits.poll_seconds)
        except RequestRejectedError as rejection:
            if rejection.status != _NOT_FOUND:
                raise
            self._job_failed(export, job, "the vendor does not know the job any more")
        else:
            job.rejections = 0
            self._handle_status(export, job, status)

    def _resolve_unknown_outcome(self, job: ExportJob) -> None:
        busy = self._is_busy(if_unknown=True)
        job.due = self._now() + self._api.limits.rejection_wait_seconds
        if not busy or (job.deadline is not None and self._now() >= job.deadline):
            job.phase = JobPhase.PLANNED
            job.deadline = None

    def _handle_status(self, export: Export, job: ExportJob, status: JobStatus) -> None:
        if status.state is JobState.FAILED:
            self._job_failed(export, job, status.message or f"the vendor calls it {status.raw_state}")
        elif status.state is JobState.DONE:
            self._done(export, job, status)
        else:
            if status.state is JobState.UNKNOWN and status.raw_state not in self._unknown_states:
                self._unknown_states.add(status.raw_state)
                logger.warning(
                    "%s: a job is in a state that is not documented, taken for running: %.60s",
                    self._api.vendor,
                    status.raw_state,
                )
            self._check_time(job)

    def _check_time(self, job: ExportJob) -> None:
        limits = self._api.limits
        if job.deadline is not None and self._now() >= job.deadline:
            raise JobTimeoutError(
                self._api.vendor,
                f"job {job.job_id} was not done after {limits.job_timeout_seconds / 60:.0f} minutes: {job.request}.",
                f"Raise {limits.timeout_setting}, or ask the vendor about the job.",
            )

    def _job_failed(self, export: Export, job: ExportJob, why: str) -> None:
        """Ask again, then in halves, then give up."""
        job.jobs_failed += 1
        if job.jobs_failed < self._api.limits.attempts:
            logger.info("%s: job %s failed (%s); submitting again: %s", self._api.vendor, job.job_id, why, job.request)
            job.reset()
            job.due = self._now() + self._api.limits.poll_seconds * job.jobs_failed
        elif export.split(job):
            logger.info("%s: job %s failed (%s); asking in halves: %s", self._api.vendor, job.job_id, why, job.request)
            job.finish()
        else:
            raise JobError(
                self._api.vendor,
                f"job {job.job_id} failed, the last of {job.jobs_failed}: {job.request}; {why}.",
                "Run again later; if it fails again, ask the vendor about the job.",
            )

    # Downloading

    def _done(self, export: Export, job: ExportJob, status: JobStatus) -> None:
        if not job.pending_subscribers:
            job.finish()
        elif not status.url:
            job.polls_without_link += 1
            if job.polls_without_link >= self._api.limits.max_polls_without_link:
                job.finish()
        else:
            self._fetch(export, job, status.url)

    def _fetch(self, export: Export, job: ExportJob, url: str) -> None:
        limits = self._api.limits
        try:
            download = self._downloads.fetch(url, str(job.request))
            file = export.open(job, download, is_last_attempt=job.links_failed + 1 >= limits.attempts)
        except _WORTH_ANOTHER_LINK as failure:
            job.links_failed += 1
            if job.links_failed < limits.attempts:
                logger.info("%s: %s Asking job %s for a fresh link.", self._api.vendor, failure.problem, job.job_id)
                return
            if job.jobs_failed + 1 >= limits.attempts:
                raise
            self._job_failed(export, job, failure.problem)
        except TooLargeError:
            if not export.split(job):
                raise
            job.finish()
        else:
            job.finish(file=file)

    def _now(self) -> float:
        return self._run_context.clock.monotonic()
