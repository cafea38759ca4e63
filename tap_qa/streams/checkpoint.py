"""Checkpoints between the chunks of a stream: where its bookmark may move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tap_qa.records.chunks import RowChunk
    from tap_qa.state.windows import Window


@dataclass(frozen=True)
class Checkpoint:
    """All rows of a window were yielded; None means a whole table."""

    window: Window | None = None


class RecordsUntilCheckpoint:
    """The records up to the next checkpoint, to be iterated once; `checkpoint` is None at the end of the stream."""

    def __init__(
        self,
        steps: Iterator[RowChunk | Checkpoint],
        records_of: Callable[[RowChunk], Iterable[dict[str, Any]]],
    ) -> None:
        """Start behind the last checkpoint.

        Args:
            steps: The chunks and checkpoints of the stream; the caller continues with them afterwards.
            records_of: Makes the records of a chunk.
        """
        self._steps = steps
        self._records_of = records_of
        self.checkpoint: Checkpoint | None = None
        self.has_failed = False
        """Whether reading them raised an error."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the records."""
        try:
            for step in self._steps:
                if isinstance(step, Checkpoint):
                    self.checkpoint = step
                    return
                yield from self._records_of(step)
        except Exception:
            self.has_failed = True
            raise
