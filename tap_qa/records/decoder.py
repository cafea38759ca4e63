"""The fast path from a vendor's JSON rows to records: decoded by a type that is made from the schema.

Most rows are just as the schema says. A type made from it decodes such rows in C and refuses every other; what the
type can't do (see `column_converters`) is done for many of them at once. A row that is refused goes the way of
`RecordConformer`, which knows what to do with everything; both ways lead to the same record, as a test makes sure.

What is refused again and again is a matter of its column: the type is rebuilt with that column left raw (see
`raw_columns`), or with a field for what the schema does not know, so that one odd field does not slow all others down.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import UNSET, Raw, UnsetType

from tap_qa import json_codec
from tap_qa.records import column_converters as finishing
from tap_qa.records.column_converters import ColumnConverter, Structures
from tap_qa.records.conform import UNMAPPED
from tap_qa.records.raw_columns import REFUSALS, ExtraField, RawColumn, TypedColumn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tap_qa.records.conform import RecordConformer

    Schema = Mapping[str, Any]

_Integer = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_REFUSALS_UNTIL_RAW = 3
_MAX_LESSONS = 1_000  # rows that are looked into in vain cost time
_MAX_EXTRA_FIELDS = 30  # more of them are no fields but data


class RowDecoder:
    """Decodes a stream's rows into structures that encode to its records."""

    def __init__(self, conformer: RecordConformer) -> None:
        """Make the type; `conformer` has the schema, and knows what to do with values that are not as it says."""
        self._conformer = conformer
        self._formats: dict[str, ColumnConverter] = {
            "date-time": finishing.stamps(conformer.timestamps),
            "date": finishing.dates(),
        }
        self._columns = {name: one for name, one in conformer.schema["properties"].items() if name != UNMAPPED}
        self._refusals: Counter[str] = Counter()
        self._lessons = 0
        self._raw: set[str] = set()
        self._extra: list[str] = []
        self._make()

    def records(self, rows: Sequence[Raw]) -> Sequence[msgspec.Struct | None]:
        """Return the record for each row; None for a row that is not just as the schema says."""
        decode = self._decode
        try:
            records: list[Any] = [decode(row) for row in rows]
        except REFUSALS:
            records = [self._decoded(row) for row in rows]
        try:
            self._finish([record for record in records if record is not None] if None in records else records)
        except REFUSALS:
            if len(rows) == 1:
                return [None]
            middle = len(rows) // 2
            return [*self.records(rows[:middle]), *self.records(rows[middle:])]
        return records

    def learn(self, row: Raw) -> None:
        """Look at what is odd about a row that was refused, so that later ones need not be."""
        if self._lessons >= _MAX_LESSONS:
            return
        self._lessons += 1
        fields = json_codec.split(bytes(row))
        if not isinstance(fields, dict):
            return
        odd = [name for name, part in fields.items() if self._is_odd(name, part)]
        self._refusals.update(odd)
        often = [name for name in odd if self._refusals[name] >= _REFUSALS_UNTIL_RAW]
        self._raw.update(name for name in often if name in self._columns)
        extra = [name for name in often if name not in self._columns]
        self._extra += extra[: _MAX_EXTRA_FIELDS - len(self._extra)]
        if often:
            self._make()

    def _is_odd(self, name: str, part: Raw) -> bool:
        if name in self._raw or name in self._extra or name == UNMAPPED:
            return False
        if name not in self._columns:
            return name not in self._conformer.renames
        try:
            self._typed(name).values([part])
        except REFUSALS:
            return True
        return False

    def _typed(self, name: str) -> TypedColumn:
        declared, finish = self._type_of(self._columns[name])
        return TypedColumn(declared if declared is Raw else declared | None, finish, _starts(self._columns[name]))

    def _make(self) -> None:
        keys = [name for name in self._conformer.keys if name not in self._raw]
        record_type, self._structures = self._structure(self._columns, keys=keys, blank=None)
        self._decode = msgspec.json.Decoder(record_type).decode
        fits, keys_of_rows = self._conformer.fits, self._conformer.keys
        self._odd: list[RawColumn | ExtraField] = [
            RawColumn(name, f"f{place}", self._typed(name), fits[name], is_key=name in keys_of_rows)
            for place, name in enumerate(self._columns)
            if name in self._raw
        ]
        self._odd += [ExtraField(name, f"x{place}") for place, name in enumerate(self._extra)]

    def _decoded(self, row: Raw) -> msgspec.Struct | None:
        try:
            record: msgspec.Struct = self._decode(row)
        except REFUSALS:
            return None
        return record

    def _finish(self, records: Sequence[msgspec.Struct]) -> None:
        self._structures.finish(records)
        notes: list[tuple[str, Any]] = []
        for one in self._odd:
            one.finish(records, notes)
        for name, lost in notes:  # only now, since none of the records is made again
            self._conformer.drift_log.note(name, lost)

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
            if blank is None and column in self._raw:
                declared, finish = Raw, None
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
            for place, name in enumerate(self._extra):
                names[f"x{place}"] = name
                fields.append((f"x{place}", Raw | UnsetType, UNSET))
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


def _starts(schema: Schema) -> bytes:
    """Return the first letters of JSON values of a column's type, or null."""
    letters = {"string": b'"', "integer": b"-0123456789", "boolean": b"tf", "array": b"[", "object": b"{"}
    declared = schema.get("type", ())
    kinds = [declared] if isinstance(declared, str) else declared
    return b"n" + b"".join(letters["integer" if kind == "number" else kind] for kind in kinds if kind != "null")
