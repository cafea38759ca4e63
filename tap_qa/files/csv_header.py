"""Which column of a file is which column of a stream: headers are matched by their letters and digits alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tap_qa.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

MAX_COLUMNS = 10_000


@dataclass(frozen=True)
class ColumnLayout:
    """Where a file's columns go."""

    positions: Mapping[str, int]
    """The place in a row of each known column, from 0."""

    unknown: Mapping[int, str]
    """The vendor's own name of each column that the schema does not know, by its place."""

    width: int
    """How many cells a row has."""

    header: Sequence[str] = ()
    """What the vendor calls all of them."""

    def with_one_more(self) -> ColumnLayout:
        """Return it with a further column behind the others, which has no name."""
        name = f"column {self.width + 1}"
        unknown = {**self.unknown, self.width: name}
        return ColumnLayout(self.positions, unknown, self.width + 1, [*self.header, name])


def normalize_name(name: str) -> str:
    """Reduce a name to what is compared: small letters and digits; a percent sign counts as the word.

    >>> normalize_name("Score - Percentage") == normalize_name("score_percentage") == normalize_name("Score %")
    True
    """
    return re.sub(r"[^0-9a-z]+", "", name.replace("%", "percentage").lower())


def layout(who: str, header: Sequence[str], columns: Collection[str], other_names: Mapping[str, str]) -> ColumnLayout:
    """Match a header with a stream's columns.

    Args:
        who: Whose file it is, for messages.
        header: The cells of the first row.
        columns: The columns of the stream that a file may hold.
        other_names: Other names that the vendor has for columns, each with its column; the column's own name wins.

    A name that comes twice is that of the first column; the other one is called `Name (2)`, and is unknown.

    Raises:
        FileError: There are more columns than any such file has.
    """
    if len(header) > MAX_COLUMNS:
        raise FileError(who, f"the file has {len(header)} columns, more than {MAX_COLUMNS}: it is another file.")
    own = {normalize_name(name): name for name in columns}
    other = {normalize_name(name): column for name, column in other_names.items()}
    positions: dict[str, int] = {}
    unknown: dict[int, str] = {}
    lent: dict[str, int] = {}
    names = _distinct(cell.strip() or f"column {place + 1}" for place, cell in enumerate(header))
    for place, cell in enumerate(header):
        key = normalize_name(cell)
        if key in own and own[key] not in positions:
            positions[own[key]] = place
        elif key in other and other[key] not in lent:
            lent[other[key]] = place
        else:
            unknown[place] = names[place]
    for column, place in lent.items():
        if column in positions:
            unknown[place] = names[place]
        else:
            positions[column] = place
    return ColumnLayout(positions, unknown, len(header), names)


def count_known(header: Sequence[str], columns: Collection[str], other_names: Mapping[str, str]) -> int:
    """Return how many columns of a stream a header has."""
    known = {normalize_name(name) for name in (*columns, *other_names)}
    return len(known.intersection(map(normalize_name, header)))


def _distinct(names: Iterable[str]) -> list[str]:
    """Return names with a number behind each that was there before."""
    counts: dict[str, int] = {}
    taken: dict[str, None] = {}
    for name in names:
        unique = name
        while unique in taken:
            counts[name] = counts.get(name, 1) + 1
            unique = f"{name} ({counts[name]})"
        taken[unique] = None
    return list(taken)
