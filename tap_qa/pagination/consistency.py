"""Reads a paged list completely, although it may change while it is read.

With offset pages, a row that leaves the list while it is read pulls later rows onto pages that were already read, and
a row that enters pushes rows onto the next one. So a scan over all pages proves nothing by itself. A scan counts as
consistent when

- one page held it all and the vendor said so, by its total or by naming no next one, and no scan before it showed more
  pages, or
- the scan before it gave the very same rows; and the one before that, too, where no total was given and an empty page
  followed a full one: a row that leaves between the two requests pulls those behind it onto the full page, so that such
  an end looks like that of a scan whose last page was left out; or where a single page follows scans of several, since
  it may be the last of them, given for the first by mistake, or
- rows can only leave (the list is `closed`), every page announced the same total, and so many distinct rows came.

A total that announces more rows than came is never overruled; one that counts a row as often as it came is, once two
scans agree. A list that names further pages behind its last row, without an end, is cut behind some empty ones.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tap_qa.errors import CappedListError, InconsistentListError, PagingError
from tap_qa.pagination.distinct_counter import DistinctCounter
from tap_qa.pagination.page import USUAL_PAGE_SIZES

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from msgspec import Raw

    from tap_qa.pagination.page import Page

logger = logging.getLogger("tap-qa.paging")

MAX_SCANS = 6
MAX_EMPTY_PAGES = 20


class RepeatedPageError(Exception):
    """A page came a second time within one scan."""


@dataclass
class Scan:
    """What one scan over all pages showed."""

    compare_rows: bool
    """Whether to look at each row, so that rows in another order are still known to be the same."""

    digests: list[tuple[int, int]] = field(default_factory=list)
    rows_digest: int = 0
    totals: set[int | None] = field(default_factory=set)
    keys: DistinctCounter = field(default_factory=DistinctCounter)
    end_unknown: bool = True
    page_count: int = 0
    """How many pages came, empty ones included."""

    empty_in_a_row: int = 0
    gaps: int = 0
    """How many empty pages had rows behind them."""

    longest_page: int = 0
    last_page: int = 0
    """Their rows."""

    agreements: int = 0
    """How many scans in a row before it gave the same rows."""

    first_page_repeats: int = 0
    """How many pages repeated the first one: all of them do if the list ignores the page number."""

    def add(self, page: Page, keys: Callable[[Raw], Iterable[Hashable]]) -> None:
        """Add a page.

        Raises:
            RepeatedPageError: It came before, in this scan; or the first one did, among others.
        """
        if page.repeats_first:
            self.first_page_repeats += 1
            return
        if self.first_page_repeats:
            raise RepeatedPageError
        self.page_count += 1
        self.totals.add(page.total)
        if page.total is not None:
            self.end_unknown = False
        if page.is_empty:
            self.empty_in_a_row += 1
            return
        self.gaps += self.empty_in_a_row
        self.empty_in_a_row = 0
        if page.digest in self.digests:
            raise RepeatedPageError
        self.digests.append(page.digest)
        self.last_page = len(page.rows)
        self.longest_page = max(self.longest_page, self.last_page)
        if page.total is not None:
            self.keys.add(keys(page.array))
        self.end_unknown = page.may_have_more and page.total is None
        if self.compare_rows:
            self.rows_digest += sum(map(hash, map(bytes, page.rows)))

    def has_page(self, position: int, digest: tuple[int, int]) -> bool:
        """Return whether the page at a position, from 0, had this digest."""
        return position < len(self.digests) and self.digests[position] == digest

    def agrees(self, other: Scan) -> bool:
        """Return whether both scans showed the same rows, up to the same kind of end."""
        if (self.first_page_repeats, self.gaps) != (other.first_page_repeats, other.gaps):
            return False
        if self.digests == other.digests:
            return True
        return self.compare_rows and other.compare_rows and self.rows_digest == other.rows_digest

    @property
    def has_ended_empty(self) -> bool:
        """Whether so many empty pages followed each other that no row is expected behind them."""
        return self.empty_in_a_row > MAX_EMPTY_PAGES

    @property
    def falls_short(self) -> bool:
        """Whether more rows were announced than came, those that came twice included."""
        return any(total is not None and total > self.keys.added for total in self.totals)

    @property
    def ends_with_full_page(self) -> bool:
        """Whether nothing but an empty page behind one that may be full says that the list ends."""
        may_be_full = self.pages > 1 or self.last_page in USUAL_PAGE_SIZES
        return self.end_unknown and self.empty_in_a_row > 0 and self.last_page == self.longest_page and may_be_full

    @property
    def pages(self) -> int:
        """How many pages held rows."""
        return len(self.digests)

    @property
    def is_one_page(self) -> bool:
        """Whether a single page held it all, and said so: an empty one behind it may be a mistake of the vendor's."""
        return self.page_count == 1 and not self.end_unknown

    @property
    def total(self) -> int | None:
        """The total that all pages agree on, if they do."""
        return next(iter(self.totals)) if len(self.totals) == 1 else None


def is_consistent(this: Scan, before: Scan | None, *, closed: bool, had_pages: bool) -> bool:
    """Decide whether a scan over a list showed all of it.

    Args:
        this: The scan.
        before: The whole scan before it, if there was one.
        closed: Whether rows can only leave the list.
        had_pages: Whether any scan before it, also one that was broken off, showed several pages.
    """
    if this.falls_short:
        return False
    if before is not None and this.agrees(before):
        is_suspect = this.ends_with_full_page or (had_pages and this.pages <= 1)
        return before.agreements + 1 >= (2 if is_suspect else 1)
    came = this.keys.count()
    if any(total is not None and total > came for total in this.totals):
        return False  # a row that came twice may be one that moved, and have hidden another
    # After several pages, a single one may be the last of them, given for the first by mistake.
    if this.is_one_page and not had_pages:
        return True
    return closed and this.total == came


def read_consistently(
    who: str,
    pages: Callable[[], Iterator[Page]],
    *,
    keys: Callable[[Raw], Iterable[Hashable]],
    closed: bool,
) -> Iterator[list[Raw]]:
    """Read a list, scan after scan, until it was read consistently; yield its rows as they come.

    Rows that a later pass shows unchanged, page by page, are not yielded again; others are, with what changed in
    them, so that the last version of each row is the last to come.

    Args:
        who: The stream, for messages.
        pages: Starts a new pass over all pages that hold rows or announce a total.
        keys: Reads from a page's array what makes each of its rows distinct.
        closed: Whether rows can no longer enter the list, only leave it.

    Raises:
        InconsistentListError: No pass was whole.
        CappedListError: The vendor announces more rows than it gives, twice alike.
        DeepPageError: The vendor refuses a page behind the first.
        PagingError: The pages repeat without an end.
    """
    before: Scan | None = None
    repeats = had_pages = False
    for attempt in range(1, MAX_SCANS + 1):
        this = Scan(compare_rows=attempt > 2)  # noqa: PLR2004 - looking at each row costs time, and two passes mostly do
        try:
            for page in pages():
                this.add(page, keys)
                if this.has_ended_empty:
                    break
                if page.repeats_first or page.is_empty:
                    continue
                if not (before is not None and before.has_page(this.pages - 1, page.digest)):
                    yield page.rows
        except RepeatedPageError:
            # Whatever page is asked for, the first one comes.
            _fail_if_capped(who, this, is_alike=repeats and this.pages == 1)
            repeats, before = True, None
            had_pages |= this.pages > 1
            continue
        if is_consistent(this, before, closed=closed, had_pages=had_pages):
            return
        had_pages |= this.pages > 1 or this.gaps > 0
        logger.debug("%s: pass %d over its pages was not whole", who, attempt)
        if before is not None and this.agrees(before):
            this.agreements = before.agreements + 1
        _fail_if_capped(who, this, is_alike=this.agreements > 0)
        repeats, before = False, this
    if repeats:
        raise PagingError(who, "the vendor gives the same page again and again.", "Tell the vendor's support.")
    raise InconsistentListError(
        who,
        f"could not be read consistently in {MAX_SCANS} scans: it changes faster than it is read.",
        "Run again at a quieter time, or with a smaller window_days.",
    )


def _fail_if_capped(who: str, scan: Scan, *, is_alike: bool) -> None:
    """Raise an error if a scan, like the one before, gave fewer rows than it announced."""
    if is_alike and scan.falls_short:
        raise CappedListError(who, f"the vendor announces {max(filter(None, scan.totals))} rows and gives fewer.")
