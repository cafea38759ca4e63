"""Rows as a stream's schema tells: typed, complete, and with nothing thrown away.

What the schema does not know, and what does not fit its type, goes to the column `_unmapped` under the vendor's own
name; what is missing becomes null. Counts and names are logged, values never.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

from tap_qa.errors import UnexpectedResponseError
from tap_qa.records.convert import InvalidValueError, to_boolean, to_date, to_fraction, to_integer, to_number, to_text
from tap_qa.records.timestamps import UTC_ZONE, TimestampParser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    Converter = Callable[[Any, list["Lost"]], Any]
    Schema = Mapping[str, Any]

Lost = tuple[str, Any]

UNMAPPED = "_unmapped"
logger = logging.getLogger("tap-qa.records")


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
        self.drift_log = SchemaDriftLog(stream)
        self._keys = tuple(keys)
        timestamps = TimestampParser(zone)
        self._columns: dict[str, Converter] = {
            name: compile_converter(column, timestamps)
            for name, column in schema["properties"].items()
            if name != UNMAPPED
        }
        # Vendors declare other names for all their streams, not each of which has the column.
        self._renames = {name: column for name, column in (renames or {}).items() if column in self._columns}
        self._blank: dict[str, Any] = dict.fromkeys(schema["properties"])

    def conform(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the record for a row.

        Raises:
            UnexpectedResponseError: A key column is missing, null or does not fit.
        """
        record = self._blank.copy()
        lost: list[Lost] = []
        columns = self._columns
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
            record[UNMAPPED] = dict(lost)
        for key in self._keys:
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
        column = self._renames.get(name)
        if column is not None and row.get(column) is None:
            if value is not None:
                record[column] = convert_or_unmap(self._columns[column], name, value, lost, self.drift_log)
            return 0 if column in row else 1
        lost.append((name, value))
        self.drift_log.unknown(name)
        return 0

    def log_missing_columns(self, row: Iterable[str]) -> None:
        """Log columns that a row, of which only the names count, does not have."""
        present = {self._renames.get(name, name) for name in row}
        for name in self._columns:
            if name not in present:
                self.drift_log.missing(name)

    def _without_key(self, key: str, row: Mapping[str, Any]) -> UnexpectedResponseError:
        state = "is null or of another type" if key in row else "is missing"
        seen = ", ".join(sorted(map(str, row)))[:300]
        return UnexpectedResponseError(self.stream, f"the key column {key} {state} in a row; its columns are: {seen}.")


def convert_or_unmap(fit: Converter, name: str, value: Any, lost: list[Lost], drift_log: SchemaDriftLog) -> Any:  # noqa: ANN401
    """Fit a value; what does not fit goes to `lost` under its path that starts with `name`."""
    before = len(lost)
    try:
        result = fit(value, lost)
    except InvalidValueError:
        result = None
        lost.append(("", value))
    if len(lost) > before:
        lost[before:] = [(name + path, chunk) for path, chunk in lost[before:]]
        drift_log.count_invalid(name)
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
    else:
        convert = {"integer": to_integer, "number": to_number, "boolean": to_boolean}[kind]
    return lambda value, _lost: convert(value)


def _anything(value: Any, _lost: list[Lost]) -> Any:  # noqa: ANN401
    return value


def _fit_fraction(value: Any, _lost: list[Lost]) -> Any:  # noqa: ANN401
    return to_fraction(value)


def _array_fitter(items: Schema, timestamps: TimestampParser) -> Converter:
    declared = items.get("type", ())
    if "number" in declared:
        fit: Converter = _fit_fraction
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
                lost.append(("", item))
            if len(lost) > before:
                lost[before:] = [(f"[{position}]{path}", chunk) for path, chunk in lost[before:]]
        return result

    return fit_array


def _object_fitter(properties: Mapping[str, Schema], timestamps: TimestampParser) -> Converter:
    fits = {name: compile_converter(schema, timestamps) for name, schema in properties.items()}

    def fit_object(value: Any, lost: list[Lost]) -> dict[str, Any]:  # noqa: ANN401
        if not isinstance(value, dict):
            raise InvalidValueError
        result = {}
        for name, chunk in value.items():
            fit = fits.get(name)
            if fit is None or chunk is None:
                result[name] = chunk
                continue
            before = len(lost)
            try:
                result[name] = fit(chunk, lost)
            except InvalidValueError:
                result[name] = None
                lost.append(("", chunk))
            if len(lost) > before:
                lost[before:] = [(f".{name}{path}", rest) for path, rest in lost[before:]]
        return result

    return fit_object


class SchemaDriftLog:
    """What was odd about a stream's rows: each name is logged once a run, invalid values are counted."""

    def __init__(self, stream: str) -> None:
        """Start with nothing noted."""
        self._stream = stream
        self._unknown: set[str] = set()
        self._missing: set[str] = set()
        self.misfits: Counter[str] = Counter()

    def unknown(self, name: str) -> None:
        """Note a field that the schema does not know."""
        if name not in self._unknown:
            self._unknown.add(name)
            logger.info(
                "%s: the vendor sends a field that is new to the schema; it goes to _unmapped: %s",
                self._stream,
                name[:100],
            )

    def missing(self, name: str) -> None:
        """Note a column that a row does not have."""
        if name not in self._missing:
            self._missing.add(name)
            logger.info("%s: the vendor leaves out %s in at least one row; it is null there", self._stream, name)

    def count_invalid(self, name: str, count: int = 1) -> None:
        """Count cells that do not fit their column."""
        self.misfits[name] += count

    def log_counts(self) -> None:
        """Log the counts and start them again."""
        for name, count in sorted(self.misfits.items()):
            logger.warning(
                "%s: %d values of %s are invalid for its type: set to null, original in _unmapped",
                self._stream,
                count,
                name[:100],
            )
        self.misfits.clear()
