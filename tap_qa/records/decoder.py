"""The fast path from a vendor's JSON rows to records: decoded by a type that is made from the schema.

Most rows are just as the schema says. A type made from it decodes such rows in C and refuses every other; what the
type can't do (see `columns`) is done for many of them at once. A row that is refused goes the way of `RecordConformer`,
which knows what to do with everything; both ways lead to the same record, as a test makes sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import UNSET, Raw, UnsetType

from tap_qa import json_codec
from tap_qa.records import column_converters as finishing
from tap_qa.records.column_converters import ColumnConverter, Structures
from tap_qa.records.conform import UNMAPPED
from tap_qa.records.convert import InvalidValueError
from tap_qa.records.timestamps import TimestampParser

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    Schema = Mapping[str, Any]

_Integer = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_REFUSALS = (*json_codec.UNREADABLE, InvalidValueError)


class RowDecoder:
    """Decodes a stream's rows into structures that encode to its records."""

    def __init__(self, schema: Schema, *, keys: Sequence[str], zone: ZoneInfo) -> None:
        """Make the type.

        Args:
            schema: The stream's JSON schema.
            keys: The columns of its primary key, which a row must have.
            zone: The zone of naive timestamps.
        """
        self._formats: dict[str, ColumnConverter] = {
            "date-time": finishing.stamps(TimestampParser(zone)),
            "date": finishing.dates(),
        }
        columns = {name: column for name, column in schema["properties"].items() if name != UNMAPPED}
        record_type, structures = self._structure(columns, keys=keys, blank=None)
        self._decode = msgspec.json.Decoder(record_type).decode
        self._finish = structures.finish

    def records(self, rows: Sequence[Raw]) -> Sequence[msgspec.Struct | None]:
        """Return the record for each row; None for a row that is not just as the schema says."""
        try:
            records = [self._decode(row) for row in rows]
            self._finish(records)
        except _REFUSALS:
            if len(rows) == 1:
                return [None]
            middle = len(rows) // 2
            return [*self.records(rows[:middle]), *self.records(rows[middle:])]
        return records

    def _structure(
        self,
        columns: Mapping[str, Schema],
        *,
        keys: Sequence[str],
        blank: Any,  # noqa: ANN401
    ) -> tuple[type[msgspec.Struct], Structures]:
        """Make the type of an object with these columns, and what finishes it.

        Args:
            columns: Their schemas.
            keys: Which must be there and not null.
            blank: What a column that is not there becomes: null at the top, nothing at all further down.
        """
        fields: list[Any] = []
        finishes: dict[str, ColumnConverter] = {}
        names: dict[str, str] = {}
        # Fields are called by their position: a column may be called like a keyword. Those that must be there come
        # first in the type, so the order of columns is kept by keyword-only fields.
        for position, (column, schema) in enumerate(columns.items()):
            field = f"f{position}"
            names[field] = column
            declared, finish = self._type_of(schema)
            if finish is not None:
                finishes[field] = finish
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
        return made, Structures(finishes, may_lack_fields=blank is UNSET)

    def _type_of(self, schema: Schema) -> tuple[Any, ColumnConverter | None]:
        """Return what a value decodes as, and what finishes it."""
        declared = schema.get("type", ())
        kinds = [kind for kind in ([declared] if isinstance(declared, str) else declared) if kind != "null"]
        if len(kinds) != 1:
            return Raw, finishing.check_raw_json
        kind = kinds[0]
        if kind == "string":
            return str, self._formats.get(schema.get("format", ""))
        if kind == "number":
            return Raw, finishing.numbers
        if kind == "array":
            return self._array_type(schema.get("items", {}))
        if kind == "object":
            return self._object_type(schema)
        return {"integer": _Integer, "boolean": bool}[kind], None

    def _array_type(self, items: Schema) -> tuple[Any, ColumnConverter | None]:
        if "number" in items.get("type", ()):
            return Raw, finishing.number_arrays()
        declared, finish = self._type_of(items)
        item = declared if declared is Raw else declared | None
        whole = list[item]  # type: ignore[valid-type] # made at run time
        return whole, None if finish is None else finishing.arrays_of(finish)

    def _object_type(self, schema: Schema) -> tuple[Any, ColumnConverter | None]:
        properties = schema.get("properties")
        if not properties:
            return Raw, finishing.check_raw_objects
        made, structures = self._structure(properties, keys=(), blank=UNSET)
        return made, structures.finish if structures.have_work else None
