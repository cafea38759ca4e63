"""Reading a paged list whole, although it may change while it is read.

With offset pages, a row that leaves the list while it is read pulls later rows onto pages that were already read, and
a row that enters pushes rows onto the next one. So a pass over all pages proves nothing by itself. A pass counts as
whole when

- one page held it all and the vendor said so, by its total, by a short page or by naming no next one, or
- the pass before it gave the very same rows, or
- rows can only leave (the list is `cold`), every page announced the same total, and so many distinct rows came.

A total that announces more rows than came is never overruled.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from tap_qa.errors import PagingError, UnsettledError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    Row = Mapping[str, Any]

logger = logging.getLogger("tap-qa.paging")

MOST_PASSES = 5
_encode = msgspec.json.Encoder(decimal_format="number").encode


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    rows: list[dict[str, Any]]
    total: int | None = None
    """How many rows the whole list has, if the vendor says so."""

    may_go_on: bool = False
    """Whether nothing about this page says that it is the last: only an empty page behind it would."""


class RepeatedPageError(Exception):
    """A page came a second time within one pass."""


def digest(rows: list[dict[str, Any]]) -> int:
    """Return a number that is equal for the same rows in any order (within this process)."""
    return sum(hash(_encode(row)) for row in rows)


@dataclass
class Pass:
    """What one pass over all pages showed."""

    digests: list[int] = field(default_factory=list)
    totals: set[int | None] = field(default_factory=set)
    keys: set[Hashable] = field(default_factory=set)
    answers: int = 0
    """How many pages there were, empty ones included."""

    open_end: bool = True

    @property
    def rows_digest(self) -> int:
        """A number that is equal for passes with the same rows in any order."""
        return sum(self.digests)

    @property
    def pages(self) -> int:
        """How many pages held rows."""
        return len(self.digests)

    @property
    def total(self) -> int | None:
        """The total that all pages agree on, if they do."""
        return next(iter(self.totals)) if len(self.totals) == 1 else None

    @property
    def falls_short(self) -> bool:
        """Whether more rows are announced than came."""
        return any(total is not None and total > len(self.keys) for total in self.totals)


def is_whole(this: Pass, before: Pass | None, *, cold: bool) -> bool:
    """Decide whether a pass over a list showed all of it."""
    if this.falls_short:
        return False
    if this.answers == 1 and not this.open_end:
        return True
    if cold and this.total == len(this.keys):
        return True
    return before is not None and before.rows_digest == this.rows_digest and before.keys == this.keys


def read_whole(
    who: str,
    pages: Callable[[], Iterator[Page]],
    *,
    key: Callable[[Row], Hashable],
    cold: bool,
) -> Iterator[list[dict[str, Any]]]:
    """Read a list, pass after pass, until it was read whole; yield its rows as they come.

    Rows that a later pass shows unchanged, page by page, are not yielded again; others are, with what changed in
    them, so that the last version of each row is the last to come.

    Args:
        who: The stream, for messages.
        pages: Starts a new pass over all pages that hold rows or announce a total.
        key: What makes a row distinct.
        cold: Whether rows can no longer enter the list, only leave it.

    Raises:
        UnsettledError: No pass was whole.
        PagingError: The pages come round again and again.
    """
    before: Pass | None = None
    repeats = False
    for attempt in range(1, MOST_PASSES + 1):
        this = Pass()
        repeats = False
        try:
            for page in pages():
                this.answers += 1
                this.totals.add(page.total)
                if page.total is not None:
                    this.open_end = False
                if not page.rows:
                    continue
                seen = digest(page.rows)
                if seen in this.digests:
                    raise RepeatedPageError  # noqa: TRY301 - the loop is what has to end
                this.digests.append(seen)
                this.open_end = page.may_go_on and page.total is None
                this.keys.update(map(key, page.rows))
                if before is None or this.pages > before.pages or before.digests[this.pages - 1] != seen:
                    yield page.rows
        except RepeatedPageError:
            repeats = True
        if not repeats and is_whole(this, before, cold=cold):
            return
        logger.debug("%s: pass %d over its pages was not whole", who, attempt)
        before = None if repeats else this
    if repeats:
        raise PagingError(who, "the vendor gives the same page again and again.", "Tell the vendor's support.")
    raise UnsettledError(
        who,
        f"its pages don't add up, at {MOST_PASSES} passes: "
        "the vendor announces more rows than it gives, or they change faster than they are read.",
        "Run again at a quieter time, or with a smaller window_days.",
    )
