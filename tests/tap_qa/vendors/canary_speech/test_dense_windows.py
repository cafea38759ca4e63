"""Windows are read whole, 100 rows at a time, from vendors of every habit."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_qa.errors import PagingError
from tap_qa.state.windows import Window
from tap_qa.vendors.canary_speech.dense_windows import MAX_ROWS, MIN_CAP, ResponseTraits, read_window

START = datetime(2026, 6, 1, tzinfo=timezone.utc)
WINDOW = Window(START, START + timedelta(days=30))
Row = dict[str, Any]
Ask = "Callable[[Window], Sequence[Row]]"


def rows_at(*offsets: timedelta) -> list[Row]:
    return [{"uuid": number, "at": (START + offset).isoformat()} for number, offset in enumerate(sorted(offsets))]


class Vendor:
    """Gives at most 100 rows of a window.

    Attributes:
        asked: All windows that were asked for.
    """

    cap = MAX_ROWS

    def __init__(
        self, rows: list[Row], *, start_inclusive: bool = True, end_inclusive: bool = True, in_order: bool = True
    ) -> None:
        """Hold rows, in order of their dates."""
        self.rows = rows if in_order else rows[::-1]
        self.start_inclusive = start_inclusive
        self.end_inclusive = end_inclusive
        self.asked: list[Window] = []

    def __call__(self, window: Window) -> list[Row]:
        """Answer."""
        self.asked.append(window)
        return [row for row in self.rows if self._holds(window, datetime.fromisoformat(row["at"]))][: self.cap]

    def _holds(self, window: Window, at: datetime) -> bool:
        return (
            window.start < at < window.end
            or (self.start_inclusive and at == window.start)
            or (self.end_inclusive and at == window.end)
        )


def walked(vendor: Vendor, traits: ResponseTraits | None = None) -> list[Row]:
    parts = read_window(
        "stream", WINDOW, vendor, date=lambda row: row.get("at"), key=lambda row: row["uuid"], traits=traits
    )
    return [dict(row) for part in parts for row in part]


def test_a_quiet_window_takes_one_call_once_as_long_a_one_was_whole() -> None:
    traits = ResponseTraits()
    vendor = Vendor(rows_at(*(timedelta(hours=n) for n in range(1, 100))))
    for calls in (2, 1, 1):
        assert len(walked(vendor, traits)) == 99
        assert len(vendor.asked) == calls
        vendor.asked.clear()


@pytest.mark.parametrize("rows", [0, 1, MIN_CAP - 1])
def test_a_short_answer_is_whole(rows: int) -> None:
    vendor = Vendor(rows_at(*(timedelta(hours=n) for n in range(1, rows + 1))))
    assert len(walked(vendor)) == rows
    assert len(vendor.asked) == 1


@settings(max_examples=60)
@given(cap=st.integers(MIN_CAP, 99), minutes=st.lists(st.integers(1, 40_000), max_size=300, unique=True))
def test_a_lower_cap_loses_no_row(cap: int, minutes: list[int]) -> None:
    vendor = Vendor(rows_at(*(timedelta(minutes=n) for n in minutes)))
    vendor.cap = cap
    assert walked(vendor) == vendor.rows
    # About one call for each response that a vendor with this cap gives, and a last one.
    assert len(vendor.asked) <= len(minutes) / (cap - 2) + 2


@pytest.mark.parametrize("inclusive", [True, False])
def test_rows_that_share_an_instant_are_not_lost_between_two_answers(inclusive: bool) -> None:  # noqa: FBT001 - a case
    offsets = [*(timedelta(hours=n) for n in range(1, 81)), *([timedelta(hours=90)] * 60), timedelta(hours=91)]
    vendor = Vendor(rows_at(*offsets), start_inclusive=inclusive)
    assert walked(vendor) == vendor.rows


def test_more_than_100_of_one_instant_are_an_error_and_no_loop() -> None:
    vendor = Vendor(rows_at(timedelta(hours=1), *([timedelta(hours=90)] * 101)))
    with pytest.raises(PagingError, match="100 or more scores share the instant 2026-06-04T18:00:00"):
        walked(vendor)
    assert len(vendor.asked) < 6


def test_dense_rows_are_walked_by_the_millisecond() -> None:
    vendor = Vendor(rows_at(*(timedelta(hours=1, milliseconds=n) for n in range(450))))
    assert walked(vendor) == vendor.rows
    assert len(vendor.asked) < 10


@pytest.mark.parametrize("inclusive", [True, False])
def test_an_order_that_is_not_the_documented_one_is_not_trusted(inclusive: bool) -> None:  # noqa: FBT001 - a case
    vendor = Vendor(
        rows_at(*(timedelta(minutes=41 * n) for n in range(1, 1000))),
        in_order=False,
        start_inclusive=inclusive,
        end_inclusive=inclusive,
    )
    assert sorted(row["uuid"] for row in walked(vendor)) == list(range(999))


@pytest.mark.parametrize("disorder", [(0, 1), (-3, -2)])
def test_order_by_chance_is_not_trusted_of_a_vendor_that_keeps_none(disorder: tuple[int, int]) -> None:
    # 16 rows of an instant, so seven instants in a response: many responses are in order, and one row comes late.
    days = [day for day in range(25) if day != 10] + [10]
    first, second = disorder
    days[first], days[second] = days[second], days[first]
    rows = [{"uuid": f"{day}-{n}", "at": (START + timedelta(days=day)).isoformat()} for day in days for n in range(16)]
    assert {row["uuid"] for row in walked(Vendor(rows))} == {row["uuid"] for row in rows}


def test_100_unordered_rows_of_one_instant_are_an_error_too() -> None:
    vendor = Vendor(rows_at(*([timedelta(hours=1)] * 150), timedelta(hours=2)), in_order=False)
    with pytest.raises(PagingError, match="share the instant"):
        walked(vendor)
    assert len(vendor.asked) < 60


@pytest.mark.parametrize("dates", [None, "yesterday"])
def test_rows_without_a_date_are_reached_by_halving(dates: object) -> None:
    rows = rows_at(*(timedelta(hours=n) for n in range(1, 300)))

    class Dateless(Vendor):
        def __call__(self, window: Window) -> list[Row]:
            return [{**row, "at": dates} for row in super().__call__(window)]

    assert len(walked(Dateless(rows))) == 299


@settings(max_examples=60)
@given(
    milliseconds=st.lists(st.one_of(st.integers(1, 3000), st.integers(1, 2_591_999_000)), max_size=400),
    habits=st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_all_rows_come_once_whatever_the_habits(milliseconds: list[int], habits: tuple[bool, bool, bool]) -> None:
    start_inclusive, end_inclusive, in_order = habits
    vendor = Vendor(
        rows_at(*(timedelta(milliseconds=n) for n in milliseconds)),
        start_inclusive=start_inclusive,
        end_inclusive=end_inclusive,
        in_order=in_order,
    )
    try:
        found = walked(vendor)
    except PagingError:
        # Right only where so many rows lie within a few milliseconds.
        ordered = sorted(milliseconds)
        assert any(late - early <= 8 for early, late in zip(ordered, ordered[99:], strict=False))
    else:
        assert sorted(row["uuid"] for row in found) == list(range(len(milliseconds)))
