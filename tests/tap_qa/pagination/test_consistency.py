"""Reading a list whole although it changes: what is claimed, and what is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from tap_qa.errors import CappedListError, InconsistentListError, PagingError
from tap_qa.pagination.consistency import MAX_EMPTY_PAGES, MAX_SCANS, read_consistently
from tap_qa.pagination.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

Row = tuple[int, int]
"""An id and a version: an edit makes a new version, and no version ever comes back."""


def raw(row: Row) -> Raw:
    return Raw(json.dumps({"id": row[0], "version": row[1]}).encode())


def array(rows: list[Row]) -> Raw:
    return Raw(b"[" + b",".join(map(bytes, map(raw, rows))) + b"]")


def row_of(text: Raw) -> Row:
    value: dict[str, int] = json.loads(bytes(text))
    return value["id"], value["version"]


def keys(page: Raw) -> list[Hashable]:
    return [row["id"] for row in json.loads(bytes(page))]


def read(pages: Callable[[], Iterator[Page]], *, cold: bool) -> list[Row]:
    return [row_of(row) for rows in read_consistently("list", pages, keys=keys, closed=cold) for row in rows]


@dataclass
class Vendor:
    """A list behind offset pages that changes between any two requests.

    Attributes:
        rows: The list, in the vendor's order.
        limit: Rows of a page.
        shows_total: Whether pages tell how many rows there are.
        says_if_last: Whether pages tell if they are the last; else only an empty page does.
        script: What happens before each request.
    """

    rows: list[Row]
    limit: int
    shows_total: bool
    says_if_last: bool
    script: list[list[Callable[[Vendor], None]]] = field(default_factory=list)
    requests: int = 0
    always_there: set[Row] = field(default_factory=set)
    next_number: int = 100

    def __post_init__(self) -> None:
        """Note what is there from the start."""
        self.always_there = set(self.rows)

    def pages(self) -> Iterator[Page]:
        """Start a pass."""
        place = 0
        while True:
            for event in self.script.pop(0) if self.script else ():
                event(self)
                self.always_there &= set(self.rows)
            self.requests += 1
            rows = self.rows[place * self.limit : (place + 1) * self.limit]
            total = len(self.rows) if self.shows_total else None
            yield Page(array(rows), total, may_have_more=not self.says_if_last)
            place += 1
            if place * self.limit >= len(self.rows) if self.says_if_last else not rows:
                return


def leave(position: int) -> Callable[[Vendor], None]:
    def event(vendor: Vendor) -> None:
        if vendor.rows:
            vendor.rows.pop(position % len(vendor.rows))

    return event


def enter(position: int) -> Callable[[Vendor], None]:
    def event(vendor: Vendor) -> None:
        vendor.next_number += 1
        vendor.rows.insert(position % (len(vendor.rows) + 1), (vendor.next_number, 0))

    return event


def edit(position: int, to: int) -> Callable[[Vendor], None]:
    def event(vendor: Vendor) -> None:
        if vendor.rows:
            number, version = vendor.rows.pop(position % len(vendor.rows))
            vendor.rows.insert(to % (len(vendor.rows) + 1), (number, version + 1))

    return event


places = st.integers(0, 11)
leaving = st.builds(leave, places)
changing = leaving | st.builds(enter, places) | st.builds(edit, places, places)
lists = st.integers(0, 9).map(lambda length: [(number, 0) for number in range(length)])


def vendors(events: st.SearchStrategy[Callable[[Vendor], None]]) -> st.SearchStrategy[Vendor]:
    quiet: st.SearchStrategy[list[Callable[[Vendor], None]]] = st.just([])
    script = st.lists(quiet | st.lists(events, min_size=1, max_size=2), max_size=14)
    return st.builds(Vendor, lists, st.integers(1, 4), st.booleans(), st.booleans(), script)


@given(vendors(leaving), st.booleans())
def test_no_row_is_lost_where_rows_only_leave(vendor: Vendor, cold: bool) -> None:  # noqa: FBT001 - drawn
    try:
        rows = read(vendor.pages, cold=cold)
    except PagingError:
        return
    assert vendor.always_there <= set(rows)


@given(vendors(changing))
def test_no_row_is_lost_at_the_hot_end(vendor: Vendor) -> None:
    try:
        rows = read(vendor.pages, cold=False)
    except PagingError:
        return
    assert vendor.always_there <= set(rows)
    last = {number: version for number, version in rows}  # noqa: C416 - the last of each counts
    assert all(version <= last[number] for number, version in rows)


def test_a_count_alone_proves_nothing_at_the_hot_end() -> None:
    # Between two pages one row leaves and another enters: as many rows come as were announced, but not all of them.
    rows = [(number, 0) for number in range(4)]
    vendor = Vendor(rows, 2, shows_total=True, says_if_last=True, script=[[], [leave(0), enter(3)]])
    got = set(read(vendor.pages, cold=False))
    assert vendor.always_there == {(1, 0), (2, 0), (3, 0)}
    assert vendor.always_there <= got


@given(lists, st.integers(1, 4), st.booleans(), st.booleans(), st.booleans())
def test_a_quiet_list_comes_once(
    rows: list[Row],
    limit: int,
    shows_total: bool,  # noqa: FBT001 - drawn
    says_if_last: bool,  # noqa: FBT001
    cold: bool,  # noqa: FBT001
) -> None:
    vendor = Vendor(list(rows), limit, shows_total, says_if_last)
    assert read(vendor.pages, cold=cold) == rows
    pages = vendor.requests
    one_page = len(rows) <= limit and says_if_last
    once = (cold and shows_total) or (one_page and (shows_total or bool(rows)))
    again = Vendor(list(rows), limit, shows_total, says_if_last)
    single_pass = sum(1 for _ in again.pages())
    if once:
        assert pages == single_pass
    else:
        # An empty page behind a full one may hide a row that moved.
        ends_with_full_page = len(rows) > limit and not len(rows) % limit and not says_if_last and not shows_total
        assert pages <= (3 if ends_with_full_page else 2) * single_pass


def page(*numbers: int, total: int | None = None, may_go_on: bool = False) -> Page:
    return Page(array([(number, 0) for number in numbers]), total, may_go_on)


def passes(*shown: list[Page]) -> Callable[[], Iterator[Page]]:
    """Each pass shows the next list of pages; the last one stays."""
    remaining = list(shown)
    return lambda: iter(remaining.pop(0) if len(remaining) > 1 else remaining[0])


def test_an_empty_page_after_the_first_is_not_believed_at_once() -> None:
    glitch = [page(1, 2), page()]
    right = [page(1, 2), page(3, 4)]
    for cold in (True, False):
        assert set(read(passes(glitch, right, right), cold=cold)) == {(number, 0) for number in (1, 2, 3, 4)}


@pytest.mark.parametrize("full", [range(1, 5), range(1, 11)])
def test_a_row_that_moved_onto_the_full_last_page_is_read_although_the_scan_before_lacked_its_page(full: range) -> None:
    # Once the page behind the full ones comes empty by mistake; in the next scan it is empty since a row left in time.
    limit = 2 if len(full) < 10 else 10
    shown = [page(*full[at : at + limit], may_go_on=True) for at in range(0, len(full), limit)]
    moved = [page(*[*full[1:], 99][at : at + limit], may_go_on=True) for at in range(0, len(full), limit)]
    scans = passes([*shown, page(may_go_on=True)], [*shown, page(may_go_on=True)], [*moved, page(may_go_on=True)])
    assert (99, 0) in read(scans, cold=False)


@pytest.mark.parametrize(
    "slip", [[page(may_go_on=True), page(3)], [page(may_go_on=True), page(3, may_go_on=True), page()]]
)
def test_an_empty_page_before_others_and_the_last_page_for_the_first_are_no_proof(slip: list[Page]) -> None:
    right = [page(1, 2, may_go_on=True), page(3)]
    assert set(read(passes(slip, [page(3)], right), cold=False)) == {(1, 0), (2, 0), (3, 0)}


FIRST = page(1, 2, may_go_on=True)
AGAIN = replace(FIRST, repeats_first=True)


def test_a_list_that_ignores_the_page_is_whole_once_two_scans_say_so() -> None:
    pages, count = counted([FIRST, AGAIN, AGAIN])
    assert read(pages, cold=False) == [(1, 0), (2, 0)]
    assert count == [2]


@pytest.mark.parametrize("other", [[FIRST, page()], [FIRST, AGAIN, page(3)], [FIRST, AGAIN, page()]])
def test_the_first_page_again_and_another_end_are_no_proof(other: list[Page]) -> None:
    right = [FIRST, page(3), page()]
    assert set(read(passes([FIRST, AGAIN, AGAIN], other, right), cold=False)) == {(1, 0), (2, 0), (3, 0)}


def test_fewer_rows_than_announced_are_not_the_whole_list() -> None:
    for cold in (True, False):
        with pytest.raises(CappedListError, match="announces 3 rows and gives fewer"):
            read(passes([page(1, 2, total=3)]), cold=cold)


@pytest.mark.parametrize("shown", [[page(1, 2, 2, total=3)], [page(1, 2, total=4), page(2, 3, total=4)]])
def test_a_row_that_comes_and_counts_twice_is_taken_once_two_passes_agree(shown: list[Page]) -> None:
    for cold in (True, False):
        pages, count = counted(shown)
        assert {number for number, _ in read(pages, cold=cold)} == {
            number for one in shown for number, _ in map(row_of, one.rows)
        }
        assert count == [2]


def test_a_row_that_comes_twice_by_moving_does_not_hide_another() -> None:
    moved = [page(1, 2, total=4), page(2, 3, total=4)]
    right = [page(0, 1, total=4), page(2, 3, total=4)]
    assert {number for number, _ in read(passes(moved, right), cold=True)} == {0, 1, 2, 3}


def test_more_rows_than_announced_are_taken_once_two_passes_agree() -> None:
    assert read(passes([page(1, 2, 3, total=2)]), cold=True) == [(1, 0), (2, 0), (3, 0)]
    shown = [page(1, 2, total=3), page(3, 4, total=3)]
    assert [number for number, _ in read(passes(shown), cold=True)] == [1, 2, 3, 4]


def test_totals_that_differ_from_page_to_page_need_a_second_pass() -> None:
    asked = []

    def pages() -> Iterator[Page]:
        asked.append(1)
        return iter(
            [page(1, 2, total=4), page(3, total=3)] if len(asked) == 1 else [page(1, 2, total=3), page(3, total=3)]
        )

    assert {number for number, _ in read(pages, cold=True)} == {1, 2, 3}
    assert len(asked) == 2


@pytest.mark.parametrize("cycle", [[page(1, 2)], [page(1), page(2)]])
def test_pages_that_never_end_are_an_error(cycle: list[Page]) -> None:
    asked = []

    def pages() -> Iterator[Page]:
        while True:
            for shown in cycle:
                asked.append(1)
                yield shown
                assert len(asked) < 2000, "endless"

    with pytest.raises(PagingError, match="the same page again and again"):
        read(pages, cold=True)


@pytest.mark.parametrize(
    ("cycle", "error"),
    [([page(1, 2, total=5)], CappedListError), ([page(1, total=5), page(2, total=5)], PagingError)],
)
def test_a_list_of_more_rows_that_shows_one_page_for_every_number_is_capped(
    cycle: list[Page], error: type[PagingError]
) -> None:
    with pytest.raises(PagingError) as caught:
        read(passes([*cycle, cycle[0]]), cold=True)
    assert type(caught.value) is error


@pytest.mark.parametrize("start", [[page(1, 2)], [page(1, 2), page(), page(3)], []])
def test_a_next_page_behind_the_last_is_not_asked_for_without_an_end(start: list[Page]) -> None:
    asked = []

    def pages() -> Iterator[Page]:
        yield from start
        while True:
            asked.append(1)
            yield page()
            assert len(asked) < 200, "endless"

    assert read(pages, cold=False) == [row_of(row) for one in start for row in one.rows]
    assert len(asked) == 2 * (MAX_EMPTY_PAGES + 1)


def test_a_page_that_comes_twice_by_chance_costs_only_a_pass() -> None:
    assert set(read(passes([page(1, 2), page(1, 2)], [page(1, 2), page(3)], [page(1, 2), page(3)]), cold=False)) == {
        (1, 0),
        (2, 0),
        (3, 0),
    }


def test_a_list_that_never_settles_is_given_up() -> None:
    asked: list[int] = []

    def pages() -> Iterator[Page]:
        asked.append(1)
        yield page(len(asked) * 10)
        yield page(len(asked) * 10 + 1)

    with pytest.raises(InconsistentListError, match="quieter time"):
        read(pages, cold=False)
    assert len(asked) == MAX_SCANS


def test_rows_that_did_not_change_are_not_repeated_by_a_second_pass() -> None:
    first, second = [page(1, 2), page(3, 4), page(5)], [page(1, 2), page(3, 9), page(5)]
    rows = [number for number, _ in read(passes(first, second, second), cold=False)]
    assert rows == [1, 2, 3, 4, 5, 3, 9]


def counted(*each: list[Page]) -> tuple[Callable[[], Iterator[Page]], list[int]]:
    """Show these pages in one pass after the other, the last of them again and again; count the passes."""
    count = [0]

    def pages() -> Iterator[Page]:
        count[0] += 1
        return iter(each[min(count[0], len(each)) - 1])

    return pages, count


@pytest.mark.parametrize(("empty_pages", "is_read"), [(MAX_EMPTY_PAGES, True), (MAX_EMPTY_PAGES + 1, False)])
def test_empty_pages_up_to_limit_are_accepted(empty_pages: int, *, is_read: bool) -> None:
    pages, _ = counted([page(1, total=2), *[page(total=2)] * empty_pages, page(2, total=2)])
    if is_read:
        assert read(pages, cold=True) == [(1, 0), (2, 0)]
    else:
        with pytest.raises(PagingError):
            read(pages, cold=True)


@pytest.mark.parametrize(
    ("only", "asked"),
    [
        (page(1, total=1), 1),
        (page(1, total=1, may_go_on=True), 1),
        (page(1), 1),
        (page(1, may_go_on=True), 2),  # nothing says that it is the last
        (page(total=0), 1),
        (page(), 2),  # an empty one without a word may be a slip
    ],
)
def test_one_page_is_all_if_it_says_so(only: Page, asked: int) -> None:
    pages, count = counted([only])
    read(pages, cold=False)
    assert count == [asked]


@pytest.mark.parametrize("first", [[page(1, 2), page(3)], [page(1, 2), page(3), page(3)]], ids=["whole", "broken off"])
def test_a_single_page_behind_several_may_be_the_last_of_them(first: list[Page]) -> None:
    whole = [page(1, 2), page(3)]
    pages, count = counted(first, [page(3)], [page(3)], whole, whole)
    assert {row for row, _ in read(pages, cold=False)} == {1, 2, 3}
    assert count == [5]


def test_rows_in_another_order_are_known_from_the_third_pass_on() -> None:
    orders = ([1, 2, 3], [2, 1, 3], [3, 2, 1], [3, 1, 2], [1, 3, 2])
    pages, count = counted(*([page(*order[:2]), page(order[2])] for order in orders))
    read(pages, cold=False)
    assert count == [4]


def test_errors_say_which_list_and_what_to_do() -> None:
    again, _ = counted([page(1), page(1)])
    with pytest.raises(PagingError) as error:
        read(again, cold=False)
    assert str(error.value) == "list: the vendor gives the same page again and again. Tell the vendor's support."
    short, _ = counted([page(1, total=2), page(total=2)])
    with pytest.raises(PagingError) as error:
        read(short, cold=True)
    assert str(error.value) == "list: the vendor announces 2 rows and gives fewer."
    restless, _ = counted(*([page(number), page(number + 10)] for number in range(9)))
    with pytest.raises(InconsistentListError) as error:
        read(restless, cold=True)
    assert str(error.value) == (
        "list: could not be read consistently in 6 scans: it changes faster than it is read. "
        "Run again at a quieter time, or with a smaller window_days."
    )


@pytest.mark.parametrize("before", [[1, 2], [1, 2, 3]])
def test_a_single_page_after_several_ones_proves_nothing(before: list[int]) -> None:
    scans = iter([before, [1], [1, 9], [1, 9]])

    def pages() -> Iterator[Page]:
        numbers = next(scans)
        for number in numbers:
            yield Page(array([(number, 0)]), may_have_more=number != numbers[-1])

    assert (9, 0) in read(pages, cold=False)
