"""CSV files as CXone's jobs and MaestroQA's exports make them."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from datetime import date, timedelta
from typing import IO, TYPE_CHECKING

from benchmarks.data import generated_rows

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.data.generated_rows import Schema

_BLOCK_ROWS = 1000
_MARK = "id-9"
_IDS = ("workflow_id", "gradable_id")
"""The columns that tell rows apart, whatever else is in them."""

_FIRST_DAY = date(2012, 1, 1)
_USUAL = {"type": "Evaluation"}
_NEVER_EMPTY = ("annotation_id", "agent_id", "rubric_id", "question_id", "section_id")
ZIPPED = ("total_scores", "section_scores", "individual_answers", "annotations", "csat")


def write_csv(path: Path, vendor: str, table: str, rows: int, *, stamp_end: str, duplicate_every: int = 0) -> None:  # noqa: PLR0913 - what a file is made of
    """Write a file of many rows; of every so many one shares its identifying columns with the one before."""
    with path.open("wb") as file:
        _write(file, vendor, table, rows, stamp_end=stamp_end, duplicate_every=duplicate_every)


def write_zip(path: Path, vendor: str, rows: int, *, stamp_end: str) -> None:
    """Write a zip of five files that have so many rows together."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for table in ZIPPED:
            with archive.open(f"{table}.csv", "w", force_zip64=True) as file:
                _write(file, vendor, table, rows // len(ZIPPED), stamp_end=stamp_end)


def header_of(name: str) -> str:
    """Return what a file calls a column."""
    return name.replace("_", " ").title().replace(" Id", " ID")


def _write(  # noqa: PLR0913 - as above
    file: IO[bytes], vendor: str, table: str, rows: int, *, stamp_end: str, duplicate_every: int = 0
) -> None:
    columns = generated_rows.columns(generated_rows.schema(vendor, table))
    file.write(_csv([[header_of(name) for name in columns]]))
    for number in range(-(-rows // _BLOCK_ROWS)):
        # Each row is made up: rows that repeat would flatter caches of values.
        count = min(_BLOCK_ROWS, rows - number * _BLOCK_ROWS)
        ids = [place - (place % duplicate_every == 1) if duplicate_every else place for place in range(count)]
        wanted = _block(columns, random.Random(number), stamp_end, ids)  # noqa: S311
        day = _FIRST_DAY + timedelta(days=number)
        file.write(b"".join(wanted).replace(_MARK.encode(), b"id-%d-" % number).replace(_DAY, day.isoformat().encode()))


_DAY = generated_rows.DAY.encode()


def _block(columns: dict[str, Schema], rng: random.Random, stamp_end: str, ids: list[int]) -> list[bytes]:
    return [_csv([[_cell(name, column, rng, number, stamp_end) for name, column in columns.items()]]) for number in ids]


def _cell(name: str, column: Schema, rng: random.Random, number: int, stamp_end: str) -> str:
    if name in _IDS:
        return f"{_MARK}{number:05}"
    if name in _USUAL:
        return _USUAL[name]
    value = generated_rows.value(name, column, rng, stamp_end=stamp_end)
    if value is None:
        return f"{number}" if name in _NEVER_EMPTY else ""
    if isinstance(value, bool):
        return str(value).upper()
    text = str(value)
    return f'{text}\n"{text}"' if "comment" in name and number % 5 == 0 else text


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
