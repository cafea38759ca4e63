"""How many rows a full page holds, where nothing else says which page is the last."""

from __future__ import annotations

from dataclasses import dataclass

_NEARLY_FULL = 0.95
"""A page with more of a full page's rows than this may lack a few of them, and still be followed by another."""


class TooManyRowsError(Exception):
    """A list that one page was to hold has further pages."""


@dataclass(kw_only=True)
class PageFill:
    """What the pages of a stream's lists showed so far.

    A vendor that once gave as many rows as were asked for, or the same number on two pages of a scan that others
    followed, fills its pages; so a page with fewer rows is the last one.
    """

    shows_totals: bool
    """Whether lists have totals: at first as the vendor's document says, then as responses do."""

    wants_one_page: bool = False
    """Whether a list that needs more than a page is not to be read: a narrower window will be requested instead."""

    _asked: object = None
    _full: int | None = None
    _followed: int | None = None
    _followed_before: int | None = None
    _last: int = 0
    _is_regular: bool = True

    @property
    def rows_of_full_page(self) -> int | None:
        """How many rows a full page has, as far as that is certain."""
        return self._full if self._is_regular and self._followed in {None, self._full} else None

    def add(self, rows: int, *, asked: object, shows_total: bool, is_first: bool, names_next: bool) -> None:
        """Add a page.

        Args:
            rows: How many it has.
            asked: The limit that the request named, if any.
            shows_total: Whether it has the list's total.
            is_first: Whether a scan begins with it.
            names_next: Whether it names the page behind it.
        """
        if asked != self._asked:
            self._asked, self._full, self._followed, self._is_regular = asked, None, None, True
        self.shows_totals = shows_total
        if names_next and rows:
            self._add_followed(rows)
        elif is_first:
            self._followed_before = None
        elif rows and self._last:
            self._add_followed(self._last)
        self._last = 0 if names_next else rows
        if rows == asked:
            self._full = rows
        elif isinstance(asked, int) and rows > asked:
            self._is_regular = self._is_regular and self._full in {None, rows}

    def _add_followed(self, rows: int) -> None:
        if self._followed_before == rows and self._full is None:
            self._full = rows
        self._is_regular = self._is_regular and self._followed in {None, rows}
        self._followed = self._followed_before = rows

    def is_last(self, rows: int) -> bool:
        """Return whether a page with so many rows is the last one."""
        full = self.rows_of_full_page
        return full is not None and 0 < rows <= full * _NEARLY_FULL

    def is_full(self, rows: int) -> bool:
        """Return whether a page with so many rows is known to be full, or nearly."""
        full = self.rows_of_full_page
        return full is not None and rows > full * _NEARLY_FULL
