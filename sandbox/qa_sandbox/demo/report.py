"""What the demo shows at the end: what both syncs did, and whether the tables hold what the vendors hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa_sandbox.demo.comparison import difference
from qa_sandbox.demo.database import Table, changed_keys
from qa_sandbox.demo.stream_stats import StreamStats

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass
class StreamReport:
    """One stream: both syncs, and its table after each of them beside what the vendor held then."""

    stream: str
    syncs: list[StreamStats] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    truths: list[Table] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many rows the last sync added or changed."""
        return len(changed_keys(*self.tables[-2:]))

    @property
    def differences(self) -> list[str]:
        """What is not in the table as it is at the vendor, a line for each sync after which something differed."""
        told = (difference(*pair) for pair in zip(self.tables, self.truths, strict=True))
        return [f"{self.stream}, sync {number}: {line}" for number, line in enumerate(told, start=1) if line]


def table(reports: Sequence[StreamReport]) -> str:
    """Return the table of all streams, with a line of totals."""
    head = ["stream", "read", "requests", "seconds", "read", "requests", "seconds", "changed", "in table"]
    body = [_line(report.stream, report.syncs, report.changed, len(report.tables[-1])) for report in reports]
    totals = [sum((report.syncs[place] for report in reports), StreamStats()) for place in range(2)]
    whole = _line(
        "total",
        totals,
        sum(report.changed for report in reports),
        sum(len(report.tables[-1]) for report in reports),
    )
    widths = [max(map(len, column)) for column in zip(head, *body, whole, strict=True)]
    groups = ["", *(f"-- {name} sync " for name in ("first", "second"))]
    spans = [widths[0], *(sum(widths[start : start + 3]) + 4 for start in (1, 4))]
    over = "  ".join(name.ljust(span, "-" if name else " ") for name, span in zip(groups, spans, strict=True))
    rule = "  ".join("-" * width for width in widths)
    return "\n".join(
        [over, _row(head, widths), rule, *(_row(line, widths) for line in body), rule, _row(whole, widths)]
    )


def _line(name: str, syncs: Iterable[StreamStats], changed: int, rows: int) -> list[str]:
    numbers = [cell for sync in syncs for cell in (f"{sync.rows:,}", f"{sync.requests:,}", f"{sync.seconds:.1f}")]
    return [name, *numbers, f"{changed:,}", f"{rows:,}"]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)])
