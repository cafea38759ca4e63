"""Reading a paged list whole, although it may change while it is read.

With offset pages, a row that leaves the list while it is read pulls later rows onto pages that were already read, and
a row that enters pushes rows onto the next one. So a pass over all pages proves nothing by itself. A pass counts as
whole when

- one page held it all and the vendor said so, by its total or by naming no next one, and no pass before it showed more
  pages, or
- the pass before it gave the very same rows, or
- rows can only leave (the list is `cold`), every page announced the same total, and so many distinct rows came.

A total that announces more rows than came is never overruled.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

from tap_qa.errors import PagingError, UnsettledError
from tap_qa.http.body import split_array
from tap_qa.keys import Distinct

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from msgspec import Raw

logger = logging.getLogger("tap-qa.paging")

MOST_PASSES = 6
MOST_EMPTY_PAGES = 20
_EMPTY = re.compile(rb"\s*\[\s*\]")


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    array: Raw
    """Its rows: a JSON array of objects, as the vendor wrote it."""

    total: int | None = None
    """How many rows the whole list has, if the vendor says so."""

    may_go_on: bool = False
    """Whether nothing about this page says that it is the last: only an empty page behind it would."""

    @cached_property
    def rows(self) -> list[Raw]:
        """Its rows, each a JSON object."""
        return split_array(self.array)

    @cached_property
    def is_empty(self) -> bool:
        """Whether it holds no row."""
        return _EMPTY.match(memoryview(self.array)) is not None

    @cached_property
    def digest(self) -> bytes:
        """What is equal for the same rows, in the same order."""
        return blake2b(self.array, digest_size=16).digest()


class RepeatedPageError(Exception):
    """A page came a second time within one pass."""


@dataclass
class Pass:
    """What one pass over all pages showed."""

    careful: bool
    """Whether to look at each row, so that rows in another order are still known to be the same."""

    digests: list[bytes] = field(default_factory=list)
    rows_digest: int = 0
    totals: set[int | None] = field(default_factory=set)
    keys: Distinct = field(default_factory=Distinct)
    open_end: bool = True
    asked: int = 0
    """How many pages came, empty ones included."""

    empty_in_a_row: int = 0

    def add(self, page: Page, keys: Callable[[Raw], Iterable[Hashable]]) -> None:
        """Take in a page.

        Raises:
            RepeatedPageError: It came before, in this pass; or empty pages follow each other without an end.
        """
        self.asked += 1
        self.totals.add(page.total)
        if page.total is not None:
            self.open_end = False
            self.keys.add(keys(page.array))
        if page.is_empty:
            self.empty_in_a_row += 1
            if self.empty_in_a_row > MOST_EMPTY_PAGES:
                raise RepeatedPageError
            return
        self.empty_in_a_row = 0
        if page.digest in self.digests:
            raise RepeatedPageError
        self.digests.append(page.digest)
        self.open_end = page.may_go_on and page.total is None
        if self.careful:
            self.rows_digest += sum(map(hash, map(bytes, page.rows)))

    def shows(self, position: int, digest: bytes) -> bool:
        """Tell whether the page at a position, from 0, had this digest."""
        return position < len(self.digests) and self.digests[position] == digest

    def agrees(self, other: Pass) -> bool:
        """Tell whether both passes showed the same rows."""
        if self.digests == other.digests:
            return True
        return self.careful and other.careful and self.rows_digest == other.rows_digest

    @property
    def pages(self) -> int:
        """How many pages held rows."""
        return len(self.digests)

    @property
    def is_one_page(self) -> bool:
        """Whether a single page held it all, and said so: an empty one behind it may be a slip of the vendor's."""
        return self.asked == 1 and not self.open_end

    @property
    def total(self) -> int | None:
        """The total that all pages agree on, if they do."""
        return next(iter(self.totals)) if len(self.totals) == 1 else None


def is_whole(this: Pass, before: Pass | None, *, cold: bool) -> bool:
    """Decide whether a pass over a list showed all of it."""
    came = this.keys.count()
    if any(total is not None and total > came for total in this.totals):
        return False
    # After a pass of several pages, a single one may be the last of them, given for the first by mistake.
    if this.is_one_page and (before is None or before.pages <= 1):
        return True
    if cold and this.total == came:
        return True
    return before is not None and this.agrees(before)


def read_whole(
    who: str,
    pages: Callable[[], Iterator[Page]],
    *,
    keys: Callable[[Raw], Iterable[Hashable]],
    cold: bool,
) -> Iterator[list[Raw]]:
    """Read a list, pass after pass, until it was read whole; yield its rows as they come.

    Rows that a later pass shows unchanged, page by page, are not yielded again; others are, with what changed in
    them, so that the last version of each row is the last to come.

    Args:
        who: The stream, for messages.
        pages: Starts a new pass over all pages that hold rows or announce a total.
        keys: Reads from a page's array what makes each of its rows distinct.
        cold: Whether rows can no longer enter the list, only leave it.

    Raises:
        UnsettledError: No pass was whole.
        PagingError: The pages come round again and again.
    """
    before: Pass | None = None
    repeats = False
    for attempt in range(1, MOST_PASSES + 1):
        this = Pass(careful=attempt > 2)  # noqa: PLR2004 - looking at each row costs time, and two passes mostly do
        try:
            for page in pages():
                this.add(page, keys)
                if page.is_empty or (before is not None and before.shows(this.pages - 1, page.digest)):
                    continue
                yield page.rows
        except RepeatedPageError:
            repeats, before = True, None
            continue
        if is_whole(this, before, cold=cold):
            return
        logger.debug("%s: pass %d over its pages was not whole", who, attempt)
        repeats, before = False, this
    if repeats:
        raise PagingError(who, "the vendor gives the same page again and again.", "Tell the vendor's support.")
    raise UnsettledError(
        who,
        f"its pages don't add up, at {MOST_PASSES} passes: "
        "the vendor announces more rows than it gives, or they change faster than they are read.",
        "Run again at a quieter time, or with a smaller window_days.",
    )
