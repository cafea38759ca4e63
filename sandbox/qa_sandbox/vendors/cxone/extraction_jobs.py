"""Data Extraction jobs: one at a time for the whole tenant, files for 24 hours, links for 30 seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from qa_sandbox.exports.csv_files import NUMBER, numbered_lines, write_csv
from qa_sandbox.exports.job_scripts import JobScript, JobScripts, Progress
from qa_sandbox.exports.seeded import seeded_uuid
from qa_sandbox.plausible_data import seeded_rng
from qa_sandbox.vendors.cxone.dataset import WORKFLOWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from qa_sandbox.exports.bulk import Bulk
    from qa_sandbox.exports.cells import Row
    from qa_sandbox.exports.file_host import FileHost
    from qa_sandbox.vendors.cxone.dataset import CxOneDataset
    from qa_sandbox.vendors.cxone.file_variant import Style

RUNNING, SUCCEEDED, FAILED, CANCELLED, EXPIRED = "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED"
FILE_LIFETIME = timedelta(hours=24)
_PATTERNS = 50


@dataclass(frozen=True)
class Extraction:
    """What a job extracts: rows submitted on the UTC days from start to end."""

    entity: str
    version: str
    start: date
    end: date


@dataclass
class Job:
    """One job; a foreign one extracts nothing that concerns us.

    Attributes:
        made_at: When its file was written.
        ending: What it ended as, once that is decided.
    """

    id: str
    extraction: Extraction | None
    progress: Progress
    made_at: datetime | None = None
    ending: str | None = None


@dataclass
class ExtractionJobs:
    """The tenant's jobs.

    Attributes:
        plans: How the next jobs go.
        end_inclusive: Whether the end date's day belongs to an extraction; no document says.
        max_rows: An extraction of more rows ends as FAILED; None is no limit.
        link_lifetime: Of a link; every status call makes a fresh one.
        bulk: Rows beyond count, by entity.
        done: Every job by its id.
    """

    dataset: CxOneDataset
    style: Style
    host: FileHost
    now: Callable[[], datetime]
    plans: JobScripts = field(default_factory=JobScripts)
    end_inclusive: bool = True
    max_rows: int | None = None
    link_lifetime: timedelta = timedelta(seconds=30)
    bulk: Bulk | None = None
    done: dict[str, Job] = field(default_factory=dict)

    def start(self, extraction: Extraction | None, plan: JobScript | None = None) -> Job:
        """Start a job."""
        progress = Progress(plan or self.plans.next(), self.now())
        job = Job(seeded_uuid("job", len(self.done)), extraction, progress)
        self.done[job.id] = job
        return job

    def start_foreign(self, duration: timedelta) -> Job:
        """Another consumer of the same tenant keeps it busy."""
        return self.start(None, JobScript(duration))

    def cancel(self, job: Job) -> None:
        """Somebody cancels a job."""
        job.ending = CANCELLED

    def busy(self) -> bool:
        """Whether any job of the tenant is running."""
        return any(self.status(job) == RUNNING for job in self.done.values())

    def status(self, job: Job) -> str:
        """Where a job stands, without counting as a poll."""
        if job.made_at is not None and self.now() - job.made_at > FILE_LIFETIME:
            self.host.remove(_file_name(job))
            return EXPIRED
        if job.ending is not None:
            return job.ending
        return (job.progress.plan.outcome or SUCCEEDED) if job.progress.ended(self.now()) else RUNNING

    def poll(self, job: Job) -> tuple[str, str]:
        """The status that a poll finds, and the link or the vendor's message, if there is one."""
        running = self.status(job) == RUNNING
        job.progress.poll(self.now())
        if running:
            return job.progress.running_word(RUNNING), ""
        if job.extraction is not None and job.ending is None and job.progress.plan.outcome is None:
            self._finish(job, job.extraction)
        status = self.status(job)
        if status != SUCCEEDED:
            return status, job.progress.plan.message or ("Too many rows" if job.ending == FAILED else "")
        return status, self.host.link(_file_name(job), self.link_lifetime) if job.made_at else ""

    def _finish(self, job: Job, extraction: Extraction) -> None:
        path = self.host.folder / job.id
        with self.dataset.lock:
            count = self._write(path, extraction)
        job.ending = SUCCEEDED
        if self.max_rows is not None and count > self.max_rows:
            path.unlink()
            job.ending = FAILED
            return
        if not count and self.style.empty_file_without_rows:
            path.write_bytes(b"")
        self.host.put(_file_name(job), path)
        job.made_at = self.now()

    def _write(self, path: Path, extraction: Extraction) -> int:
        entity, version = extraction.entity, extraction.version
        rows = list(self.dataset.extracted(entity, self._admits(extraction)))
        # The vendor promises no order; this one is the same each time.
        seeded_rng("order", path.name).shuffle(rows)
        with path.open("wb") as file:
            return write_csv(
                file,
                self.style.head(entity, version),
                (self.style.line(entity, version, row) for row in rows),
                bom=self.style.bom,
                line_end=self.style.line_end,
                more_lines=self._bulk_lines(extraction),
            )

    def _admits(self, extraction: Extraction) -> Callable[[datetime], bool]:
        last = extraction.end if self.end_inclusive else extraction.end - timedelta(days=1)
        return lambda moment: extraction.start <= moment.date() <= last

    def _bulk_lines(self, extraction: Extraction) -> Iterator[str]:
        if self.bulk is None or not self._admits(extraction)(self.bulk.at):
            return iter(())
        entity = extraction.entity
        numbered = "workflow_id" if entity == WORKFLOWS else "workflow_instance_id"
        stamped = "submission_date" if entity == WORKFLOWS else "evaluation_submission_date"
        changes: Row = {numbered: f"bulk-{NUMBER}", "segment_id": f"bulk-{NUMBER}", stamped: self.bulk.at}
        some = self.dataset.rows(entity, self.dataset.evaluations[:_PATTERNS])
        patterns = [self.style.line(entity, extraction.version, row | changes) for row in some]
        return numbered_lines(patterns, self.bulk.rows.get(entity, 0), self.style.line_end)


def _file_name(job: Job) -> str:
    return f"data-extraction/{job.id}.csv"
