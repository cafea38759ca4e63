"""What streams read, on its way to becoming records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from tap_qa.errors import ShapeError
from tap_qa.http import body as json_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tap_qa.records import RecordShape
    from tap_qa.typed_rows import TypedRows
    from tap_qa.windows import Window

_ROWS_AT_ONCE = 128  # many more would cost more in memory that comes and goes than they save in calls
_encode = msgspec.json.Encoder(decimal_format="number").encode


@dataclass(frozen=True)
class Finished:
    """All rows of a window went out; None stands for a whole table."""

    window: Window | None = None


class Part(Protocol):
    """Some rows, in whatever form they were read."""

    def __len__(self) -> int:
        """Return how many there are."""
        ...

    def records(self, shape: RecordShape, typed: TypedRows) -> Iterator[Any]:
        """Yield their records, each a dict or a structure that encodes to one."""
        ...


@dataclass(frozen=True)
class Rows:
    """Rows that were taken apart."""

    rows: Sequence[Mapping[str, Any]]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def records(self, shape: RecordShape, typed: TypedRows) -> Iterator[Any]:  # noqa: ARG002 - of no use here
        """Yield their records."""
        return map(shape.shape, self.rows)


@dataclass(frozen=True)
class JsonRows:
    """Rows as the vendor wrote them: each a JSON object."""

    rows: Sequence[msgspec.Raw]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def taken_apart(self) -> list[dict[str, Any]]:
        """Return the rows as dicts."""
        return list(map(_taken_apart, self.rows))

    def records(self, shape: RecordShape, typed: TypedRows) -> Iterator[Any]:
        """Yield their records, the quick way where it leads there."""
        if self.rows:
            shape.look_for_missing(_names(self.rows[0]))
        for start in range(0, len(self.rows), _ROWS_AT_ONCE):
            rows = self.rows[start : start + _ROWS_AT_ONCE]
            records = typed.records(rows)
            if all(records):
                yield from records
                continue
            for row, record in zip(rows, records, strict=True):
                yield shape.shape(_taken_apart(row)) if record is None else record


def _names(row: msgspec.Raw) -> Iterable[str]:
    try:
        fields = json_body.split(bytes(row))
    except json_body.BodyError:
        return ()
    return fields if isinstance(fields, dict) else ()


def _taken_apart(row: msgspec.Raw) -> dict[str, Any]:
    try:
        fields = json_body.decode(row)
    except json_body.BodyError as error:
        raise ShapeError("a list", f"a row can't be read: {error}.") from None  # noqa: TRY003 - as all of these
    if not isinstance(fields, dict):
        raise ShapeError("a list", "a row is no object.")  # noqa: TRY003
    return fields


@dataclass(frozen=True)
class Shaped:
    """Rows that are records already: dicts, or structures that encode to them."""

    rows: Sequence[Any]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def records(self, shape: RecordShape, typed: TypedRows) -> Iterator[Any]:  # noqa: ARG002 - of no use here
        """Yield them."""
        return iter(self.rows)


def as_dict(record: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a record as the SDK handles it."""
    if isinstance(record, dict):
        return record
    plain: dict[str, Any] = json_body.decode(_encode(record))
    return plain
