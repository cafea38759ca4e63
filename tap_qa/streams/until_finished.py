"""The records of a stream up to its next finished window, as they go into BATCH files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.rows import Finished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_qa.rows import Part
    from tap_qa.streams.base import QAStream


class UntilFinished:
    """Iterates over them once; `finished` then tells of that window, or is None at the end of the stream."""

    def __init__(self, stream: QAStream, steps: Iterator[Part | Finished]) -> None:
        """Take a stream and its steps, which others go on with afterwards."""
        self._stream = stream
        self._steps = steps
        self.finished: Finished | None = None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield records that went through selection and stream maps."""
        for step in self._steps:
            if isinstance(step, Finished):
                self.finished = step
                return
            self._stream.tally.rows += len(step)
            for record in step.records(self._stream.shape, self._stream.typed):
                for message in self._stream._generate_record_messages(self._stream._as_listed(record)):  # noqa: SLF001
                    yield message.record
