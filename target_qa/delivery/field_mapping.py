"""Which stream goes to which sink, and which of its columns to which field."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tap_qa.errors import SettingsError
from tap_qa.records.convert import InvalidValueError
from target_qa.resources.deletion import DELETED, TOOL_COLUMNS, is_deletion
from target_qa.resources.fields import RecordRejectedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from target_qa.resources.fields import Values
    from target_qa.resources.resource import Resource, VendorSinks

logger = logging.getLogger("target-qa")


@dataclass(frozen=True)
class FieldMapping:
    """The way of one stream's records."""

    stream: str
    vendor: VendorSinks
    resource: type[Resource]
    columns: Mapping[str, str]
    """Field to the column that it is taken from."""

    deletion_columns: tuple[str, ...]
    """Columns that may mark a row as deleted, also if only the record has them."""

    schemas: Mapping[str, Any]
    """Column to its JSON schema."""

    def is_deleted(self, record: Mapping[str, Any], now: datetime) -> bool:
        """Return whether a record is marked as deleted.

        Raises:
            RecordRejectedError: A mark may mean anything.
        """
        try:
            marks = [is_deletion(record.get(column), now) for column in self.deletion_columns]
        except InvalidValueError:
            raise RecordRejectedError(DELETED, "is not a truth value or a time") from None
        return any(marks)

    def values(self, record: Mapping[str, Any], *, deleted: bool = False) -> Values:
        """Return what is to be sent for a record.

        Raises:
            RecordRejectedError: The record does not do.
        """
        kind = self.resource
        found = {}
        for field in kind.fields:
            if deleted and field.name not in kind.identifiers:
                continue
            column = self.columns.get(field.name)
            given = None if column is None else record.get(column)
            found[field.name] = field.value(given, self.schemas.get(column or ""))
        values = {name: value for name, value in found.items() if value is not None}
        if kind.identifiers and not values.keys() & set(kind.identifiers):
            raise RecordRejectedError(next(name for name in kind.identifiers if name in self.columns), "is missing")
        return {**values, DELETED: True} if deleted else kind.prepare(values)


def resources_by_sink(vendors: Iterable[VendorSinks]) -> dict[str, tuple[VendorSinks, type[Resource]]]:
    """Return all sinks by name."""
    return {kind.name: (vendor, kind) for vendor in vendors for kind in vendor.resources}


def mapping_problems(mapping: Mapping[str, Any], vendors: Iterable[VendorSinks]) -> Iterator[str]:
    """Find what is wrong with the setting `mapping`, a line each."""
    sinks = resources_by_sink(vendors)
    for stream, entry in mapping.items():
        if not isinstance(entry, dict):
            continue  # its type was found wrong already
        sink = entry.get("sink", stream)
        if sink not in sinks:
            yield f"mapping.{stream}: there is no sink {sink!s:.80}; there are: {', '.join(sinks)}."
            continue
        known = [*(field.name for field in sinks[sink][1].fields), DELETED]
        fields = entry.get("fields") or {}
        for column, field in fields.items():
            if field not in known:
                have = ", ".join(known)
                yield f"mapping.{stream}.fields.{column}: {sink} has no field {field!s:.80}; it has: {have}."
        for field in known:
            if list(fields.values()).count(field) > 1:
                yield f"mapping.{stream}.fields: more than one column goes to {field}."


def resolve_mapping(
    stream: str, schemas: Mapping[str, Any], mapping: Mapping[str, Any], vendors: Iterable[VendorSinks]
) -> FieldMapping:
    """Return the way of a stream.

    Args:
        stream: Its name, after stream maps.
        schemas: Its columns, as its schema declares them.
        mapping: The setting; it was checked.
        vendors: All that there are.

    Raises:
        SettingsError: There is no sink for it, or it lacks a column that the sink needs.
    """
    entry = mapping.get(stream) or {}
    sinks = resources_by_sink(vendors)
    sink = entry.get("sink", stream)
    if sink not in sinks:
        raise SettingsError(
            stream,
            "there is no sink for this stream.",
            f"Name one in mapping, or leave the stream out. The sinks: {', '.join(sinks)}.",
        )
    vendor, kind = sinks[sink]
    there = set(schemas)
    mapped = dict(entry.get("fields") or {})
    absent = sorted(set(mapped) - there)
    if absent:
        raise SettingsError(
            stream, f"mapping.{stream}.fields names columns that it does not have: {', '.join(absent)}."
        )
    column_by_field = {field: column for column, field in mapped.items()}
    deletion = column_by_field.pop(DELETED, DELETED)
    marks = tuple(column for column in (deletion, *TOOL_COLUMNS) if mapped.get(column, DELETED) == DELETED)
    for field in kind.fields:
        if field.name in there and field.name not in mapped:
            column_by_field.setdefault(field.name, field.name)
    missing = [field.name for field in kind.fields if field.required and field.name not in column_by_field]
    if kind.can_delete and there & set(marks):
        missing = []  # a stream of deletions needs nothing else
    if kind.identifiers and not column_by_field.keys() & set(kind.identifiers):
        missing.insert(0, " or ".join(kind.identifiers))
    if missing:
        example = missing[0].partition(" ")[0]
        raise SettingsError(
            stream,
            f"the sink {sink} needs {', '.join(missing)}, for which the stream has no column.",
            f"Say in mapping.{stream}.fields which column goes there, as {{column: {example}}}.",
        )
    used = {*column_by_field.values(), *marks}
    unused = sorted(column for column in there - used if not column.startswith("_sdc_"))
    if unused:
        logger.info("%s: not sent, since %s takes no such fields: %s", stream, sink, ", ".join(unused))
    return FieldMapping(stream, vendor, kind, column_by_field, marks, schemas)
