"""A vendor of export jobs that lives in the test, on a virtual clock."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tap_qa.errors import PermissionDeniedError, TapQAError, UnavailableError
from tap_qa.files.csv_shape import TableShape
from tap_qa.files.download import Download, LinkExpiredError
from tap_qa.jobs.api import ExportRequest, JobLimits, JobState, JobStatus
from tap_qa.jobs.export import Export, WindowTable
from tap_qa.jobs.scheduler import JobScheduler
from tap_qa.jobs.table_spec import TableSpec
from tap_qa.records.row_key import Columns
from tap_qa.state.windows import Window, split_into_windows
from tests.tap_qa.conftest import START, VirtualClock, surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tap_qa.http.attempt_errors import TransientError
    from tap_qa.runtime.context import RunContext

DAY = timedelta(days=1)
SCHEMA = {
    "properties": {
        "_row_key": {"type": "string"},
        "_window_end": {"type": ["string", "null"], "format": "date-time"},
        "ticket": {"type": ["string", "null"]},
        "_unmapped": {"type": ["object", "null"]},
    }
}


@dataclass
class Job:
    """One job at the fake vendor."""

    request: ExportRequest
    made_at: float
    looks: int = 0
    links: list[float] = field(default_factory=list)


@dataclass
class Fake:
    """Cooks each job for a while; a test changes what it does by replacing its functions."""

    clock: VirtualClock
    vendor: str = "fake"
    cooking_seconds: float = 45.0
    spacing_seconds: float = 0.0
    link_seconds: float = 30.0
    limits: JobLimits = field(
        default_factory=lambda: JobLimits(
            poll_seconds=5,
            job_timeout_seconds=3600,
            timeout_setting="fake.job_timeout_minutes",
            max_concurrent=2,
            rejection_wait_seconds=10,
            busy_statuses=frozenset({400, 409}),
        )
    )
    jobs: dict[str, Job] = field(default_factory=dict)
    foreign_busy_until: float = 0.0
    on_request: Callable[[int, ExportRequest], None] = lambda _number, _request: None
    on_status: Callable[[str, Job], JobStatus | None] = lambda _id, _job: None
    on_fetch: Callable[[int, ExportRequest], None] = lambda _number, _request: None
    content: Callable[[ExportRequest], bytes] = field(default_factory=lambda: csv_of)
    fetched: list[float] = field(default_factory=list)
    most_running: int = 0
    asked: int = 0
    looked_at_list: int = 0

    # The vendor's calls

    def delay(self, _request: ExportRequest) -> float:
        made = [job.made_at for job in self.jobs.values()]
        return max(0.0, max(made) + self.spacing_seconds - self.clock.seconds) if made else 0.0

    def submit(self, request: ExportRequest) -> str:
        self.asked += 1
        self.on_request(self.asked, request)
        return self.make(request)

    def make(self, request: ExportRequest) -> str:
        job_id = f"job-{len(self.jobs) + 1}"
        self.jobs[job_id] = Job(request, self.clock.seconds)
        self.most_running = max(self.most_running, sum(map(self.is_running, self.jobs.values())))
        return job_id

    def is_running(self, job: Job) -> bool:
        return self.clock.seconds < job.made_at + self.cooking_seconds

    def status(self, job_id: str) -> JobStatus:
        job = self.jobs[job_id]
        job.looks += 1
        said = self.on_status(job_id, job)
        if said is not None:
            return said
        if self.is_running(job):
            return JobStatus(JobState.RUNNING, "RUNNING")
        job.links.append(self.clock.seconds)
        return JobStatus(JobState.DONE, "SUCCEEDED", f"https://files/{job_id}/{len(job.links)}")

    def has_running_job(self) -> bool:
        self.looked_at_list += 1
        return self.clock.seconds < self.foreign_busy_until or any(map(self.is_running, self.jobs.values()))

    def retry_delay(self, failure: TransientError, usual: float) -> float:
        return usual if failure.wait is None else failure.wait

    def retries_exhausted_error(self, failure: TransientError, what: str) -> TapQAError:
        error = PermissionDeniedError if failure.status == 403 else UnavailableError
        return error(self.vendor, f"{what}: {failure}")

    # Its files

    def fetch(self, url: str, what: str) -> Download:
        _, _, _, job_id, link = url.split("/")
        job = self.jobs[job_id]
        if self.clock.seconds > job.links[int(link) - 1] + self.link_seconds:
            raise LinkExpiredError(self.vendor, f"{what}: expired.")
        self.fetched.append(self.clock.seconds)
        self.on_fetch(len(self.fetched), job.request)
        data = self.content(job.request)
        file = tempfile.TemporaryFile()  # noqa: SIM115 - handed on
        file.write(data)
        file.seek(0)
        return Download(file, len(data), declared_empty=not data)


def csv_of(request: ExportRequest) -> bytes:
    """Return a file whose one row says which window it is of."""
    return f"ticket\n{request.window}\n".encode()


class Bench:
    """A fake vendor, a queue and plans on it."""

    def __init__(self, fake: Fake, run_context: RunContext) -> None:
        self.fake = fake
        self.run_context = run_context
        self.queue = JobScheduler(fake, fake, run_context)  # type: ignore[arg-type] # fetches as Downloads does

    def plan(
        self,
        *subscribers: str,
        days: int = 3,
        width: int = 1,
        spans: dict[str, Window | None] | None = None,
        tables: tuple[str, ...] = (),
        **spec: Any,  # noqa: ANN401
    ) -> Export:
        """Make a plan whose readers have joined; `spec` is how their tables are beyond what is usual."""

        def compose(window: Window | None, left: Collection[str]) -> ExportRequest:
            alone = len(subscribers) == 1
            return ExportRequest("the export", window, {"readers": sorted(left)}, "", alone, tables)

        plan = Export(
            self.queue,
            subscribers=subscribers,
            build_request=compose,
            cut=lambda whole: split_into_windows(whole, width * DAY),
            min_width=DAY,
        )
        self.queue.add(plan)
        for subscriber in subscribers:
            span = (spans or {}).get(subscriber, Window(START, START + days * DAY))
            shape = TableShape(subscriber, SCHEMA, Columns(("ticket",)))
            plan.subscribe(subscriber, span, TableSpec(shape, (subscriber,), **spec))
        return plan

    def pass_time(self, seconds: float) -> None:
        """Let other things continue for a while, as reading another vendor's streams does."""
        self.run_context.waiter.wait(seconds, "something else")


def bench(**changes: object) -> Bench:
    """Make a bench on a virtual clock."""
    clock = VirtualClock()
    fake = Fake(clock, **changes)  # type: ignore[arg-type]
    return Bench(fake, surroundings(clock))


def tickets(delivery: WindowTable) -> list[str]:
    """Read a delivery to its end."""
    found = [record.ticket for batch in delivery.records({}) for record in batch]
    delivery.release()
    return found


def all_of(plan: Export, subscriber: str) -> list[str]:
    """Read all that a plan has for a reader."""
    found = []
    while (delivery := plan.next_window(subscriber)) is not None:
        found += tickets(delivery)
    return found
