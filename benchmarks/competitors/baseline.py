"""The least that can be done: fetch, parse, write RECORD lines; no schema, no keys, no retries, no state.

JSON rows go through requests and orjson as they are. CSV rows go through csv.reader into structures, with the same
types as the schema wants. `floor.py json URL NAME STREAM` or `floor.py csv|zip URL STREAM=SCHEMA...`.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
import zipfile
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import msgspec
import orjson
import requests

if TYPE_CHECKING:
    from collections.abc import Callable

TIME = "2024-01-01T00:00:00+00:00"
_AT_ONCE = 128


def read_json(url: str, name: str, stream: str) -> None:
    """Read a paged list."""
    session = requests.Session()
    write = sys.stdout.buffer.write
    page: str | None = url
    while page:
        body = orjson.loads(session.get(page, timeout=60).content)
        for row in body[name]:
            message = {"type": "RECORD", "stream": stream, "record": row, "time_extracted": TIME}
            write(orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE))
        page = body["next_page"]


def read_csv(url: str, stream: str, schema: str) -> None:
    """Read a file while it comes."""
    with requests.get(url, stream=True, timeout=60) as response:
        response.raw.auto_close = False  # a text reader looks at it once more after its end
        _write_rows(cast("IO[bytes]", response.raw), stream, schema)


def read_zip(url: str, tables: list[str]) -> None:
    """Read all files of a zip."""
    with tempfile.TemporaryFile() as file, requests.get(url, stream=True, timeout=60) as response:
        for chunk in response.iter_content(1 << 18):
            file.write(chunk)
        archive = zipfile.ZipFile(file)
        for table in tables:
            stream, _, schema = table.partition("=")
            with archive.open(f"{Path(schema).stem}.csv") as member:
                _write_rows(member, stream, schema)


def _write_rows(file: IO[bytes], stream: str, schema: str) -> None:
    properties = json.loads(Path(schema).read_text(encoding="utf-8"))["properties"]
    rows = csv.reader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))
    columns = [header.lower().replace(" ", "_") for header in next(rows)]
    record = msgspec.defstruct(
        "Record",
        [(f"f{place}", Any) for place in range(len(columns))],
        gc=False,
        rename={f"f{place}": name for place, name in enumerate(columns)},
    )
    line = msgspec.defstruct(
        "Line", [("type", str), ("stream", str), ("record", Any), ("time_extracted", str)], gc=False
    )
    converts = [(place, _convert(properties[name])) for place, name in enumerate(columns)]
    typed = [(place, convert) for place, convert in converts if convert is not None]
    encode = msgspec.json.Encoder(decimal_format="number").encode_lines
    write = sys.stdout.buffer.write
    while batch := list(islice(rows, _AT_ONCE)):
        lines = []
        for cells in batch:
            row: list[Any] = [cell or None for cell in cells]
            for place, convert in typed:
                if row[place] is not None:
                    row[place] = convert(row[place])
            lines.append(line("RECORD", stream, record(*row), TIME))
        write(encode(lines))


def _convert(column: dict[str, Any]) -> Callable[[str], Any] | None:
    if column.get("format") == "date-time":
        return lambda cell: f"{cell[:10]}T{cell[11:19]}+00:00"
    converts: dict[str, Callable[[str], Any]] = {"number": Decimal, "boolean": {"TRUE": True, "FALSE": False}.get}
    return converts.get(column["type"][0])


def main(kind: str, url: str, *rest: str) -> None:
    """Read what the arguments say."""
    csv.field_size_limit(1 << 26)
    if kind == "json":
        read_json(url, *rest)
    elif kind == "csv":
        stream, _, schema = rest[0].partition("=")
        read_csv(url, stream, schema)
    else:
        read_zip(url, list(rest))


if __name__ == "__main__":
    main(*sys.argv[1:])
