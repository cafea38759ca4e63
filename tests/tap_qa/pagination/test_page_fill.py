"""What the length of pages proves, and what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tap_qa.pagination.page_fill import PageFill

if TYPE_CHECKING:
    from collections.abc import Sequence


def filled(*scans: Sequence[int], asked: object = 100) -> PageFill:
    fill = PageFill(shows_totals=False)
    for scan in scans:
        for place, rows in enumerate(scan):
            fill.add(rows, asked=asked, shows_total=False, is_first=place == 0, names_next=False)
    return fill


@pytest.mark.parametrize(
    ("scans", "full"),
    [
        ([[100]], 100),
        ([[100, 100, 30]], 100),
        ([[30], [100]], 100),
        ([[40, 40, 12]], 40),  # the vendor's own limit, shown twice
        ([[40, 12], [40, 12]], None),  # a page that is read twice shows nothing new
        ([[40, 12], [40, 40, 12]], 40),
        ([[40, 12]], None),
        ([[99]], None),
        ([], None),
        ([[100, 98, 100]], None),  # rows are left out after paging
        ([[100, 98, 100, 100, 30]], None),
        ([[98, 100]], None),
        ([[120, 120, 30]], 120),
        ([[120, 115, 30]], None),  # pages count something else
        ([[100], [101]], None),
        ([[0]], None),
    ],
)
def test_a_page_is_full_if_the_vendor_filled_one_as_asked_or_two_alike(
    scans: list[list[int]], full: int | None
) -> None:
    assert filled(*scans).rows_of_full_page == full


def test_a_page_with_clearly_fewer_rows_is_the_last() -> None:
    fill = filled([100])
    assert [rows for rows in range(101) if fill.is_last(rows)] == list(range(1, 96))
    assert [rows for rows in range(101) if fill.is_full(rows)] == list(range(96, 101))
    assert not any(filled([40]).is_last(rows) or filled([40]).is_full(rows) for rows in range(101))


def test_a_page_behind_one_that_named_it_says_nothing_new_of_that() -> None:
    fill = PageFill(shows_totals=False)
    for place, rows in enumerate((40, 40, 12)):
        fill.add(rows, asked=100, shows_total=False, is_first=place == 0, names_next=rows == 40)
    assert fill.rows_of_full_page == 40


def test_another_number_of_rows_asked_for_starts_again() -> None:
    fill = filled([100])
    fill.add(50, asked=50, shows_total=True, is_first=True, names_next=False)
    assert fill.rows_of_full_page == 50
    assert fill.shows_totals
    fill.add(30, asked=40, shows_total=True, is_first=True, names_next=False)
    assert fill.rows_of_full_page is None


@pytest.mark.parametrize(("pages", "full"), [([40, 40], 40), ([40], None), ([40, 41], None), ([100], 100)])
def test_pages_that_name_the_next_one_are_full(pages: list[int], full: int | None) -> None:
    fill = PageFill(shows_totals=False)
    for rows in pages:  # of scans that went no further
        fill.add(rows, asked=100, shows_total=False, is_first=True, names_next=True)
    assert fill.rows_of_full_page == full
