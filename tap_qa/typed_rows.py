"""The quick way from a vendor's JSON row to a record: decoded by a type that is made from the schema.

Most rows are just as the schema says. A type made from it decodes such a row in C and refuses every other; what the
type can't do (stamps into UTC, numbers kept to the digit) is done on its fields. A row that is refused goes the way
of `RecordShape`, which knows what to do with everything; both ways lead to the same record, as a test makes sure.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import UNSET, Raw, UnsetType

from tap_qa.http import body as json_body
from tap_qa.records import UNMAPPED
from tap_qa.values import Instants, MisfitError, to_date, to_fraction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    Schema = Mapping[str, Any]
    Mend = Callable[[Any], None]

_Integer = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,4})?")
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_MOST_CACHED = 20_000


class TypedRows:
    """Decodes a stream's rows into structures that encode to its records."""

    def __init__(self, schema: Schema, *, keys: Sequence[str], zone: ZoneInfo) -> None:
        """Make the type.

        Args:
            schema: The stream's JSON schema.
            keys: The columns of its primary key, which a row must have.
            zone: The zone of naive stamps.
        """
        self._instants = _cached(Instants(zone))
        columns = {name: column for name, column in schema["properties"].items() if name != UNMAPPED}
        record_type, self._mend = self._structure(columns, keys=keys, blank=None)
        self._decode = msgspec.json.Decoder(record_type).decode

    def record(self, row: Raw) -> msgspec.Struct | None:
        """Return the record for a row; None if the row is not just as the schema says."""
        try:
            record: msgspec.Struct = self._decode(row)
            if self._mend is not None:
                self._mend(record)
        except (*json_body.UNREADABLE, MisfitError):
            return None
        return record

    def _structure(
        self,
        columns: Mapping[str, Schema],
        *,
        keys: Sequence[str],
        blank: Any,  # noqa: ANN401
    ) -> tuple[type[msgspec.Struct], Mend | None]:
        """Make the type of an object with these columns, and the function that finishes what it decoded.

        Args:
            columns: Their schemas.
            keys: Which must be there and not null.
            blank: What a column that is not there becomes: null at the top, nothing at all further down.
        """
        fields: list[Any] = []
        converts: dict[str, Callable[[Any], Any]] = {}
        names: dict[str, str] = {}
        # Fields are called by their position: a column may be called like a keyword. Those that must be there come
        # first in the type, so the order of columns is kept by keyword-only fields.
        for position, (column, schema) in enumerate(columns.items()):
            field = f"f{position}"
            names[field] = column
            declared, convert = self._type_of(schema)
            if convert is not None:
                converts[field] = convert
            if column in keys:
                fields.append((field, declared))
            elif declared is Raw:  # holds a null as well; in a union it would hold nothing else
                fields.append((field, Raw, Raw(b"null")) if blank is None else (field, Raw | UnsetType, UNSET))
            elif blank is None:
                fields.append((field, declared | None, None))
            else:
                fields.append((field, declared | None | UnsetType, UNSET))
        if blank is None:
            names["unmapped"] = UNMAPPED
            fields.append(("unmapped", None, None))
        made = msgspec.defstruct("Record", fields, rename=names, kw_only=True, forbid_unknown_fields=True, gc=False)
        return made, _mender(converts)

    def _type_of(self, schema: Schema) -> tuple[Any, Callable[[Any], Any] | None]:
        """Return what a value decodes as, and what finishes it."""
        declared = schema.get("type", ())
        kinds = [kind for kind in ([declared] if isinstance(declared, str) else declared) if kind != "null"]
        if len(kinds) != 1:
            return Raw, _as_it_stands
        kind = kinds[0]
        if kind == "string":
            convert = {"date-time": self._instants, "date": _dates}.get(schema.get("format", ""))
            return str, convert
        if kind == "number":
            return Raw, _checked_number
        if kind == "array":
            return self._array_type(schema.get("items", {}))
        if kind == "object":
            return self._object_type(schema)
        return {"integer": _Integer, "boolean": bool}[kind], None

    def _array_type(self, items: Schema) -> tuple[Any, Callable[[Any], Any] | None]:
        if "number" in items.get("type", ()):
            return Raw, _number_arrays
        declared, convert = self._type_of(items)
        item = declared if declared is Raw else declared | None
        whole = list[item]  # type: ignore[valid-type] # made at run time
        if convert is None:
            return whole, None
        return whole, lambda values: [None if value is None else convert(value) for value in values]

    def _object_type(self, schema: Schema) -> tuple[Any, Callable[[Any], Any] | None]:
        properties = schema.get("properties")
        if not properties:
            return Raw, _object_as_it_stands
        made, mend = self._structure(properties, keys=(), blank=UNSET)
        if mend is None:
            return made, None

        def mended(value: Any) -> Any:  # noqa: ANN401
            mend(value)
            return value

        return made, mended


def _mender(converts: Mapping[str, Callable[[Any], Any]]) -> Mend | None:
    """Make the function that finishes a record, from what finishes each of its fields."""
    if not converts:
        return None
    numbers = [field for field, convert in converts.items() if convert is _checked_number]
    others = {field: convert for field, convert in converts.items() if convert is not _checked_number}
    numbers_of = _values_of(numbers)

    def mend(record: Any) -> None:  # noqa: ANN401
        # Numbers are most of it and stay as they stand; that they are numbers is known of most.
        for number in numbers_of(record):
            if number is not UNSET and bytes(number) not in _known_numbers:
                _checked_number(number)
        for field, convert in others.items():
            value = getattr(record, field)
            if value is not None and value is not UNSET:
                setattr(record, field, convert(value))

    return mend


def _values_of(fields: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Make a function that reads some fields at once."""
    if len(fields) > 1:
        return attrgetter(*fields)
    return lambda record: tuple(getattr(record, field) for field in fields)


def _cached(convert: Callable[[Any], Any], read: Callable[[Any], Any] | None = None) -> Callable[[Any], Any]:
    """Remember what a function made of the last values: the same few come again and again.

    Args:
        convert: The function.
        read: Makes of a value what the function takes.
    """
    known: dict[Any, Any] = {}

    def converted(value: Any) -> Any:  # noqa: ANN401
        seen = value if read is None else read(value)
        try:
            return known[seen]
        except KeyError:
            pass
        if len(known) >= _MOST_CACHED:
            known.clear()
        result = known[seen] = convert(seen)
        return result

    return converted


_known_numbers: set[bytes] = set()


def _checked_number(number: Raw) -> Raw:
    """Return a number as it stands; anything else is not for the quick way."""
    text = bytes(number)
    if text != b"null" and _NUMBER.fullmatch(text) is None:
        raise MisfitError
    if len(_known_numbers) < _MOST_CACHED:
        _known_numbers.add(text)
    return number


def _as_it_stands(value: Raw) -> Raw:
    """Take whatever comes, digit by digit; characters that may have to be mended are not for the quick way."""
    if _ESCAPED_SURROGATE.search(value):
        raise MisfitError
    return value


def _object_as_it_stands(value: Raw) -> Raw:
    """Take an object, or null, with all that is in it."""
    if bytes(value)[:1] not in {b"{", b"n"}:
        raise MisfitError
    return _as_it_stands(value)


def _number_array(text: bytes) -> Raw:
    """Write an array of numbers so that all of them show a decimal point."""
    values = json_body.decode(text)
    if values is None:
        return Raw(text)
    if not isinstance(values, list) or any(isinstance(value, (str, bool)) for value in values):
        raise MisfitError
    return json_body.encode([None if value is None else to_fraction(value) for value in values])


_dates = _cached(to_date)
_number_arrays = _cached(_number_array, bytes)
