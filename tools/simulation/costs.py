"""What a window costs: calls, jobs, rows and bytes, by the tap's own plan and the limits that its vendors declare."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tap_qa.runs.plan import plan_parts
from tap_qa.state.windows import Window
from tap_qa.streams.export import ExportStream
from tap_qa.tap import TapQA
from tools.simulation import workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_qa.http.rate_limit import RateLimit
    from tap_qa.streams.base import QAStream
    from tools.simulation.workload import AccountSize


@dataclass(frozen=True)
class WindowCost:
    """What one run of a vendor account costs."""

    calls: int = 0
    jobs: int = 0
    rows: int = 0
    size: int = 0
    """In bytes."""


@dataclass(frozen=True)
class VendorWork:
    """The history of a vendor account."""

    vendor: str
    windows: tuple[WindowCost, ...]
    job_rates: tuple[RateLimit, ...] = ()
    jobs_at_once: int = 1
    quota: RateLimit | None = field(default=None)
    """Of all its calls together."""

    def total(self) -> WindowCost:
        """Return what all its windows cost."""
        return _sum(self.windows)


def history_of(size: AccountSize) -> Iterator[VendorWork]:
    """Yield the history of an account, vendor by vendor, in the engine's windows.

    A list that no date cuts is read once, by a run of its own.
    """
    tap = TapQA(config=workload.config(size))
    by_vendor: dict[str, list[QAStream]] = {}
    for stream in tap.selected_streams():
        if stream.replication_key:
            by_vendor.setdefault(stream.vendor, []).append(stream)
    weeks = round(workload.SPAN.width / workload.WEEK)
    for vendor, streams in by_vendor.items():
        cut = [stream for stream in streams if len(list(stream.planned_windows(workload.SPAN))) > 1]
        whole = [stream for stream in streams if stream not in cut]
        windows = (
            *([_cost(whole, workload.SPAN, size)] if whole else []),
            *(
                [_cost(cut, Window(workload.SPAN.start, workload.SPAN.start + workload.WEEK), size)]
                * (bool(cut) * weeks)
            ),
        )
        work = VendorWork(vendor, windows, quota=workload.UNPUBLISHED_QUOTAS.get(vendor))
        jobs = getattr(tap.connection(vendor), "exports", None)
        yield replace(work, job_rates=jobs.limits.rates, jobs_at_once=jobs.limits.max_concurrent) if jobs else work


def _cost(streams: list[QAStream], window: Window, size: AccountSize) -> WindowCost:
    counts = {stream.name: _rows(stream, size) for stream in streams}
    by_name = {stream.name: stream for stream in streams}
    parts = list(plan_parts(streams, window, lambda stream: counts[stream.name][0]))
    return WindowCost(
        calls=sum(part["requests"] for part in parts),
        jobs=sum(isinstance(by_name[part["streams"][0]], ExportStream) for part in parts),
        rows=sum(rows for rows, _ in counts.values()),
        size=sum(rows * row_bytes for rows, row_bytes in counts.values()),
    )


def _rows(stream: QAStream, size: AccountSize) -> tuple[int, int]:
    """Return how many rows a window holds, and the bytes of one."""
    for figures, count in (
        (workload.ROWS_AN_EVALUATION, size.evaluations),
        (workload.ROWS_A_PERSON, size.people),
    ):
        if stream.name in figures:
            share, row_bytes = figures[stream.name]
            return round(share * count), row_bytes
    return 0, 0


def _sum(costs: tuple[WindowCost, ...]) -> WindowCost:
    return WindowCost(
        calls=sum(cost.calls for cost in costs),
        jobs=sum(cost.jobs for cost in costs),
        rows=sum(cost.rows for cost in costs),
        size=sum(cost.size for cost in costs),
    )
