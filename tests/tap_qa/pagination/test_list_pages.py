"""Scans over the pages of a list, and which requests they take."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from qa_harness.clock import FakeClock
from tap_qa.errors import DeepPageError, RequestRejectedError, UnexpectedResponseError
from tap_qa.http.prefetch import MAX_IN_FLIGHT
from tap_qa.http.request import Request, Response
from tap_qa.json_codec import decode
from tap_qa.pagination.envelope import EnvelopeSpec
from tap_qa.pagination.page_fill import PageFill, TooManyRowsError
from tap_qa.pagination.paginator import list_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tap_qa.http.client import Client
    from tap_qa.pagination.page import Page

LIMIT = 2
REQUEST = Request("things", params={"limit": LIMIT, "since": "2024-01-01"}, description="things")
ENVELOPE = EnvelopeSpec(rows=("rows",), next=("next",), total=("total",))
BARE = EnvelopeSpec(rows=("rows",))


@dataclass
class Vendor:
    """A client whose vendor answers each page number; the first page is asked for by None."""

    answer: Callable[[int | None], Any]
    latency: float = 0.0
    vendor: str = "things"
    clock: FakeClock = field(default_factory=FakeClock)
    asked: list[Mapping[str, Any]] = field(default_factory=list)
    ahead: list[int] = field(default_factory=list)

    @property
    def run_context(self) -> Vendor:
        return self

    def send(self, request: Request, parse: Callable[[Response], Any]) -> Any:  # noqa: ANN401
        self.clock.sleep(self.latency)
        self.asked.append(dict(request.params))
        return parse(self.respond(request))

    def prepare_prefetch(self, request: Request, parse: Callable[[Response], Any]) -> Callable[[], Any] | None:
        self.ahead.append(cast("int", request.params["page"]))
        return lambda: parse(self.respond(request))

    def respond(self, request: Request) -> Response:
        assert {**request.params, "limit": LIMIT, "since": "2024-01-01"} == request.params
        page = request.params.get("page")
        body = self.answer(None if page is None else int(str(page)))
        if isinstance(body, int):
            raise RequestRejectedError(self.vendor, f"HTTP {body}", status=body)
        status, body = body if isinstance(body, tuple) else (200, body)
        return Response(status, {}, json.dumps(body).encode())

    @property
    def pages(self) -> list[Any]:
        """The numbers of the pages that were asked for, one after the other."""
        return [params.get("page") for params in self.asked]


def scan(vendor: Vendor, form: EnvelopeSpec = BARE, fill: PageFill | None = None) -> list[Page]:
    return list(list_pages(cast("Client", vendor), REQUEST, form, fill))


def ids(pages: list[Page]) -> list[list[int]]:
    return [[row["id"] for row in decode(page.array)] for page in pages]


def rows(*numbers: int) -> list[dict[str, int]]:
    return [{"id": number} for number in numbers]


def numbered(*pages: list[dict[str, int]], first: int = 0) -> Callable[[int | None], Any]:
    """Bare arrays; what lies behind the last one is empty."""

    def answer(page: int | None) -> Any:  # noqa: ANN401
        place = 0 if page is None else page - first
        return pages[place] if 0 <= place < len(pages) else []

    return answer


@pytest.mark.parametrize(("first", "asked"), [(0, [None, 1, 2, 3]), (1, [None, 1, 2, 3, 4])])
def test_pages_are_counted_from_0_or_from_1_until_one_is_empty(first: int, asked: list[int | None]) -> None:
    vendor = Vendor(numbered(rows(1, 2), rows(3, 4), rows(5), first=first))
    pages = scan(vendor)
    assert ids(pages) == [[1, 2], [3, 4], [5], []]
    assert vendor.pages == asked
    assert all(page.may_have_more for page in pages)
    assert not any(page.repeats_first for page in pages)


def test_where_the_first_number_is_known_no_page_is_asked_for_twice() -> None:
    vendor = Vendor(numbered(rows(1, 2), rows(3), first=1))
    assert ids(scan(vendor, EnvelopeSpec(rows=("rows",), first_page=1))) == [[1, 2], [3], []]
    assert vendor.pages == [None, 2, 3]


def test_the_first_page_that_comes_again_is_left_out_once_only() -> None:
    vendor = Vendor(numbered(rows(1, 2), rows(1, 2), rows(1, 2)))
    assert ids(scan(vendor)) == [[1, 2], [1, 2], []]


def test_an_empty_list_takes_one_request() -> None:
    vendor = Vendor(numbered())
    assert ids(scan(vendor)) == [[]]
    assert vendor.pages == [None]


@pytest.mark.parametrize("onward", [lambda page: page, lambda page: f"/x?page={page}", lambda page: f"{page}.0"])
def test_a_next_page_is_followed_until_none_is_named(onward: Callable[[int], Any]) -> None:
    def answer(page: int | None) -> Any:  # noqa: ANN401
        number = page or 7  # numbers that no counting would find
        return {"rows": rows(number), "total": 3, "next": onward(number + 7) if number < 21 else None}

    vendor = Vendor(answer)
    pages = scan(vendor, ENVELOPE)
    assert ids(pages) == [[7], [14], [21]]
    assert [int(str(page or 7)) for page in vendor.pages] == [7, 14, 21]
    assert [page.total for page in pages] == [3, 3, 3]
    assert not any(page.may_have_more for page in pages)


@pytest.mark.parametrize("about", ["meta", "pagination", "paging", "links"])
def test_what_is_said_of_pages_may_stand_in_an_object_of_its_own(about: str) -> None:
    def answer(page: int | None) -> Any:  # noqa: ANN401
        number = page or 7
        following = f"/things?page={number + 7}" if number < 21 else None
        return {about: {"next": following, "total": 3, "rows": None, "limit": 1}, "rows": rows(number)}

    pages = scan(Vendor(answer), ENVELOPE)
    assert ids(pages) == [[7], [14], [21]]
    assert [page.total for page in pages] == [3, 3, 3]
    assert ids(scan(Vendor(lambda _: {about: {"total": 0, "next": None}, "rows": None}), ENVELOPE)) == [[]]
    # What stands beside the rows counts first.
    assert ids(scan(Vendor(lambda _: {about: {"next": 2}, "rows": rows(7), "next": None}), ENVELOPE)) == [[7]]


def test_where_more_is_said_to_come_pages_are_counted_on_from_the_one_that_was_named() -> None:
    form = EnvelopeSpec(rows=("rows",), next=("next",), more="more")

    def answer(page: int | None) -> Any:  # noqa: ANN401
        number = page or 1
        # The fourth page is named, those behind it are not.
        return {"rows": rows(number), "more": number < 6, **({"next": 4} if number == 1 else {})}

    vendor = Vendor(answer)
    assert ids(scan(vendor, form)) == [[1], [4], [5], [6]]


def test_a_next_page_that_leads_nowhere_is_an_error_that_names_the_list() -> None:
    with pytest.raises(UnexpectedResponseError) as error:
        scan(Vendor(lambda _: {"rows": rows(1), "next": "somewhere"}), ENVELOPE)
    assert "things: " in str(error.value)
    assert "the list for things names a next page that is neither a number nor a URL with a query" in str(error.value)


@pytest.mark.parametrize("status", [400, 413, 416, 422])
def test_a_refused_page_behind_the_first_is_a_reason_to_read_less_at_once(status: int) -> None:
    with pytest.raises(DeepPageError) as error:
        scan(Vendor(lambda page: status if page else rows(1, 2)))
    assert f"HTTP {status}" in str(error.value)
    assert "the call for things" in str(error.value)
    assert "read less at once" in str(error.value)


@pytest.mark.parametrize(("refused_page", "status"), [(None, 400), (None, 404), (1, 403), (1, 410)], ids=str)
def test_any_other_refusal_stays_one(refused_page: int | None, status: int) -> None:
    with pytest.raises(RequestRejectedError) as error:
        scan(Vendor(lambda page: status if page == refused_page else rows(1, 2)))
    assert not isinstance(error.value, DeepPageError)
    assert error.value.status == status


def test_a_404_behind_the_last_page_ends_the_list() -> None:
    assert ids(scan(Vendor(lambda page: 404 if page else rows(1, 2)))) == [[1, 2], []]


FULL = EnvelopeSpec(rows=("rows",), next=("next",), total=("total",), full_page=LIMIT, may_ignore_pages=True)


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ({"rows": rows(1), "next": None}, [None]),
        ({"rows": rows(1, 2), "next": None}, [None, 1]),
        ({"rows": rows(1, 2), "next": None, "total": 2}, [None]),
        ({"rows": rows(1, 2), "next": None, "total": 3}, [None, 1]),
    ],
)
def test_a_full_page_that_names_no_next_one_is_doubted(body: Any, asked: list[int | None]) -> None:  # noqa: ANN401
    vendor = Vendor(lambda page: {"rows": [], "next": None} if page else body)
    scan(vendor, FULL)
    assert vendor.pages == asked


def test_a_vendor_that_denies_more_is_believed() -> None:
    form = EnvelopeSpec(rows=("rows",), more="more", full_page=LIMIT)
    vendor = Vendor(lambda _: {"rows": rows(1, 2), "more": False})
    scan(vendor, form)
    assert vendor.pages == [None]


def test_a_list_that_ignores_page_numbers_ends_under_two_of_them() -> None:
    vendor = Vendor(lambda _: rows(1, 2, 3))  # three rows are no length that a page usually has
    pages = scan(vendor, FULL)
    assert vendor.pages == [None, 1, 2, 3]
    assert [page.repeats_first for page in pages] == [False, True, True]


def test_a_list_that_windows_cut_is_never_believed_to_ignore_page_numbers() -> None:
    page = rows(1, 2, 3)
    pages = scan(Vendor(lambda number: page if (number or 0) < 5 else []), replace(FULL, may_ignore_pages=False))
    assert not any(page.repeats_first for page in pages)
    assert len(pages) == 5


@pytest.mark.parametrize("count", [LIMIT, 10])
def test_a_list_as_long_as_a_page_is_not_believed_to_ignore_page_numbers(count: int) -> None:
    page = rows(*range(count))
    pages = scan(Vendor(lambda number: page if (number or 0) < 5 else []), FULL)
    assert not any(page.repeats_first for page in pages)
    assert len(pages) == 5


def test_a_first_page_that_comes_again_between_others_starts_no_end() -> None:
    vendor = Vendor(lambda page: {None: rows(1, 2, 3), 1: rows(4, 5, 6), 2: rows(1, 2, 3)}.get(page, []))
    pages = scan(vendor, FULL)
    assert [page.repeats_first for page in pages] == [False, False, True, False]


def test_with_a_known_length_of_full_pages_a_shorter_one_is_the_last() -> None:
    fill = PageFill(shows_totals=False)
    vendor = Vendor(numbered(rows(1, 2), rows(3, 4), rows(5), first=1))
    pages = scan(vendor, EnvelopeSpec(rows=("rows",), first_page=1), fill)
    assert ids(pages) == [[1, 2], [3, 4], [5]]
    assert [page.may_have_more for page in pages] == [True, True, False]
    assert fill.rows_of_full_page == LIMIT
    assert not fill.shows_totals


def test_the_first_page_that_comes_again_teaches_nothing_of_full_pages() -> None:
    fill = PageFill(shows_totals=False)
    scan(Vendor(numbered(rows(1), first=1)), fill=fill)
    assert fill.rows_of_full_page is None


def test_pages_that_two_scans_show_teach_nothing_that_one_of_them_does_not() -> None:
    fill = PageFill(shows_totals=False)
    for _ in range(2):
        scan(Vendor(numbered(rows(1), rows(2), first=1)), EnvelopeSpec(rows=("rows",), first_page=1), fill)
    assert fill.rows_of_full_page is None


def test_a_page_that_the_vendor_calls_partial_is_never_taken_for_the_last() -> None:
    fill = PageFill(shows_totals=False)
    vendor = Vendor(lambda page: {None: rows(1, 2), 2: (206, rows(3))}.get(page, []))
    pages = scan(vendor, EnvelopeSpec(rows=("rows",), first_page=1), fill)
    assert ids(pages) == [[1, 2], [3], []]


@pytest.mark.parametrize(
    ("answer", "form", "is_too_much"),
    [
        (numbered(rows(1, 2), rows(3), first=1), BARE, True),  # a page as long as asked for
        (numbered(rows(1), first=1), BARE, False),
        (numbered(first=1), BARE, False),
        (lambda _: {"rows": rows(1, 2), "next": None}, ENVELOPE, False),  # no further page, says the vendor
        (lambda _: {"rows": rows(1), "next": 2}, ENVELOPE, True),
        (lambda page: {"rows": [], "next": None if page else 2}, ENVELOPE, False),
    ],
)
def test_a_list_that_one_page_was_to_hold_is_given_up_where_it_goes_on(
    answer: Callable[[int | None], Any],
    form: EnvelopeSpec,
    is_too_much: bool,  # noqa: FBT001
) -> None:
    fill = PageFill(shows_totals=False, wants_one_page=True)
    vendor = Vendor(answer)
    if is_too_much:
        with pytest.raises(TooManyRowsError):
            scan(vendor, form, fill)
        assert vendor.pages == [None]
    else:
        scan(vendor, form, fill)


def test_slow_pages_are_asked_for_ahead_as_far_as_the_total_goes() -> None:
    def answer(page: int | None) -> Any:  # noqa: ANN401
        return {"rows": rows(*range(2 * (page or 0), min(2 * (page or 0) + 2, 15))), "total": 15}

    vendor = Vendor(answer, latency=1.0)
    found = [number for page in ids(scan(vendor, ENVELOPE)) for number in page]
    assert found == list(range(15))
    # The first page shows the length, so the last number is known: 7 further ones, and one that is empty.
    assert sorted(vendor.ahead) == list(range(1, 9))
    assert vendor.pages == [None]


def test_quick_pages_are_asked_for_one_after_the_other() -> None:
    vendor = Vendor(numbered(rows(1, 2), rows(3, 4), rows(5)))
    scan(vendor)
    assert not vendor.ahead


def test_where_the_end_is_unknown_only_full_pages_are_a_reason_to_ask_ahead() -> None:
    pages = [rows(2 * number, 2 * number + 1) for number in range(12)]
    vendor = Vendor(numbered(*pages, rows(24)), latency=1.0)
    assert ids(scan(vendor))[-2:] == [[24], []]
    guessed = [number for number in vendor.ahead if number > 13]
    assert len(guessed) <= MAX_IN_FLIGHT
    assert set(range(3, 12)) <= set(vendor.ahead)
    assert 1 not in vendor.ahead


@pytest.mark.parametrize("onward", ["/x?page={}&cursor=abc", "/x?offset={}"])
def test_pages_that_differ_by_more_than_a_number_are_not_guessed(onward: str) -> None:
    count = iter(range(1, 100))

    def answer(_: int | None) -> Any:  # noqa: ANN401
        number = next(count)
        return {"rows": rows(number), "total": 5, "next": onward.format(number + 1) if number < 5 else None}

    vendor = Vendor(answer, latency=1.0)
    assert ids(scan(vendor, ENVELOPE)) == [[1], [2], [3], [4], [5]]
    assert not vendor.ahead


def test_a_guess_that_fails_is_asked_for_again() -> None:
    main = threading.get_ident()

    def answer(page: int | None) -> Any:  # noqa: ANN401
        return {"rows": rows(page or 0), "total": 3, "next": (page or 0) + 1 if (page or 0) < 2 else None}

    class Flaky(Vendor):
        def prepare_prefetch(self, request: Request, parse: Callable[[Response], Any]) -> Callable[[], Any]:
            self.ahead.append(cast("int", request.params["page"]))
            return lambda: parse(self.respond(request)) if threading.get_ident() == main else None

    vendor = Flaky(answer, latency=1.0)
    assert ids(scan(vendor, ENVELOPE)) == [[0], [1], [2]]
    assert vendor.ahead
    assert vendor.pages == [None, 1, 2]
