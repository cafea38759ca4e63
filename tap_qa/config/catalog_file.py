"""Catalogs as people and tools hand them over: completed with what the tap knows, or refused in one line.

A catalog may select as before there was metadata (`selected` beside or in a schema), may lack schemas or metadata, and
may be of another version. What it says is never passed over in silence: a selection that does not bite would lose rows
or give away what was to stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from singer_sdk.singerlib import Catalog, Schema
from singer_sdk.singerlib.catalog import (
    REPLICATION_FULL_TABLE,
    REPLICATION_INCREMENTAL,
    Metadata,
    MetadataMapping,
    StreamMetadata,
)

from tap_qa.config.json_object import shown
from tap_qa.config.spelling import is_meant
from tap_qa.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from singer_sdk.singerlib.catalog import Breadcrumb, CatalogEntry

    Entry = dict[str, Any]

_METHODS = (REPLICATION_FULL_TABLE, REPLICATION_INCREMENTAL)
_METHOD_KEYS = ("replication-method", "forced-replication-method")
_PATH_NAMES = frozenset({"properties", "items"})


@dataclass(frozen=True)
class KnownStream:
    """What the tap knows of a stream."""

    schema: Mapping[str, Any]
    keys: Sequence[str]
    replication_key: str | None
    selected_by_default: bool


def modernized(catalog: Mapping[str, Any]) -> dict[str, Any]:
    """Return a catalog in which everything is where the SDK looks for it.

    Raises:
        SettingsError: It is no Singer catalog; the message says where.
    """
    entries = catalog.get("streams")
    if not isinstance(entries, list):
        raise SettingsError("catalog", "it has no list of streams.", "Make one with --discover.")
    made = [_checked(entry, place) for place, entry in enumerate(entries, 1)]
    names = [entry["tap_stream_id"] for entry in made]
    for name in names:
        if names.count(name) > 1:
            raise _problem(name, "it is there twice; which one counts?")
    older = [_older_selection(entry) for entry in made]
    for entry, selected in zip(made, older, strict=True):
        _set_selection(entry, selected, is_older=any(each is not None for each in older))
        _set_method(entry)
    return {**catalog, "streams": made}


def completed(catalog: Catalog, known: Mapping[str, KnownStream]) -> Catalog:
    """Return a catalog in which every stream has a schema, its keys, and metadata of the whole.

    Raises:
        SettingsError: It selects a stream that does not exist, or deselects what does not exist or can't be left out.
    """
    made = Catalog()
    for name, entry in catalog.items():
        stream = known.get(name)
        if stream is not None:
            made[name] = _completed(name, entry, stream)
        elif entry.metadata.resolve_selection().get((), False):
            raise SettingsError("catalog", f"{shown(name)} is not a stream of this tap; {is_meant(name, known)}")
    return made


# The file


def _checked(entry: object, place: int) -> Entry:
    """Return a copy of an entry with its name, a schema and metadata of the right form."""
    if not isinstance(entry, Mapping):
        raise SettingsError("catalog", f"its stream {place} is no object.", "Make a catalog with --discover.")
    name = entry.get("tap_stream_id") or entry.get("stream")
    if not isinstance(name, str):
        raise SettingsError("catalog", f"its stream {place} has no tap_stream_id.", "Make a catalog with --discover.")
    schema, metadata = entry.get("schema") or {}, entry.get("metadata") or []
    if not isinstance(schema, Mapping) or not isinstance(schema.get("properties") or {}, Mapping):
        raise _problem(name, "its schema is no object with properties.")
    if not all(isinstance(column, Mapping) for column in (schema.get("properties") or {}).values()):
        raise _problem(name, "a property of its schema is no object.")
    if not isinstance(metadata, list) or not all(map(_is_metadata, metadata)):
        raise _problem(name, "its metadata are no list of breadcrumbs with their metadata.")
    for holder in (entry, schema, *(schema.get("properties") or {}).values(), *(item["metadata"] for item in metadata)):
        if not isinstance(holder.get("selected"), (bool, type(None))):
            raise _problem(name, "a selected of it is neither true nor false.")
    copies = [{"breadcrumb": item["breadcrumb"], "metadata": dict(item["metadata"])} for item in metadata]
    return {**entry, "tap_stream_id": name, "stream": name, "schema": dict(schema), "metadata": copies}


def _is_metadata(item: object) -> bool:
    return (
        isinstance(item, Mapping)
        and isinstance(item.get("metadata"), Mapping)
        and isinstance(item.get("breadcrumb"), list)
        and all(isinstance(name, str) for name in item["breadcrumb"])
    )


def _problem(stream: str, what: str) -> SettingsError:
    return SettingsError("catalog", f"{shown(stream)}: {what}", "Correct it, or make a catalog with --discover.")


def _root(entry: Entry) -> dict[str, Any] | None:
    return next((item["metadata"] for item in entry["metadata"] if not item["breadcrumb"]), None)


def _older_selection(entry: Entry) -> bool | None:
    beside, inside = entry.get("selected"), entry["schema"].pop("selected", None)
    selected: bool | None = inside if beside is None else beside
    return selected


def _set_selection(entry: Entry, selected: bool | None, *, is_older: bool) -> None:  # noqa: FBT001 - None is a third
    """Put a selection of the older kind into the metadata, which go before it; where others have one, none means no."""
    root = _root(entry)
    if root is None and is_older:
        root = {}
        entry["metadata"].append({"breadcrumb": [], "metadata": root})
        selected = bool(selected)
    if root is not None and selected is not None and root.get("selected") is None:
        root["selected"] = selected
    known = {tuple(item["breadcrumb"]): item["metadata"] for item in entry["metadata"]}
    columns = {}
    for name, column in (entry["schema"].get("properties") or {}).items():
        columns[name] = {key: value for key, value in column.items() if key != "selected"}
        if column.get("selected") is not None:
            metadata = known.get(("properties", name))
            if metadata is None:
                metadata = {}
                entry["metadata"].append({"breadcrumb": ["properties", name], "metadata": metadata})
            metadata.setdefault("selected", column["selected"])
    entry["schema"]["properties"] = columns


def _set_method(entry: Entry) -> None:
    """Take the replication method from the metadata of the whole stream, where Singer has it."""
    root = _root(entry) or {}
    method = next((root[key] for key in _METHOD_KEYS if root.get(key)), entry.get("replication_method"))
    if method is not None and method not in _METHODS:
        raise _problem(entry["tap_stream_id"], f"its replication method is none of {' and '.join(_METHODS)}.")
    entry["replication_method"] = method


# What the tap knows


def _completed(name: str, entry: CatalogEntry, stream: KnownStream) -> CatalogEntry:
    keys = [*stream.keys, *([stream.replication_key] if stream.replication_key else [])]
    schema = entry.schema.to_dict()
    own = stream.schema["properties"]
    # Keys are always there: without them a target appends instead of updating.
    columns = {**{key: own[key] for key in keys}, **(schema.get("properties") or own)}
    metadata = MetadataMapping(entry.metadata)
    if () not in metadata:
        metadata[()] = StreamMetadata(selected=stream.selected_by_default)
    for key in keys:
        found = metadata.get(("properties", key)) or Metadata()
        metadata[("properties", key)] = replace(found, inclusion=Metadata.InclusionType.AUTOMATIC)
    if metadata.resolve_selection()[()]:
        _check_deselected(name, metadata, own, columns)
    if stream.replication_key is None and entry.replication_method == REPLICATION_INCREMENTAL:
        raise _problem(name, "it has no replication key, so it can't be INCREMENTAL.")
    if schema.get("properties"):
        schema["properties"] = columns
    else:
        schema = {**stream.schema}
    return replace(entry, schema=Schema.from_dict(schema), metadata=metadata)


def _check_deselected(stream: str, metadata: MetadataMapping, own: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Make sure that what is deselected stays away."""
    for path in [path for path, found in metadata.items() if path and found.selected is False]:
        label = shown(".".join(part for part in path if part not in _PATH_NAMES) or ".".join(path))
        if not _exists(path, own) and not _exists(path, given):
            column = path[1] if len(path) > 1 else path[0]
            raise _problem(stream, f"{label} is deselected, but there is no such column; {is_meant(column, own)}")
        if "items" in path[2::2] and metadata.resolve_selection()[path[: path.index("items", 2)]]:
            column = path[1]
            do = f"Deselect {shown(column)}, or change it with stream_maps."
            what = f"{label} is inside an array, where nothing can be deselected."
            raise SettingsError("catalog", f"{stream}: {what}", do)


def _exists(path: Breadcrumb, properties: Mapping[str, Any]) -> bool:
    """Return whether a schema has what a breadcrumb leads to."""
    node: Any = {"properties": properties}
    for part in path:
        node = node.get(part) if isinstance(node, Mapping) else None
    return node is not None
