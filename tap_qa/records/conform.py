"""Conforming rows to a stream's schema: typed, complete, nothing dropped.

What the schema does not know, and what does not fit its type, goes to the column `_unmapped` under the vendor's own
name; what is missing becomes null. Counts and names are logged, values never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.errors import UnexpectedResponseError
from tap_qa.json_codec import bounded
from tap_qa.records.convert import (
    InvalidValueError,
    has_leading_zeros,
    number_of_id,
    to_boolean,
    to_date,
    to_fraction,
    to_integer,
    to_number,
    to_text,
)
from tap_qa.records.drift_log import Lost, Reason, SchemaDriftLog, add_unmapped, below
from tap_qa.records.timestamps import UTC_ZONE, TimestampParser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    Converter = Callable[[Any, list[Lost]], Any]
    Schema = Mapping[str, Any]

UNMAPPED = "_unmapped"
MAY_BE_TEXT = "x-may-be-text"
"""Marks an integer in a schema: an id that some of the vendor's accounts may have as text."""


class RecordConformer:
    """Turns a vendor's rows into a stream's records."""

    def __init__(
        self,
        stream: str,
        schema: Schema,
        *,
        keys: Sequence[str],
        renames: Mapping[str, str] | None = None,
        zone: ZoneInfo = UTC_ZONE,
    ) -> None:
        """Prepare for one stream.

        Args:
            stream: Its name, for messages.
            schema: Its JSON schema.
            keys: The columns of its primary key: never null.
            renames: A vendor's other names for a column, each with the column; the column's own name wins.
            zone: The zone of naive timestamps.
        """
        self.stream = stream
        self.drift_log = SchemaDriftLog(stream, schema["properties"])
        self.keys = tuple(keys)
        self.schema = schema
        self.timestamps = timestamps = TimestampParser(zone)
        self.fits: dict[str, Converter] = {
            name: compile_converter(column, timestamps)
            for name, column in schema["properties"].items()
            if name != UNMAPPED
        }
        # Vendors declare other names for all their streams, not each of which has the column.
        self.renames = {name: column for name, column in (renames or {}).items() if column in self.fits}
        self._blank: dict[str, Any] = dict.fromkeys(schema["properties"])

    def prepare(self, column: str, make: Callable[[Any], Any]) -> None:
        """Make a column's values ones of its type first, where a vendor has several forms for one datum."""
        fit = self.fits[column]
        self.fits[column] = lambda value, lost: None if (made := make(value)) is None else fit(made, lost)

    def conform(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the record for a row.

        Raises:
            UnexpectedResponseError: A key column is missing, null or does not fit.
        """
        record = self._blank.copy()
        lost: list[Lost] = []
        columns = self.fits
        named = 0
        for name, value in row.items():
            fit = columns.get(name)
            if fit is None:
                named += self._map_aliased_field(name, value, row, record, lost)
                continue
            named += 1
            if value is not None:
                record[name] = convert_or_unmap(fit, name, value, lost, self.drift_log)
        if named < len(columns):
            self.log_missing_columns(row)
        if lost:
            unmapped: dict[str, Any] = {}
            record[UNMAPPED] = unmapped
            for one in lost:
                add_unmapped(unmapped, one.path, bounded(one.value))
        for key in self.keys:
            if record[key] is None:
                raise self._without_key(key, row)
        return record

    def _map_aliased_field(
        self,
        name: str,
        value: Any,  # noqa: ANN401 - JSON
        row: Mapping[str, Any],
        record: dict[str, Any],
        lost: list[Lost],
    ) -> int:
        """Map a field whose name is no column's; return how many columns it fills."""
        column = self.renames.get(name)
        if column is not None and row.get(column) is None and record[column] is None:
            if value is not None:
                record[column] = convert_or_unmap(self.fits[column], name, value, lost, self.drift_log)
            return 0 if column in row else 1
        lost.append(Lost(name, value, Reason.UNKNOWN, name))
        self.drift_log.unknown(name)
        return 0

    def log_missing_columns(self, row: Iterable[str]) -> None:
        """Log columns that a row, of which only the names count, does not have."""
        present = {self.renames.get(name, name) for name in row}
        for name in self.fits:
            if name not in present:
                self.drift_log.missing(name)

    def _without_key(self, key: str, row: Mapping[str, Any]) -> UnexpectedResponseError:
        state = "is null or of another type" if key in row else "is missing"
        # Names that the schema does not know may be anything, people's addresses too.
        seen = sorted(name for name in row if name in self.fits)
        if len(row) > len(seen):
            seen.append(f"{len(row) - len(seen)} that the schema does not know")
        columns = ", ".join(seen)[:300]
        return UnexpectedResponseError(
            self.stream, f"the key column {key} {state} in a row; its columns are: {columns}."
        )


def convert_or_unmap(fit: Converter, name: str, value: Any, lost: list[Lost], drift_log: SchemaDriftLog) -> Any:  # noqa: ANN401
    """Fit a value; what does not fit goes to `lost` under its path that starts with `name`."""
    before = len(lost)
    try:
        result = fit(value, lost)
    except InvalidValueError:
        result = None
        lost.append(Lost("", value))
    if len(lost) > before:
        below(name, lost, before)
        drift_log.note(name, lost[before:])
    return result


def compile_converter(schema: Schema, timestamps: TimestampParser) -> Converter:
    """Compile what a JSON schema says of one value into a function.

    The function takes a value that is not null and a list; it returns the value to emit and appends the parts of it
    that do not fit, as pairs of a path below the value and the part; it raises InvalidValueError if all of it does not.
    """
    declared = schema.get("type", ())
    types = [declared] if isinstance(declared, str) else list(declared)
    kinds = [kind for kind in types if kind != "null"]
    if len(kinds) != 1:
        return _anything
    return _converter_for(kinds[0], schema, timestamps)


def _converter_for(kind: str, schema: Schema, timestamps: TimestampParser) -> Converter:
    if kind == "array":
        return _array_fitter(schema.get("items", {}), timestamps)
    if kind == "object":
        return _object_fitter(schema.get("properties", {}), timestamps)
    convert: Callable[[Any], Any]
    if kind == "string":
        formats: dict[str, Callable[[Any], Any]] = {"date-time": timestamps, "date": to_date}
        convert = formats.get(schema.get("format", ""), to_text)
    elif kind == "boolean":
        convert = to_boolean
    else:
        fit = _number_fitter({"integer": to_integer, "number": to_number}[kind])
        return _id_fitter(fit) if schema.get(MAY_BE_TEXT) else fit
    return lambda value, _lost: convert(value)


def _anything(value: Any, _lost: list[Lost]) -> Any:  # noqa: ANN401
    return bounded(value)


def _number_fitter(convert: Callable[[Any], Any]) -> Converter:
    def fit_number(value: Any, lost: list[Lost]) -> Any:  # noqa: ANN401
        number = convert(value)
        if has_leading_zeros(value):
            lost.append(Lost("", value, Reason.LEADING_ZEROS))
        return number

    return fit_number


def _id_fitter(fit: Converter) -> Converter:
    def fit_id(value: Any, lost: list[Lost]) -> Any:  # noqa: ANN401
        try:
            return fit(value, lost)
        except InvalidValueError:
            if not isinstance(value, str):
                raise
        lost.append(Lost("", value, Reason.TEXT_ID))
        return number_of_id(value)

    return fit_id


def _array_fitter(items: Schema, timestamps: TimestampParser) -> Converter:
    declared = items.get("type", ())
    if "number" in declared:
        fit: Converter = _number_fitter(to_fraction)
    else:
        fit = compile_converter(items, timestamps)

    def fit_array(value: Any, lost: list[Lost]) -> list[Any]:  # noqa: ANN401
        if not isinstance(value, list):
            raise InvalidValueError
        result: list[Any] = []
        for position, item in enumerate(value):
            if item is None:
                result.append(None)
                continue
            before = len(lost)
            try:
                result.append(fit(item, lost))
            except InvalidValueError:
                result.append(None)
                lost.append(Lost("", item))
            if len(lost) > before:
                below(f"[{position}]", lost, before)
        return result

    return fit_array


def _object_fitter(properties: Mapping[str, Schema], timestamps: TimestampParser) -> Converter:
    fits = {name: compile_converter(schema, timestamps) for name, schema in properties.items()}

    def fit_object(value: Any, lost: list[Lost]) -> dict[str, Any]:  # noqa: ANN401
        if not isinstance(value, dict):
            raise InvalidValueError
        if not fits:
            whole: dict[str, Any] = bounded(value)
            return whole
        result: dict[str, Any] = {}
        for name, chunk in value.items():
            fit = fits.get(name)
            if fit is None:
                lost.append(Lost(f".{name}", chunk, Reason.UNKNOWN, name))
                continue
            if chunk is None:
                result[name] = None
                continue
            before = len(lost)
            try:
                result[name] = fit(chunk, lost)
            except InvalidValueError:
                result[name] = None
                lost.append(Lost("", chunk))
            if len(lost) > before:
                below(f".{name}", lost, before)
        return result

    return fit_object
