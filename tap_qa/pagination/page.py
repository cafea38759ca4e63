"""One page of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tap_qa.json_codec import split_array

if TYPE_CHECKING:
    from msgspec import Raw

_EMPTY = re.compile(rb"\s*\[\s*\]")

USUAL_PAGE_SIZES = frozenset({10, 15, 20, 25, 30, 40, 50, 100, 200, 250, 500, 1000})
"""So many rows are often all that a vendor gives at once."""


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    array: Raw
    """Its rows: a JSON array of objects, as the vendor wrote it."""

    total: int | None = None
    """How many rows the whole list has, if the vendor says so."""

    may_have_more: bool = False
    """Whether nothing about this page says that it is the last: only an empty page behind it would."""

    repeats_first: bool = False
    """Whether it is the first page again, under a number that should be another page's."""

    @cached_property
    def rows(self) -> list[Raw]:
        """Its rows, each a JSON object."""
        return split_array(self.array)

    @cached_property
    def is_empty(self) -> bool:
        """Whether it holds no row."""
        return _EMPTY.match(memoryview(self.array)) is not None

    @cached_property
    def digest(self) -> tuple[int, int]:
        """Equal for the same rows in the same order, within one process: Python seeds its 64-bit hash at each start."""
        text = bytes(self.array)
        return hash(text), len(text)
