"""Counts rows by the hour of their date, without decoding the rest of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tap_qa.pagination.distinct_keys import KeyReader
from tap_qa.records.timestamps import TimestampParser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from tap_qa.pagination.page import Page

_HOUR_LENGTH = len("2024-10-12 10")
_HOUR_SECONDS = 3600


class RowHours:
    """Counts the rows of pages by the hour of their date."""

    def __init__(self, column: str, renames: Mapping[str, str], zone: ZoneInfo) -> None:
        """Prepare.

        Args:
            column: The column of the date.
            renames: A vendor's other names for columns, each with the column.
            zone: Of naive timestamps.
        """
        self._keys = KeyReader((column,), renames)
        self._read_instant = TimestampParser(zone).instant
        self._hours: dict[str, int] = {}

    def count(self, page: Page) -> Counter[int]:
        """Return how many rows of a page are dated in each hour, counted from 1970; others are left out."""
        texts = Counter(_hour_text(key) for key in self._keys.read_keys(page.array))
        hours: Counter[int] = Counter()
        for text, rows in texts.items():
            if text and text not in self._hours:
                self._hours[text] = self._hour(text)
            hours[self._hours.get(text, 0)] += rows
        del hours[0]
        return hours

    def _hour(self, text: str) -> int:
        instant = self._read_instant(f"{text}:00:00")
        return 0 if instant is None else int(instant.timestamp()) // _HOUR_SECONDS


def _hour_text(key: Any) -> str:  # noqa: ANN401 - a structure made at run time, or the bytes of a row without a date
    value = getattr(key, "f0", None)
    return value[:_HOUR_LENGTH] if isinstance(value, str) else ""


class PartCounts:
    """Counts the rows of a part of a window while they are read."""

    def __init__(self, hours: RowHours) -> None:
        """Start with none."""
        self._hours = hours
        self.by_hour: Counter[int] = Counter()
        self.largest_list = 0

    def counted(self, pages: Callable[[], Iterator[Page]]) -> Callable[[], Iterator[Page]]:
        """Return what starts scans over a list's pages; the first one is counted."""
        is_first = True

        def scan() -> Iterator[Page]:
            nonlocal is_first
            counts, is_first = is_first, False
            rows = 0
            for page in pages():
                if counts:
                    self.by_hour.update(self._hours.count(page))
                    rows += len(page.rows)
                    self.largest_list = max(self.largest_list, rows)
                yield page

        return scan
