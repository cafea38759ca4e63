"""What a sync did, stream by stream, as the tap's summary in its log has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SUMMARY = re.compile(r"^(?P<stream>\w+): \w+; (?P<figures>rows=\d+ .*)$")


@dataclass(frozen=True)
class StreamStats:
    """One stream's line of the summary."""

    rows: int = 0
    requests: int = 0
    seconds: float = 0.0

    def __add__(self, other: StreamStats) -> StreamStats:
        """Sum up, for a line of totals."""
        return StreamStats(self.rows + other.rows, self.requests + other.requests, self.seconds + other.seconds)


def parse_summary(events: Iterable[Mapping[str, Any]]) -> dict[str, StreamStats]:
    """Return the figures of every stream that the summary in a log names."""
    lines = (SUMMARY.match(str(event.get("event", ""))) for event in events)
    return {line["stream"]: _figures(line["figures"]) for line in lines if line}


def _figures(text: str) -> StreamStats:
    parts = dict(part.split("=", 1) for part in text.split())
    return StreamStats(int(parts["rows"]), int(parts["requests"]), float(parts["seconds"]))
