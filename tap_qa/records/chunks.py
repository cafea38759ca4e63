"""What streams read, on its way to becoming records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from tap_qa import json_codec
from tap_qa.errors import UnexpectedResponseError
from tap_qa.records.row_key import DIGEST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tap_qa.records.conform import RecordConformer
    from tap_qa.records.decoder import RowDecoder

_CHUNK_ROWS = 128  # many more would cost more in memory that comes and goes than they save in calls
KEY_DIGITS = 2 * DIGEST_BYTES
_encode = msgspec.json.Encoder(decimal_format="number").encode


class RowChunk(Protocol):
    """Some rows, in whatever form they were read."""

    def __len__(self) -> int:
        """Return how many there are."""
        ...

    def records(self, conformer: RecordConformer, decoder: RowDecoder) -> Iterator[Any]:
        """Yield their records, each a dict or a structure that encodes to one."""
        ...


@dataclass(frozen=True)
class ParsedRows:
    """Rows that were parsed."""

    rows: Sequence[Mapping[str, Any]]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def records(self, conformer: RecordConformer, decoder: RowDecoder) -> Iterator[Any]:  # noqa: ARG002 - of no use here
        """Yield their records."""
        return map(conformer.conform, self.rows)


@dataclass(frozen=True)
class RawRows:
    """Rows as the vendor wrote them: each a JSON object."""

    rows: Sequence[msgspec.Raw]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def parsed(self) -> list[dict[str, Any]]:
        """Return the rows as dicts."""
        return list(map(_parse, self.rows))

    def records(self, conformer: RecordConformer, decoder: RowDecoder) -> Iterator[Any]:
        """Yield their records, the fast path where it leads there."""
        if self.rows:
            conformer.log_missing_columns(_names(self.rows[0]))
        for start in range(0, len(self.rows), _CHUNK_ROWS):
            rows = self.rows[start : start + _CHUNK_ROWS]
            records = decoder.records(rows)
            if all(records):
                yield from records
                continue
            for row, record in zip(rows, records, strict=True):
                if record is not None:
                    yield record
                    continue
                yield conformer.conform(_parse(row))
                decoder.learn(row)


def _names(row: msgspec.Raw) -> Iterable[str]:
    try:
        fields = json_codec.split(bytes(row))
    except json_codec.BodyError:
        return ()
    return fields if isinstance(fields, dict) else ()


def _parse(row: msgspec.Raw) -> dict[str, Any]:
    try:
        fields = json_codec.decode(row)
    except json_codec.BodyError as error:
        raise UnexpectedResponseError("a list", f"a row can't be read: {error}.") from None  # noqa: TRY003 - as all of these
    if not isinstance(fields, dict):
        raise UnexpectedResponseError("a list", "a row is no object.")  # noqa: TRY003
    return fields


@dataclass(frozen=True)
class ConformedRows:
    """Rows that are records already: dicts, or structures that encode to them."""

    rows: Sequence[Any]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def records(self, conformer: RecordConformer, decoder: RowDecoder) -> Iterator[Any]:  # noqa: ARG002 - of no use here
        """Yield them."""
        return iter(self.rows)


@dataclass(frozen=True)
class EncodedRows:
    """Rows that are records already, and encoded."""

    lines: bytes
    """The records in JSON, a line each, without an end of the last line."""

    rows: int
    key_start: int
    """Where in each line its key starts, which is of KEY_DIGITS digits."""

    def __len__(self) -> int:
        """Return how many there are."""
        return self.rows

    def keys(self, lines: Sequence[bytes]) -> list[str]:
        """Return the keys of the records."""
        start, end = self.key_start, self.key_start + KEY_DIGITS
        return [line[start:end].decode() for line in lines]

    def records(self, conformer: RecordConformer, decoder: RowDecoder) -> Iterator[Any]:  # noqa: ARG002 - of no use here
        """Yield them as dicts."""
        return map(json_codec.decode, self.lines.split(b"\n"))


def as_dict(record: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a record as the SDK handles it."""
    if isinstance(record, dict):
        return record
    plain: dict[str, Any] = json_codec.decode(_encode(record))
    return plain
