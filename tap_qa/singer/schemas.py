"""The schemas of streams, from the files that describe them."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from singer_sdk.schema.source import SchemaDirectory, StreamSchema
from typing_extensions import override

if TYPE_CHECKING:
    from singer_sdk import Stream

UNMAPPED = "_unmapped"
_UNMAPPED_SCHEMA = {
    "type": ["object", "null"],
    "description": (
        "Fields the vendor sent that this schema does not know, or whose value does not fit its type, under the "
        "vendor's own names, nested ones by their path, with the values as received; also the text of a whole number "
        "that is written with leading zeros. Null where there are none."
    ),
}


def _folder() -> Any:  # noqa: ANN401 - a Traversable, whose module differs between the supported Pythons
    shipped = resources.files("tap_qa") / "schemas"
    return shipped if shipped.is_dir() else Path(__file__).resolve().parents[2] / "schemas"


def schema_file(vendor: str, name: str) -> dict[str, Any]:
    """Return what the file of a stream, named without its vendor, says."""
    found: dict[str, Any] = json.loads((_folder() / vendor / f"{name}.json").read_text(encoding="utf-8"))
    return found


def with_unmapped(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema file's content with the column that every stream has."""
    return {**schema, "properties": {**schema["properties"], UNMAPPED: _UNMAPPED_SCHEMA}}


class VendorSchema(StreamSchema[str]):
    """The schema of a stream: `schemas/<vendor>/<name without the vendor>.json`, and `_unmapped`."""

    def __init__(self) -> None:
        """Read from the folder that this installation has."""
        super().__init__(SchemaDirectory(_folder()))

    @override
    def get_stream_schema(self, stream: Any, stream_class: type[Stream]) -> Any:
        """Return the schema of one stream."""
        key = f"{stream.vendor}/{stream.name.removeprefix(f'{stream.vendor}_')}"
        return with_unmapped(self.schema_source.get_schema(key, key_properties=stream.primary_keys))
