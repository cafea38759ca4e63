"""What a stream reads from the files of an export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tap_qa.files.csv_shape import TableShape
    from tap_qa.state.windows import Window


@dataclass(frozen=True)
class TableSpec:
    """The table that one subscriber reads from the files."""

    shape: TableShape
    names: tuple[str, ...]
    """What it is called in a zip, the likeliest name first."""

    may_be_empty: bool = False
    """Whether a file of no bytes, announced as such, means that there are no rows."""

    constants: Callable[[Window | None], Mapping[str, Any]] | None = None
    """Returns the values that all records of a window share, by column, if records are wanted as they are."""
