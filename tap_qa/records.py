"""Rows as a stream's schema tells: typed, complete, and with nothing thrown away.

What the schema does not know, and what does not fit its type, goes to the column `_unmapped` under the vendor's own
name; what is missing becomes null. Counts and names are logged, values never.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

from tap_qa.errors import ShapeError
from tap_qa.values import (
    UTC_ZONE,
    Instants,
    MisfitError,
    to_boolean,
    to_date,
    to_fraction,
    to_integer,
    to_number,
    to_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    Fit = Callable[[Any, list["Lost"]], Any]
    Schema = Mapping[str, Any]

Lost = tuple[str, Any]

UNMAPPED = "_unmapped"
logger = logging.getLogger("tap-qa.records")


class RecordShape:
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
            zone: The zone of naive stamps.
        """
        self.stream = stream
        self.notes = Notes(stream)
        self._keys = tuple(keys)
        instants = Instants(zone)
        self._columns: dict[str, Fit] = {
            name: fitter(column, instants) for name, column in schema["properties"].items() if name != UNMAPPED
        }
        # Vendors declare other names for all their streams, not each of which has the column.
        self._renames = {name: column for name, column in (renames or {}).items() if column in self._columns}
        self._blank: dict[str, Any] = dict.fromkeys(schema["properties"])

    def shape(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the record for a row.

        Raises:
            ShapeError: A key column is missing, null or does not fit.
        """
        record = self._blank.copy()
        lost: list[Lost] = []
        columns = self._columns
        named = 0
        for name, value in row.items():
            fit = columns.get(name)
            if fit is None:
                named += self._adopt(name, value, row, record, lost)
                continue
            named += 1
            if value is not None:
                record[name] = fitted(fit, name, value, lost, self.notes)
        if named < len(columns):
            self.look_for_missing(row)
        if lost:
            record[UNMAPPED] = dict(lost)
        for key in self._keys:
            if record[key] is None:
                raise self._without_key(key, row)
        return record

    def _adopt(self, name: str, value: Any, row: Mapping[str, Any], record: dict[str, Any], lost: list[Lost]) -> int:  # noqa: ANN401
        """Take in a field that is not called like a column; return how many columns it fills."""
        column = self._renames.get(name)
        if column is not None and row.get(column) is None:
            if value is not None:
                record[column] = fitted(self._columns[column], name, value, lost, self.notes)
            return 0 if column in row else 1
        lost.append((name, value))
        self.notes.unknown(name)
        return 0

    def look_for_missing(self, row: Iterable[str]) -> None:
        """Log columns that a row, of which only the names count, does not have."""
        present = {self._renames.get(name, name) for name in row}
        for name in self._columns:
            if name not in present:
                self.notes.missing(name)

    def _without_key(self, key: str, row: Mapping[str, Any]) -> ShapeError:
        state = "is null or of another type" if key in row else "is missing"
        seen = ", ".join(sorted(map(str, row)))[:300]
        return ShapeError(self.stream, f"the key column {key} {state} in a row; its columns are: {seen}.")


def fitted(fit: Fit, name: str, value: Any, lost: list[Lost], notes: Notes) -> Any:  # noqa: ANN401
    """Fit a value; what does not fit goes to `lost` under its path that starts with `name`."""
    before = len(lost)
    try:
        result = fit(value, lost)
    except MisfitError:
        result = None
        lost.append(("", value))
    if len(lost) > before:
        lost[before:] = [(name + path, part) for path, part in lost[before:]]
        notes.misfit(name)
    return result


def fitter(schema: Schema, instants: Instants) -> Fit:
    """Compile what a JSON schema says of one value into a function.

    The function takes a value that is not null and a list; it returns the value to emit and appends the parts of it
    that do not fit, as pairs of a path below the value and the part; it raises MisfitError if all of it does not.
    """
    declared = schema.get("type", ())
    types = [declared] if isinstance(declared, str) else list(declared)
    kinds = [kind for kind in types if kind != "null"]
    if len(kinds) != 1:
        return _anything
    return _fitter_of(kinds[0], schema, instants)


def _fitter_of(kind: str, schema: Schema, instants: Instants) -> Fit:
    if kind == "array":
        return _array_fitter(schema.get("items", {}), instants)
    if kind == "object":
        return _object_fitter(schema.get("properties", {}), instants)
    convert: Callable[[Any], Any]
    if kind == "string":
        formats: dict[str, Callable[[Any], Any]] = {"date-time": instants, "date": to_date}
        convert = formats.get(schema.get("format", ""), to_text)
    else:
        convert = {"integer": to_integer, "number": to_number, "boolean": to_boolean}[kind]
    return lambda value, _lost: convert(value)


def _anything(value: Any, _lost: list[Lost]) -> Any:  # noqa: ANN401
    return value


def _fit_fraction(value: Any, _lost: list[Lost]) -> Any:  # noqa: ANN401
    return to_fraction(value)


def _array_fitter(items: Schema, instants: Instants) -> Fit:
    declared = items.get("type", ())
    if "number" in declared:
        fit: Fit = _fit_fraction
    else:
        fit = fitter(items, instants)

    def fit_array(value: Any, lost: list[Lost]) -> list[Any]:  # noqa: ANN401
        if not isinstance(value, list):
            raise MisfitError
        result: list[Any] = []
        for position, item in enumerate(value):
            if item is None:
                result.append(None)
                continue
            before = len(lost)
            try:
                result.append(fit(item, lost))
            except MisfitError:
                result.append(None)
                lost.append(("", item))
            if len(lost) > before:
                lost[before:] = [(f"[{position}]{path}", part) for path, part in lost[before:]]
        return result

    return fit_array


def _object_fitter(properties: Mapping[str, Schema], instants: Instants) -> Fit:
    fits = {name: fitter(schema, instants) for name, schema in properties.items()}

    def fit_object(value: Any, lost: list[Lost]) -> dict[str, Any]:  # noqa: ANN401
        if not isinstance(value, dict):
            raise MisfitError
        result = {}
        for name, part in value.items():
            fit = fits.get(name)
            if fit is None or part is None:
                result[name] = part
                continue
            before = len(lost)
            try:
                result[name] = fit(part, lost)
            except MisfitError:
                result[name] = None
                lost.append(("", part))
            if len(lost) > before:
                lost[before:] = [(f".{name}{path}", rest) for path, rest in lost[before:]]
        return result

    return fit_object


class Notes:
    """What was odd about a stream's rows: each name is logged once a run, misfits are counted."""

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

    def misfit(self, name: str, count: int = 1) -> None:
        """Count cells that do not fit their column."""
        self.misfits[name] += count

    def sum_up(self) -> None:
        """Log the counts and start them anew."""
        for name, count in sorted(self.misfits.items()):
            logger.warning(
                "%s: %d cells of %s don't fit its type; they are null, their text is in _unmapped",
                self._stream,
                count,
                name[:100],
            )
        self.misfits.clear()
