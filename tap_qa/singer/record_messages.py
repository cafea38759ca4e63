"""RECORD messages, many at a time."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, repeat
from typing import TYPE_CHECKING, Any

import msgspec
from singer_sdk.singerlib import RecordMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    Note = Callable[[Sequence[Any], Sequence[bytes], int], None]

_RECORDS_PER_PIECE = 128  # larger pieces cost more in allocation than they save in calls
_NO_RECORD = b'"record":{}'
_encode = msgspec.json.Encoder(decimal_format="number").encode
_encode_lines = msgspec.json.Encoder(decimal_format="number").encode_lines


def record_lines(
    stream: str, records: Iterable[Any], *, version: int | None, time_extracted: datetime, note: Note | None = None
) -> Iterator[bytes]:
    """Yield the RECORD messages of a stream as pieces of text, a line each.

    Args:
        stream: Its name.
        records: Dicts, or structures that encode to them.
        version: The version of a full table, if versions are wanted.
        time_extracted: When they were read, in UTC.
        note: Takes the records of each piece, their lines, and how many bytes of a line are behind its record.
    """
    message = RecordMessage(stream, {}, version=version, time_extracted=time_extracted).to_dict()
    fields = [records if name == "record" else repeat(value) for name, value in message.items()]
    line = _line_type(tuple(message))
    lines: Iterator[Any] = map(line, *fields)
    tail = len(_encode(line(**message)).partition(_NO_RECORD)[2])
    while chunk := list(islice(lines, _RECORDS_PER_PIECE)):
        piece = _encode_lines(chunk)
        if note is not None:
            note([line.record for line in chunk], piece.splitlines(), tail)
        yield piece


@lru_cache
def _line_type(names: tuple[str, ...]) -> type[msgspec.Struct]:
    """Make the type of a message with these fields, which are the SDK's own."""
    return msgspec.defstruct("RecordLine", [(name, Any) for name in names], gc=False)
