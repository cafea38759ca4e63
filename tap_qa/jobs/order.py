"""One window that is wanted: from the first request to its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tap_qa.errors import TapQAError
    from tap_qa.jobs.model import Request
    from tap_qa.tables.archive import Archive
    from tap_qa.tables.table import Table
    from tap_qa.windows import Window


class Phase(Enum):
    """How far an order has come."""

    PLANNED = "planned"
    """No job was asked for yet, or the last one failed."""

    DOUBTFUL = "doubtful"
    """A request broke off: the vendor may or may not have a job of it."""

    RUNNING = "running"
    """The vendor has a job of it."""

    SETTLED = "settled"
    """Its file is here, or it has no rows, or it failed for good."""


@dataclass
class Parcel:
    """A file that arrived, as the tables that its readers want, or why one of them can't have its own."""

    tables: dict[str, Table | TapQAError] = field(default_factory=dict)
    archive: Archive | None = None

    def close(self) -> None:
        """Let go of everything."""
        for table in self.tables.values():
            if not isinstance(table, Exception):
                table.close()
        if self.archive is not None:
            self.archive.close()


@dataclass(eq=False)
class Order:
    """A window, who still has to read it, and what became of it so far."""

    window: Window | None
    left: set[str]
    """The readers that have not read it yet."""

    phase: Phase = Phase.PLANNED
    due: float = 0.0
    """When it is to be worked on again, in monotonic seconds."""

    deadline: float | None = None
    """When patience with its job, or with a busy vendor, ends."""

    request: Request | None = None
    job_id: str = ""
    jobs_failed: int = 0
    links_failed: int = 0
    doubts: int = 0
    """Requests that broke off."""

    refusals: int = 0
    """Refusals or failures of the current call, in a row."""

    empty_looks: int = 0
    taken: bool = False
    """Whether a reader has begun with it."""

    parcel: Parcel | None = None
    failure: Exception | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be done for it."""
        return self.phase is Phase.SETTLED

    @property
    def is_started(self) -> bool:
        """Whether the vendor was asked for it."""
        return self.request is not None

    @property
    def occupies_vendor(self) -> bool:
        """Whether a job of it runs, or may run, at the vendor."""
        return self.phase in {Phase.RUNNING, Phase.DOUBTFUL}

    def anew(self) -> None:
        """Forget the job, so that another is asked for."""
        self.phase = Phase.PLANNED
        self.job_id = ""
        self.deadline = None
        self.links_failed = self.refusals = self.empty_looks = 0

    def settle(self, *, parcel: Parcel | None = None, failure: Exception | None = None) -> None:
        """Note how it ended; without parcel and failure, there are no rows."""
        self.phase = Phase.SETTLED
        self.parcel = parcel
        self.failure = failure

    def drop(self) -> None:
        """Let go of its file."""
        if self.parcel is not None:
            self.parcel.close()
            self.parcel = None
