"""RECORD messages, many at a time."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from singer_sdk.singerlib import RecordMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    Note = Callable[[Sequence[Any], Sequence[bytes]], None]

_RECORDS_PER_PIECE = 128  # larger pieces cost more in allocation than they save in calls
_NO_RECORD = b'"record":{}'
_encode = msgspec.json.Encoder(decimal_format="number").encode
_encode_lines = msgspec.json.Encoder(decimal_format="number").encode_lines


class Envelope:
    """What stands before and behind the record in the line of a message."""

    def __init__(self, stream: str, *, version: int | None, time_extracted: datetime) -> None:
        """Make it.

        Args:
            stream: The name of the stream.
            version: The version of a full table, if versions are wanted.
            time_extracted: When the records were read, in UTC.
        """
        message = RecordMessage(stream, {}, version=version, time_extracted=time_extracted)
        before, name, after = _encode(message.to_dict()).partition(_NO_RECORD)
        self._before, self._after = before + name[:-2], after + b"\n"
        self._between = self._after + self._before

    def wrap(self, lines: bytes) -> bytes:
        """Return the messages for records in JSON, one a line, the last of them without a line end."""
        return self._before + lines.replace(b"\n", self._between) + self._after


def record_lines(records: Iterable[Any], envelope: Envelope, *, note: Note | None = None) -> Iterator[bytes]:
    """Yield the RECORD messages of a stream as pieces of text, a line each.

    Args:
        records: Dicts, or structures that encode to them.
        envelope: The JSON before and after each of them.
        note: Takes the records of each piece, and each of them in JSON.
    """
    records = iter(records)
    while chunk := list(islice(records, _RECORDS_PER_PIECE)):
        # No line end stands inside of JSON that is encoded, so each is one between two records.
        lines = _encode_lines(chunk)[:-1]
        if note is not None:
            note(chunk, lines.split(b"\n"))
        yield envelope.wrap(lines)
