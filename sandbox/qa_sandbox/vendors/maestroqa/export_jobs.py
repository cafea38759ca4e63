"""Export jobs: requested → in_progress → complete or errored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from qa_sandbox.exports.job_scripts import JobScripts, Progress
from qa_sandbox.exports.seeded import seeded_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa_sandbox.exports.file_host import FileHost
    from qa_sandbox.vendors.maestroqa.export_files import ExportFiles

Kind = Literal["raw", "groups", "audit_log"]
COMPLETE, IN_PROGRESS, REQUESTED, ERRORED = "complete", "in_progress", "requested", "errored"


@dataclass(frozen=True)
class ExportOptions:
    """What an export request asked for; see the vendor's article for the meaning of each."""

    kind: Kind
    start: datetime | None = None
    end: datetime | None = None
    single_file: str | None = None
    calibrations: str = "none"
    grader_qa: bool = False
    include_unavailable: bool = False


@dataclass
class Export:
    """One job; `file` is set when it is complete, and empty if there was nothing to export."""

    id: str
    wish: ExportOptions
    progress: Progress
    file: str | None = None
    errored: bool = False


@dataclass
class ExportJobs:
    """The account's exports.

    Attributes:
        plans: How the next jobs go.
        inclusive: Whether the bounds of a window belong to it, or which of them. The vendor's words are "after" and
            "before".
        max_scores: An export with more grades than this ends as errored; None is no limit.
        link_lifetime: Of a `dataUrl`; every poll makes a fresh one.
        done: Every export by its id.
    """

    files: ExportFiles
    host: FileHost
    now: Callable[[], datetime]
    plans: JobScripts = field(default_factory=JobScripts)
    inclusive: bool | Literal["start", "end"] = False
    max_scores: int | None = None
    link_lifetime: timedelta = timedelta(minutes=15)
    done: dict[str, Export] = field(default_factory=dict)

    def request(self, wish: ExportOptions) -> Export:
        """Start an export."""
        export = Export(f"id_{seeded_id(17, 'export', len(self.done))}", wish, Progress(self.plans.next(), self.now()))
        self.done[export.id] = export
        return export

    def poll(self, export: Export) -> dict[str, str]:
        """The answer to one poll."""
        plan = export.progress.plan
        if not export.progress.poll(self.now()):
            first = IN_PROGRESS if export.progress.polls > 1 else REQUESTED
            return _answer(export.progress.running_word(first))
        if export.file is None and not export.errored:
            self._finish(export)
        if export.errored:
            return _answer(ERRORED)
        if plan.outcome is not None:
            return _answer(plan.outcome)
        return _answer(COMPLETE, self.host.link(export.file, self.link_lifetime) if export.file else "")

    def _finish(self, export: Export) -> None:
        if export.progress.plan.outcome is not None:
            export.errored = export.progress.plan.outcome == ERRORED
            return
        name = f"{export.id}/{'export.csv' if export.wish.single_file or export.wish.kind != 'raw' else 'export.zip'}"
        path = self.host.folder / export.id
        with self.files.dataset.lock:
            count = self._write(export, path)
        if export.errored or not (count or self.files.style.link_without_rows):
            path.unlink(missing_ok=True)
            export.file = ""
            return
        self.host.put(name, path)
        export.file = name

    def _write(self, export: Export, path: Path) -> int:
        wish, dataset = export.wish, self.files.dataset
        if wish.kind == "groups":
            rows = dataset.group_rows(include_unavailable=wish.include_unavailable)
            return self.files.table(path, "agent_groups", rows)
        if wish.kind == "audit_log":
            return self.files.table(path, "audit_logs", dataset.activity_rows(self._admits(wish)))
        admits = self._admits(wish)
        grades = list(dataset.graded(admits, calibrations=wish.calibrations, grader_qa=wish.grader_qa))
        if self.max_scores is not None and len(grades) > self.max_scores:
            export.errored = True
            return 0
        return self.files.scores(path, grades, wish.single_file, admits)

    def _admits(self, wish: ExportOptions) -> Callable[[datetime], bool]:
        start, end = wish.start, wish.end
        if start is None or end is None:
            return lambda _: True
        bounds = {start: self.inclusive in {True, "start"}, end: self.inclusive in {True, "end"}}
        return lambda moment: bounds.get(moment, start < moment < end)


def _answer(status: str, url: str = "") -> dict[str, str]:
    return {"status": status, "dataUrl": url}
