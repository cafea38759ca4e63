"""A tap as the Meltano SDK's template makes it, with nothing but what its documentation shows.

`plain_sdk.py json|csv|zip URL NAME STREAM=SCHEMA...`; NAME is the list's name in its envelope.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk import RESTStream, Tap
from singer_sdk.pagination import BaseHATEOASPaginator
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterable

    import requests

KIND, URL, NAME = sys.argv[1:4]
TABLES = dict(table.split("=") for table in sys.argv[4:])


class NextPage(BaseHATEOASPaginator):
    """Follows `next_page`."""

    @override
    def get_next_url(self, response: requests.Response) -> Any:
        return response.json()["next_page"]


class JsonStream(RESTStream[Any]):
    """A paged list."""

    url_base = URL
    path = ""
    records_jsonpath = f"$.{NAME}[*]"

    @override
    def get_new_paginator(self) -> Any:
        return NextPage()

    @override
    def get_url_params(self, context: Any, next_page_token: Any) -> dict[str, Any] | str:
        return str(next_page_token.query) if next_page_token else {}


class CsvStream(RESTStream[Any]):
    """A file."""

    url_base = URL
    path = ""

    @override
    def get_new_paginator(self) -> Any:
        return None

    def text(self, response: requests.Response) -> Iterable[str]:
        """Return the file's lines."""
        return io.StringIO(response.content.decode("utf-8-sig"), newline="")

    @override
    def parse_response(self, response: requests.Response) -> Iterable[dict[str, Any]]:
        for row in csv.DictReader(self.text(response)):
            yield {name.lower().replace(" ", "_"): cell or None for name, cell in row.items()}


class ZipStream(CsvStream):
    """A file in a zip."""

    @override
    def text(self, response: requests.Response) -> Iterable[str]:
        archive = zipfile.ZipFile(io.BytesIO(response.content))
        name = f"{Path(TABLES[self.name]).stem}.csv"
        return io.TextIOWrapper(archive.open(name), encoding="utf-8-sig", newline="")


class PlainTap(Tap):
    """The tap."""

    name = "tap-plain"
    config_jsonschema: ClassVar[dict[str, Any]] = {"properties": {}}

    @override
    def discover_streams(self) -> list[Any]:
        kinds: dict[str, type[JsonStream | CsvStream]] = {"json": JsonStream, "csv": CsvStream, "zip": ZipStream}
        kind = kinds[KIND]
        return [
            kind(self, name=name, schema=json.loads(Path(path).read_text(encoding="utf-8")))
            for name, path in TABLES.items()
        ]


if __name__ == "__main__":
    csv.field_size_limit(1 << 26)
    PlainTap(config={}).sync_all()
