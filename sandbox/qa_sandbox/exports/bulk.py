"""Rows beyond count, for files of millions of rows that no dataset has to hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Bulk:
    """Rows that are made while a file is written.

    Attributes:
        at: The instant that an export's window must hold to get the rows.
        rows: How many, by the file's name. Each row's identifier ends in a running number of eight digits.
    """

    at: datetime
    rows: dict[str, int]
