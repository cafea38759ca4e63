"""CSV files of any length, written row by row."""

from __future__ import annotations

import csv
import io
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

NUMBER = "\ue000"
"""Stands for the running number in the cells of the patterns given to `numbered_lines`."""


def write_csv(  # noqa: PLR0913 -- each is a plain property of a CSV file
    file: IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    bom: bool = False,
    line_end: str = "\r\n",
    more_lines: Iterable[str] = (),
) -> int:
    """Write a table in UTF-8 and leave the file open.

    Returns:
        The number of rows, those of `more_lines` included: lines that are ready, each with its line end.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig" if bom else "utf-8", newline="", write_through=False)
    writer = csv.writer(text, lineterminator=line_end)
    writer.writerow(header)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 -- counted on the way
        writer.writerow(row)
    for line in more_lines:
        text.write(line)
        count += 1
    text.flush()
    text.detach()
    return count


def numbered_lines(patterns: Sequence[Sequence[str]], count: int, line_end: str = "\r\n") -> Iterator[str]:
    """`count` lines that take turns in following the patterns; fast, for files of millions of rows."""
    pieces = [_line(pattern, line_end).split(NUMBER) for pattern in patterns]
    for number in range(count):
        yield f"{number:08}".join(pieces[number % len(pieces)])


def _line(row: Sequence[str], line_end: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end).writerow(row)
    return text.getvalue()
