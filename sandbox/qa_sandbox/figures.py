"""What a sync did, stream by stream, as its log has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SUMMARY = re.compile(
    r"(?P<stream>\w+): (?P<rows>[\d,]+) rows?, (?P<windows>\d+) windows?, (?P<requests>\d+) requests?, (?P<seconds>[\d.]+) s"
)


@dataclass(frozen=True)
class Figures:
    """One stream's line of the summary at the end of a sync."""

    rows: int = 0
    requests: int = 0
    seconds: float = 0.0


def figures(events: Iterable[Mapping[str, Any]]) -> dict[str, Figures]:
    """Return the figures of every stream that the log's summary names."""
    found = (SUMMARY.search(str(event.get("event", ""))) for event in events)
    return {
        line["stream"]: Figures(int(line["rows"].replace(",", "")), int(line["requests"]), float(line["seconds"]))
        for line in found
        if line
    }
