"""Where the schema files are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from singer_sdk.schema.source import SchemaDirectory, StreamSchema
from typing_extensions import override

if TYPE_CHECKING:
    from singer_sdk import Stream


def _folder() -> Any:  # noqa: ANN401 - a Traversable, whose home moved between the supported Pythons
    shipped = resources.files("tap_qa") / "schemas"
    return shipped if shipped.is_dir() else Path(__file__).resolve().parents[1] / "schemas"


class VendorSchema(StreamSchema[str]):
    """The schema of a stream, from `schemas/<vendor>/<name without the vendor>.json`."""

    def __init__(self) -> None:
        """Read from the folder that this installation has."""
        super().__init__(SchemaDirectory(_folder()))

    @override
    def get_stream_schema(self, stream: Any, stream_class: type[Stream]) -> Any:
        """Return the schema of one stream."""
        key = f"{stream.vendor}/{stream.name.removeprefix(f'{stream.vendor}_')}"
        return self.schema_source.get_schema(key, key_properties=stream.primary_keys)
