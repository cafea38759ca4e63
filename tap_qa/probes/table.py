"""A table of an exported file, for probes: its header, its rows, and how it is written."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from tap_qa.files.csv_dialect import find_dialect
from tap_qa.files.csv_header import count_known, layout
from tap_qa.probes.shapes import Shape, band
from tap_qa.records.row_key import strip_excel_guard
from tap_qa.singer.schemas import schema_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tap_qa.files.archive import Member
    from tap_qa.probes.account import Account
    from tap_qa.probes.shapes import EvidenceValue

_MAX_ROWS = 100_000
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_BOM = "\ufeff"


@dataclass(frozen=True)
class Table:
    """What a file holds.

    Attributes:
        size: Its characters.
        header: What the vendor calls the columns.
        positions: The place of each column that the stream's schema knows.
        unknown: The vendor's names of the others.
        missing: The columns that the schema takes from files, and that this one has not.
        rows: Of texts.
        dialect: How it is written.
    """

    size: int
    header: Sequence[str]
    positions: Mapping[str, int]
    unknown: Sequence[str]
    missing: Sequence[str]
    rows: Sequence[Sequence[str]]
    dialect: Mapping[str, EvidenceValue]

    def cells(self, column: str, *, guarded: bool = False) -> list[str]:
        """Return a column's texts, empty ones where it or a cell is missing; `guarded` leaves `="…"` as it is."""
        place = self.positions.get(column)
        texts = [row[place] if place is not None and place < len(row) else "" for row in self.rows]
        return texts if guarded else [strip_excel_guard(text) for text in texts]

    def evidence(self, account: Account) -> dict[str, EvidenceValue]:
        """Return what of it may be reported."""
        return {
            "rows": band(len(self.rows)),
            **account.names([*self.positions, *self.unknown], sorted(self.positions)),
            "missing": tuple(Shape(name) for name in self.missing),
            **self.dialect,
        }


def read_table(
    member: Member, vendor: str, name: str, other_names: Mapping[str, str], generated: Sequence[str] = ()
) -> Table:
    """Read a table.

    Args:
        member: Where it is.
        vendor: Whose schemas.
        name: Of the stream, without its vendor.
        other_names: What the vendor may call a column.
        generated: Columns that no file has.
    """
    columns = [column for column in schema_file(vendor, name)["properties"] if column not in generated]
    delimiter = find_dialect(member.open(), lambda cells: count_known(cells, columns, other_names)).delimiter
    with member.open() as file:
        data = file.read()
    text, is_utf8 = data.decode("utf-8", "replace"), True
    try:
        data.decode()
    except UnicodeDecodeError:
        is_utf8 = False
    bare = text.removeprefix(_BOM)
    lines = csv.reader(io.StringIO(bare, newline=""), delimiter=delimiter)
    header = next(lines, [])
    found = layout(vendor, header, columns, other_names)
    ends = [name for mark, name in (("\r\n", "CR LF"), ("\n", "LF")) if mark in bare]
    return Table(
        size=len(bare),
        header=header,
        positions=found.positions,
        unknown=list(found.unknown.values()),
        missing=[column for column in columns if column not in found.positions],
        rows=[row for row in islice(lines, _MAX_ROWS) if row],
        dialect={
            "delimiter": Shape(_DELIMITERS[delimiter]),
            "encoding": Shape("UTF-8" if is_utf8 else "no UTF-8"),
            "byte_order_mark": text != bare,
            "line_ends": Shape(ends[0] if ends else "none"),
        },
    )
