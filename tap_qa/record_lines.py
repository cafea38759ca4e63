"""RECORD messages, many at a time."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from singer_sdk.singerlib import RecordMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
_RECORDS_PER_PIECE = 128  # larger pieces cost more in allocation than they save in calls
_encode_lines = msgspec.json.Encoder(decimal_format="number").encode_lines


def record_lines(
    stream: str, records: Iterable[Any], *, version: int | None, time_extracted: datetime
) -> Iterator[bytes]:
    """Yield the RECORD messages of a stream as pieces of text, a line each.

    Args:
        stream: Its name.
        records: Dicts, or structures that encode to them.
        version: The version of a full table, if versions are wanted.
        time_extracted: When they were read, in UTC.
    """
    line = _line_type(stream, version)
    # As the SDK writes it.
    extracted = RecordMessage(stream, {}, version=version, time_extracted=time_extracted).to_dict()["time_extracted"]
    iterator = iter(records)
    while chunk := [line(record, extracted) for record in islice(iterator, _RECORDS_PER_PIECE)]:
        yield _encode_lines(chunk)


@lru_cache
def _line_type(stream: str, version: int | None) -> type[msgspec.Struct]:
    """Make the type of a stream's messages: the SDK's own, with everything that is the same in all as defaults."""
    some_time = datetime.fromtimestamp(0, timezone.utc)
    message = RecordMessage(stream, {}, version=version, time_extracted=some_time).to_dict()
    varying = ("record", "time_extracted")
    return msgspec.defstruct(
        "RecordLine",
        [
            *((name, Any) for name in varying),
            *((name, Any, value) for name, value in message.items() if name not in varying),
        ],
        gc=False,
    )
