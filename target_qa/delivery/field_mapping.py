"""Which stream goes to which sink, and which of its columns to which field."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tap_qa.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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

    def values(self, record: Mapping[str, Any]) -> Values:
        """Return what is to be sent for a record.

        Raises:
            RecordRejectedError: The record does not do.
        """
        found = {
            field.name: field.value(record, self.columns.get(field.name))
            for field in self.resource.applicable_fields(self.columns, record)
        }
        return self.resource.prepare({name: value for name, value in found.items() if value is not None})


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
        known = [field.name for field in sinks[sink][1].fields]
        fields = entry.get("fields") or {}
        for column, field in fields.items():
            if field not in known:
                have = ", ".join(known)
                yield f"mapping.{stream}.fields.{column}: {sink} has no field {field!s:.80}; it has: {have}."
        for field in known:
            if list(fields.values()).count(field) > 1:
                yield f"mapping.{stream}.fields: more than one column goes to {field}."


def resolve_mapping(
    stream: str, columns: Iterable[str], mapping: Mapping[str, Any], vendors: Iterable[VendorSinks]
) -> FieldMapping:
    """Return the way of a stream.

    Args:
        stream: Its name, after stream maps.
        columns: Its columns, as its schema tells them.
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
    there = set(columns)
    mapped = dict(entry.get("fields") or {})
    absent = sorted(set(mapped) - there)
    if absent:
        raise SettingsError(
            stream, f"mapping.{stream}.fields names columns that it does not have: {', '.join(absent)}."
        )
    column_by_field = {field: column for column, field in mapped.items()}
    for field in kind.fields:
        own = next((name for name in (field.name, *field.aliases) if name in there and name not in mapped), None)
        if own is not None:
            column_by_field.setdefault(field.name, own)
    missing = [field.name for field in kind.required_fields(column_by_field) if field.name not in column_by_field]
    if missing:
        raise SettingsError(
            stream,
            f"the sink {sink} needs {', '.join(missing)}, for which the stream has no column.",
            f"Say in mapping.{stream}.fields which column goes there, as {{column: {missing[0]}}}.",
        )
    unused = sorted(column for column in there - set(column_by_field.values()) if not column.startswith("_sdc_"))
    if unused:
        logger.info("%s: not sent, since %s takes no such fields: %s", stream, sink, ", ".join(unused))
    return FieldMapping(stream, vendor, kind, column_by_field)
