"""Envelopes of lists, and what leads to their next page."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.http.attempt_errors import UnreadableResponseError
from tap_qa.http.request import Response
from tap_qa.json_codec import decode
from tap_qa.pagination.envelope import EnvelopeSpec, parse_list_response
from tap_qa.pagination.next_page import next_page_params

if TYPE_CHECKING:
    from tap_qa.http.request import Param

FORM = EnvelopeSpec(rows=("results", "data"), next=("nextURL", "next"), more="more", total=("total", "count"))
OWN: dict[str, Param] = {"limit": 10, "from_date": "2024-01-01 00:00:00"}


def read(body: Any) -> tuple[Any, ...]:  # noqa: ANN401
    found = parse_list_response(Response(200, {}, json.dumps(body).encode()), FORM)
    return decode(found.array), found.total, found.next, found.announces_last_page


ROWS = [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (ROWS, (ROWS, None, None, False)),
        ([], ([], None, None, False)),
        ({"results": ROWS}, (ROWS, None, None, False)),
        ({"data": ROWS, "total": 2}, (ROWS, 2, None, False)),
        ({"results": ROWS, "next": None, "count": 2}, (ROWS, 2, None, True)),
        ({"results": ROWS, "next": ""}, (ROWS, None, None, True)),
        ({"results": ROWS, "next": "/x?page=2"}, (ROWS, None, "/x?page=2", True)),
        ({"results": ROWS, "next": 2}, (ROWS, None, 2, True)),
        ({"results": ROWS, "more": False, "nextURL": "/x?page=2"}, (ROWS, None, None, True)),
        ({"results": ROWS, "more": True, "nextURL": "/x?page=2"}, (ROWS, None, "/x?page=2", True)),
        ({"results": ROWS, "more": True}, (ROWS, None, None, False)),
        ({"results": ROWS, "more": False}, (ROWS, None, None, True)),
        ({"results": ROWS, "next": "0"}, (ROWS, None, None, True)),
        ({"results": ROWS, "next": "null"}, (ROWS, None, None, True)),
        ({"results": ROWS, "next": False}, (ROWS, None, None, True)),
        ({"results": ROWS, "next": True}, (ROWS, None, None, False)),
        # No list, and proof that there is none.
        ({"results": None, "total": 0}, ([], 0, None, False)),
        ({"results": None, "total": 0, "next": None, "previous": None}, ([], 0, None, True)),
        ({"results": {}, "total": 0}, ([], 0, None, False)),
        ({"results": None, "more": False, "nextURL": None}, ([], None, None, True)),
        ({"total": 0, "next": None, "page": 1}, ([], 0, None, True)),
        # An object in place of the list: as PHP writes an array with gaps; the only row, without its list.
        ({"results": {"0": ROWS[0], "7": ROWS[1]}, "total": 2}, (ROWS, 2, None, False)),
        ({"data": {"3": ROWS[1]}, "next": 2}, ([ROWS[1]], None, 2, True)),
        ({"results": ROWS[0], "total": 1, "next": None}, ([ROWS[0]], 1, None, True)),
        # A total that is none is no total.
        ({"results": ROWS, "total": "2"}, (ROWS, 2, None, False)),
        ({"results": ROWS, "total": "two"}, (ROWS, None, None, False)),
        ({"results": ROWS, "total": -1}, (ROWS, None, None, False)),
        ({"results": ROWS, "total": True}, (ROWS, None, None, False)),
        ({"results": ROWS, "total": None}, (ROWS, None, None, False)),
    ],
)
def test_envelopes(body: Any, expected: tuple[Any, ...]) -> None:  # noqa: ANN401
    assert read(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        {},
        None,
        7,
        "text",
        {"error": "no"},
        {"result": ROWS},
        {"results": None},
        {"results": {"1": {}}},
        {"results": {"1": 1}},
        {"results": {"1": ROWS[0], "error": ROWS[1]}},
        {"results": ROWS[0], "total": 2},
        {"results": ROWS[0], "next": None},
        {"results": [1]},
        [1],
        [[]],
        {"results": ["a"], "total": 1},
        {"results": None, "total": 5, "next": None},
        {"results": None, "total": 0, "next": 2},
        {"results": None, "total": 0, "more": True},
        {"results": {"1": {}}, "total": 0},
        {"results": "", "total": 0},
        {"items": ROWS, "total": 0},
        {"message": "no", "total": 0, "next": None},
        {"next": 2},
    ],
)
def test_what_is_no_list_is_unreadable_and_never_an_empty_list(body: Any) -> None:  # noqa: ANN401
    with pytest.raises(UnreadableResponseError):
        read(body)


@pytest.mark.parametrize("body", [ROWS, {"results": ROWS}])
def test_a_status_206_says_that_rows_are_missing(body: Any) -> None:  # noqa: ANN401
    text = json.dumps(body).encode()
    assert [parse_list_response(Response(status, {}, text), FORM).is_partial for status in (200, 206)] == [False, True]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (None, "no list and no object"),
        ([1], "a list of something else than objects"),
        ({"items": 1}, "without the list"),
    ],
)
def test_what_came_instead_of_a_list_is_told(body: Any, complaint: str) -> None:  # noqa: ANN401
    with pytest.raises(UnreadableResponseError, match=complaint):
        read(body)


def test_an_envelope_without_its_list_may_hold_flags_and_numbers_only() -> None:
    assert read({"total": 0, "next": "", "page": 1, "ok": True, "previous": None})[:2] == ([], 0)


def test_the_fields_that_came_are_named_but_not_their_values() -> None:
    with pytest.raises(UnreadableResponseError) as error:
        read({"items": "Jane Doe", "page": 1})
    assert "its fields: items, page" in str(error.value)
    assert "Jane" not in str(error.value)


def test_no_content_is_an_empty_list() -> None:
    found = parse_list_response(Response(204, {}, b""), FORM)
    # Nothing says that it is the last page: a second look decides.
    assert (decode(found.array), found.announces_last_page) == ([], False)
    with pytest.raises(UnreadableResponseError):
        parse_list_response(Response(200, {}, b""), FORM)


@pytest.mark.parametrize("onward", [3, "3", " 3 ", "\x1e3", 3.0, "3.0", Decimal("3.00")])
def test_a_number_is_a_page(onward: Any) -> None:  # noqa: ANN401
    assert next_page_params(onward, OWN) == {**OWN, "page": 3}


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example/v1/things?page=3",
        "/v1/things?page=3",
        "?page=3",
        "https://evil.example/?page=3",
        "/v1/things?page=3&limit=500&from_date=1999-01-01",
        "/v1/things?limit=10&page=3#top",
    ],
)
def test_of_a_url_only_the_query_counts_and_the_taps_own_filters_win(url: str) -> None:
    assert next_page_params(url, OWN) == {**OWN, "page": "3"}


def test_cursors_and_offsets_are_taken_along() -> None:
    assert next_page_params("/things?cursor=a%2Bb&offset=20", OWN) == {**OWN, "cursor": "a+b", "offset": "20"}
    assert next_page_params("/things?cursor=&page=2", OWN) == {**OWN, "cursor": "", "page": "2"}
    assert next_page_params("/things?group_ids[]=9&page=2", {"group_ids": [1, 2]}) == {"group_ids": [1, 2], "page": "2"}


@pytest.mark.parametrize(
    "onward",
    [
        "",
        "next",
        "/things",
        "https://host/things",
        "http://[::1/?page=2",
        "9" * 5000,
        "\u0663",
        {},
        [],
        1.5,
        "1.5",
        -1,
        True,
        {"page": 2},
    ],
)
def test_what_leads_nowhere_is_unreadable(onward: Any) -> None:  # noqa: ANN401
    with pytest.raises(UnreadableResponseError, match="neither a number nor a URL with a query"):
        next_page_params(onward, OWN)


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8)), st.text(max_size=40))
def test_no_link_can_change_the_taps_own_filters(own: dict[str, str], link: str) -> None:
    try:
        params = next_page_params(link, own)
    except UnreadableResponseError:
        return
    assert {name: value for name, value in params.items() if name in own and name != "page"} == {
        name: value for name, value in own.items() if name != "page"
    }
