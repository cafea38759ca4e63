"""RECORD messages, many at a time."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from singer_sdk.singerlib import RecordMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

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
    message = RecordMessage(stream, {}, version=version, time_extracted=time_extracted).to_dict()
    # The SDK's own message, with everything but the record as defaults.
    line = msgspec.defstruct(
        "RecordLine",
        [("record", Any) if name == "record" else (name, Any, value) for name, value in message.items()],
        kw_only=True,
        gc=False,
    )
    iterator = iter(records)
    while chunk := [line(record=record) for record in islice(iterator, _RECORDS_PER_PIECE)]:
        yield _encode_lines(chunk)
