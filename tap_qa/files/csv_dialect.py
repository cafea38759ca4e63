"""How the lines of a file are to be taken apart: what stands between cells, and which lines are no rows."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_ROW_CHARACTERS = 64 << 20
"""In characters; no cell is longer either."""

_DELIMITERS = ",;\t|"
_NOTHING = f"{_DELIMITERS} \r\n"
_MAX_HEADER_CHARACTERS = 1 << 20
_DECLARED = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*\s*', re.IGNORECASE)  # a line that Excel wants before the header
RULE = re.compile(r"[\s:]*[-=_+\u2013\u2014\u2500]{2}[-=_+\u2013\u2014\u2500:\s]*")


@dataclass(frozen=True)
class Dialect:
    """How to take a file's lines apart."""

    delimiter: str = ","
    is_declared: bool = False
    """Whether the first line is no row, but names the delimiter."""

    has_blanks: bool = False
    """Whether a blank behind each delimiter is no part of the cell, as the header shows."""


def find_dialect(file: IO[bytes], count_known: Callable[[Sequence[str]], int]) -> Dialect:
    """Look at the first lines of a file: the delimiter is what makes the most known names of the header.

    Args:
        file: Its bytes in UTF-8, from their start; closed at the end.
        count_known: Says how many of some names are those of known columns.
    """
    with io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="") as text:
        line = text.readline(_MAX_HEADER_CHARACTERS)
        declared = _DECLARED.fullmatch(line)
        if declared is not None:
            return Dialect(declared.group(1), is_declared=True)
        while line and not line.strip(_NOTHING):
            line = text.readline(_MAX_HEADER_CHARACTERS)

    csv.field_size_limit(MAX_ROW_CHARACTERS)

    def cells(delimiter: str) -> list[str]:
        return next(csv.reader([line.replace("\0", "")], delimiter=delimiter), [])  # Python 3.10 refuses NUL

    found = max(_DELIMITERS, key=lambda delimiter: count_known(cells(delimiter)))
    behind = cells(found)[1:]
    return Dialect(found, has_blanks=bool(behind) and all(cell[:1] == " " for cell in behind))


def is_rule(row: Sequence[str]) -> bool:
    """Return whether a row is a line that only separates the header from the rows: `-----,-----`, `|---|---|`."""
    cells = row[not row[0].strip() : len(row) - (not row[-1].strip())]
    return (len(cells) > 1 or cells == row) and all(map(RULE.fullmatch, cells))


def names_of(header: Sequence[str]) -> list[str]:
    """Return what makes a row the header again: its names, in any case and spacing, up to the last."""
    names = [cell.strip().casefold() for cell in header]
    return names if names[-1:] != [""] else names[:-1]


def is_blank(row: Sequence[str], width: int) -> bool:
    """Return whether a row has nothing in its cells, or is a line of blanks where `width` cells should be."""
    return not any(row) or (len(row) == 1 != width and not row[0].strip())
