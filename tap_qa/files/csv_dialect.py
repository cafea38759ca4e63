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
_MAX_HEADER_CHARACTERS = 1 << 20
_DECLARED = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*\s*', re.IGNORECASE)  # a line that Excel wants before the header
RULE = re.compile(r"\s*[-=_+]{2,}\s*")


@dataclass(frozen=True)
class Dialect:
    """How to take a file's lines apart."""

    delimiter: str = ","
    is_declared: bool = False
    """Whether the first line is no row, but names the delimiter."""


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
        while line and not line.strip():
            line = text.readline(_MAX_HEADER_CHARACTERS)

    csv.field_size_limit(MAX_ROW_CHARACTERS)

    def known(delimiter: str) -> int:
        return count_known(
            next(csv.reader([line.replace("\0", "")], delimiter=delimiter), [])
        )  # Python 3.10 refuses NUL

    return Dialect(max(_DELIMITERS, key=known))


def is_rule(row: Sequence[str]) -> bool:
    """Return whether a row is a line that only separates the header from the rows: `-----,-----`."""
    return len(row) > 1 and all(map(RULE.fullmatch, row))
