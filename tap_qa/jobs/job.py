"""One export job: a window, from the first request to its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tap_qa.errors import TapQAError
    from tap_qa.files.archive import Archive
    from tap_qa.files.csv_table import Table
    from tap_qa.jobs.api import ExportRequest
    from tap_qa.state.windows import Window


class JobPhase(Enum):
    """How far a job has come."""

    PLANNED = "planned"
    """No job was submitted yet, or the last one failed."""

    OUTCOME_UNKNOWN = "outcome_unknown"
    """A request got no response: the vendor may or may not have a job of it."""

    RUNNING = "running"
    """The vendor has a job of it."""

    FINISHED = "finished"
    """Its file is here, or it has no rows, or it failed for good."""


@dataclass
class ExportFile:
    """A downloaded file, opened for its subscribers: the table of each, or why that can't be read.

    None is a table that the file does not hold since it has no rows.
    """

    tables: dict[str, Table | TapQAError | None] = field(default_factory=dict)
    archive: Archive | None = None

    def close(self) -> None:
        """Close the tables and the file."""
        for table in self.tables.values():
            if table is not None and not isinstance(table, Exception):
                table.close()
        if self.archive is not None:
            self.archive.close()


@dataclass(eq=False)
class ExportJob:
    """A window, who still has to read it, and what became of it so far."""

    window: Window | None
    pending_subscribers: set[str]
    """The subscribers that have not read it yet."""

    phase: JobPhase = JobPhase.PLANNED
    due: float = 0.0
    """When it is to be worked on again, in monotonic seconds."""

    deadline: float | None = None
    """When to stop waiting for its job, or for a busy vendor."""

    request: ExportRequest | None = None
    job_id: str = ""
    jobs_failed: int = 0
    links_failed: int = 0
    unknown_outcomes: int = 0
    """Requests that got no response."""

    rejections: int = 0
    """Rejections or failures of the current request, in a row."""

    polls_without_link: int = 0
    is_read: bool = False
    """Whether a subscriber has begun with it."""

    file: ExportFile | None = None
    failure: Exception | None = None

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is to be done for it."""
        return self.phase is JobPhase.FINISHED

    @property
    def is_active(self) -> bool:
        """Whether a job of it runs, or may run, at the vendor."""
        return self.phase in {JobPhase.RUNNING, JobPhase.OUTCOME_UNKNOWN}

    def reset(self) -> None:
        """Forget the job, so that another is submitted."""
        self.phase = JobPhase.PLANNED
        self.deadline = None
        self.links_failed = self.rejections = self.polls_without_link = 0

    def finish(self, *, file: ExportFile | None = None, failure: Exception | None = None) -> None:
        """Note how it ended; without file and failure, there are no rows."""
        self.phase = JobPhase.FINISHED
        self.file = file
        self.failure = failure

    def drop(self) -> None:
        """Close its file and forget it."""
        if self.file is not None:
            self.file.close()
            self.file = None
