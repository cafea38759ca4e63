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


def record_lines(
    stream: str, records: Iterable[Any], *, version: int | None, time_extracted: datetime, note: Note | None = None
) -> Iterator[bytes]:
    """Yield the RECORD messages of a stream as pieces of text, a line each.

    Args:
        stream: Its name.
        records: Dicts, or structures that encode to them.
        version: The version of a full table, if versions are wanted.
        time_extracted: When they were read, in UTC.
        note: Takes the records of each piece, and each of them in JSON.
    """
    before, after = _envelope(RecordMessage(stream, {}, version=version, time_extracted=time_extracted))
    between = after + b"\n" + before
    records = iter(records)
    while chunk := list(islice(records, _RECORDS_PER_PIECE)):
        # No line end stands inside of JSON that is encoded, so each is one between two records.
        lines = _encode_lines(chunk)[:-1]
        if note is not None:
            note(chunk, lines.split(b"\n"))
        yield before + lines.replace(b"\n", between) + after + b"\n"


def _envelope(message: RecordMessage) -> tuple[bytes, bytes]:
    """Return what stands before and behind the record in the line of a message."""
    before, name, after = _encode(message.to_dict()).partition(_NO_RECORD)
    return before + name[:-2], after
