"""A low-code source of Airbyte's CDK, as its connector builder makes them.

`airbyte.py json|csv|zip URL NAME STREAM=SCHEMA...`; NAME is the list's name in its envelope. A zip holds one file.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from airbyte_cdk.entrypoint import launch
from airbyte_cdk.models import ConfiguredAirbyteCatalogSerializer
from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource

KIND, URL, NAME = sys.argv[1:4]
TABLES = dict(table.split("=") for table in sys.argv[4:])
_CSV = {"type": "CsvDecoder", "encoding": "utf-8-sig"}
_DECODERS = {"json": {"type": "JsonDecoder"}, "csv": _CSV, "zip": {"type": "ZipfileDecoder", "decoder": _CSV}}
_BY_PAGE = {
    "type": "DefaultPaginator",
    "page_token_option": {"type": "RequestPath"},
    "pagination_strategy": {
        "type": "CursorPagination",
        "cursor_value": "{{ response.next_page }}",
        "stop_condition": "{{ not response.next_page }}",
    },
}


def stream(name: str, schema: str) -> dict[str, Any]:
    """Compose a stream."""
    parts = urlsplit(URL)
    return {
        "type": "DeclarativeStream",
        "name": name,
        "retriever": {
            "type": "SimpleRetriever",
            "requester": {"type": "HttpRequester", "url_base": f"{parts.scheme}://{parts.netloc}", "path": parts.path},
            "decoder": _DECODERS[KIND],
            "record_selector": {
                "type": "RecordSelector",
                "extractor": {"type": "DpathExtractor", "field_path": [NAME] if KIND == "json" else []},
            },
            "paginator": _BY_PAGE if KIND == "json" else {"type": "NoPagination"},
        },
        "schema_loader": {
            "type": "InlineSchemaLoader",
            "schema": json.loads(Path(schema).read_text(encoding="utf-8")),
        },
    }


def main() -> None:
    """Read all streams."""
    manifest = {
        "version": "7.0.0",
        "type": "DeclarativeSource",
        "check": {"type": "CheckStream", "stream_names": list(TABLES)},
        "streams": [stream(name, schema) for name, schema in TABLES.items()],
        "spec": {"type": "Spec", "connection_specification": {"type": "object", "properties": {}}},
    }
    catalog = {
        "streams": [
            {
                "stream": {"name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh"]},
                "sync_mode": "full_refresh",
                "destination_sync_mode": "append",
            }
            for name in TABLES
        ]
    }
    with tempfile.TemporaryDirectory() as folder:
        config, configured = Path(folder, "config.json"), Path(folder, "catalog.json")
        config.write_text("{}", encoding="utf-8")
        configured.write_text(json.dumps(catalog), encoding="utf-8")
        source = ConcurrentDeclarativeSource(
            ConfiguredAirbyteCatalogSerializer.load(catalog), {}, [], source_config=manifest
        )
        launch(source, ["read", "--config", str(config), "--catalog", str(configured)])


if __name__ == "__main__":
    main()
