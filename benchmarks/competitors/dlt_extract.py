"""dlt's extract step: rows into files on disk, before any work on their types.

`dlt_extract.py json|csv|zip URL NAME STREAM=FILE...`; NAME is the list's name in its envelope.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dlt
import requests
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND, URL, NAME = sys.argv[1:4]
TABLES = dict(table.split("=") for table in sys.argv[4:])
_AT_ONCE = 500


def pages() -> Iterator[Any]:
    """Read a paged list."""
    yield from RESTClient(URL, paginator=JSONLinkPaginator(next_url_path="next_page"), data_selector=NAME).paginate("")


def rows(file: io.TextIOBase) -> Iterator[list[dict[str, str]]]:
    """Read a file, some rows at a time."""
    batch = []
    for row in csv.DictReader(file):
        batch.append(row)
        if len(batch) >= _AT_ONCE:
            yield batch
            batch = []
    yield batch


def table(path: str) -> Iterator[list[dict[str, str]]]:
    """Read a file, or a file in a zip."""
    with tempfile.TemporaryFile() as file, requests.get(URL, stream=True, timeout=60) as response:
        for chunk in response.iter_content(1 << 18):
            file.write(chunk)
        file.seek(0)
        archive = zipfile.ZipFile(file) if KIND == "zip" else None
        with archive.open(f"{Path(path).stem}.csv") if archive else file as member:
            yield from rows(io.TextIOWrapper(member, encoding="utf-8-sig", newline=""))


if __name__ == "__main__":
    csv.field_size_limit(1 << 26)
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline("benchmark", pipelines_dir=folder)
        for name, schema in TABLES.items():
            read = pages if KIND == "json" else lambda path=schema: table(path)
            pipeline.extract(dlt.resource(read(), name=name))
