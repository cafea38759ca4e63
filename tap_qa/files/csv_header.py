"""Which column of a file is which column of a stream: headers are matched by their letters and digits alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tap_qa.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

MOST_COLUMNS = 10_000
_LONGEST_NAME_TOLD = 60


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


def normalize_name(name: str) -> str:
    """Reduce a name to what is compared: small letters and digits; a percent sign counts as the word.

    >>> letters("Score - Percentage") == letters("score_percentage") == letters("Score %")
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

    Raises:
        FileError: Two columns have one name, or there are more columns than any such file has.
    """
    if len(header) > MOST_COLUMNS:
        raise FileError(who, f"the file has {len(header)} columns, more than {MOST_COLUMNS}: it is another file.")
    own = {normalize_name(name): name for name in columns}
    other = {normalize_name(name): column for name, column in other_names.items()}
    positions: dict[str, int] = {}
    unknown: dict[int, str] = {}
    lent: dict[str, int] = {}
    new: set[str] = set()
    for place, cell in enumerate(header):
        name = cell.strip()
        key = normalize_name(name)
        if key in own:
            if own[key] in positions:
                raise _doubled(who, name)
            positions[own[key]] = place
        elif key in other and other[key] not in lent:
            lent[other[key]] = place
        elif name in new:
            raise _doubled(who, name)
        else:
            unknown[place] = name or f"column {place + 1}"
            new.add(unknown[place])
    for column, place in lent.items():
        if column in positions:
            unknown[place] = header[place].strip()
        else:
            positions[column] = place
    return ColumnLayout(positions, unknown, len(header), [cell.strip() for cell in header])


def _doubled(who: str, name: str) -> FileError:
    return FileError(who, f'the file has two columns called "{name[:_LONGEST_NAME_TOLD]}".', "Tell the vendor.")
