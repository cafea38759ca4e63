"""The lists of the simulated Scorebuddy."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.sandbox.scorebuddy_client import HIGH, WINDOW, Client, client, vendor

if TYPE_CHECKING:
    from qa_sandbox.http.request_log import ReceivedRequest
    from qa_sandbox.vendors.scorebuddy import Scorebuddy

__all__ = ["client", "vendor"]  # fixtures


@pytest.mark.parametrize(
    ("path", "key", "most"),
    [
        ("/scores", "scores", 10),
        ("/scores/reviews", "reviews", 10),
        ("/scorecards", "scorecards", 5),
        ("/scorecards/70/versions", "versions", 10),
        ("/scorecards/73/versions/1/questions", "questions", 100),
        ("/staff/employees", "employees", 25),
        ("/users", "users", 25),
        ("/groups", "groups", 100),
        ("/teams", "teams", 100),
    ],
)
def test_pages_have_a_limit(client: Client, path: str, key: str, most: int) -> None:
    answer = client.get(path)
    assert len(answer.json()[key]) == min(most, answer.json()["total"])
    assert client.get(path, limit=most).json()[key] == answer.json()[key]
    refused = client.get(path, limit=most + 1)
    assert (refused.status_code, refused.json()["error"]["type"]) == (400, "BAD_REQUEST")
    assert refused.json()["error"]["description"].startswith("limit:")
    assert client.get(path, limit=0).status_code == 400
    assert client.get(path, page=-1).status_code == 400
    beyond = client.get(path, page=999).json()
    assert (beyond[key], beyond["next_page"]) == ([], None)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("form", ["absolute", "relative", "number"])
def test_next_page_has_several_forms(vendor: Scorebuddy, client: Client, form: Any, first: Any) -> None:  # noqa: ANN401
    vendor.rules.next_page, vendor.rules.first_page = form, first
    answer = client.get("/scores", **WINDOW).json()
    assert answer["previous_page"] is None
    second = answer["next_page"]
    if form == "number":
        assert second == first + 1
        return
    parts = urlsplit(second)
    assert bool(parts.netloc) == (form == "absolute")
    assert f"page={first + 1}" in parts.query
    assert "from_last_edit_date=2026-06-10+00" in parts.query
    rows = client.get("/scores", **WINDOW, page=first + 1).json()["scores"]
    assert client.get("/scores", **WINDOW, page=first).json() == answer
    assert not {row["score_id"] for row in rows} & {row["score_id"] for row in answer["scores"]}
    vendor.rules.next_page_keeps = False
    assert "from_last_edit_date" not in client.get("/scores", **WINDOW).json()["next_page"]


def test_lists_are_whole_and_in_no_order(vendor: Scorebuddy, client: Client) -> None:
    truth = vendor.dataset.expected_records("scorebuddy_scores")
    rows = client.walk("/scores", "scores")
    assert {(row["score_id"],) for row in rows} == set(truth)
    stamps = [row["last_edit_date"] for row in rows]
    assert stamps != sorted(stamps)
    assert stamps != sorted(stamps, reverse=True)
    assert client.walk("/scores", "scores") == rows
    assert len(client.walk("/staff/employees", "employees")) == len(
        vendor.dataset.expected_records("scorebuddy_employees")
    )


@pytest.mark.parametrize("order", ["newest", "oldest", "id"])
def test_lists_can_have_an_order(vendor: Scorebuddy, client: Client, order: Any) -> None:  # noqa: ANN401
    vendor.rules.order = order
    rows = client.walk("/scores", "scores")
    field = "score_id" if order == "id" else "last_edit_date"
    assert rows == sorted(rows, key=lambda row: (row[field], row["score_id"]), reverse=order == "newest")


def test_bounds_are_inclusive_and_in_the_instances_zone(vendor: Scorebuddy, client: Client) -> None:
    score = vendor.dataset.add(datetime(2026, 6, 14, 22, 30, tzinfo=timezone.utc))
    for zone, local in (("UTC", "2026-06-14 22:30:00"), ("Europe/Dublin", "2026-06-14 23:30:00")):
        vendor.rules.timezone = zone
        for path, key in (("/scores", "scores"), ("/export/questions", "export")):
            rows = client.get(path, from_last_edit_date=local, to_last_edit_date=local).json()[key]
            assert {(row["score_id"], row["last_edit_date"]) for row in rows} == {(score.id, local)}


def test_bounds_can_be_exclusive_and_edits_show_late(vendor: Scorebuddy, client: Client) -> None:
    score = vendor.dataset.add(datetime(2026, 6, 15, 6, tzinfo=timezone.utc))

    def found(low: str, high: str) -> bool:
        query = {"from_last_edit_date": low, "to_last_edit_date": high}
        return score.id in {row["score_id"] for row in client.walk("/scores", "scores", **query)}

    assert found(HIGH, HIGH)
    vendor.rules.includes_bounds = False
    assert not found(HIGH, HIGH)
    assert found("2026-06-15 05:59:59", "2026-06-15 06:00:01")
    vendor.rules.includes_bounds, vendor.rules.shows_after = True, 60
    assert not found(HIGH, HIGH)
    vendor.clock.advance(timedelta(minutes=1))
    assert found(HIGH, HIGH)


@pytest.mark.parametrize("path", ["/scores", "/export/questions"])
@pytest.mark.parametrize("value", ["2026-06-10", "2026-06-10T00:00:00", "2026-06-10 00:00", "2026-02-30 00:00:00", "x"])
def test_edit_dates_want_their_full_form(client: Client, path: str, value: str) -> None:
    refused = client.get(path, **{**WINDOW, "from_last_edit_date": value})
    assert refused.status_code == 400
    assert refused.json()["error"]["description"].startswith("from_last_edit_date:")


def test_review_dates_are_days(vendor: Scorebuddy, client: Client) -> None:
    days = {"from_review_date": "2026-06-12", "to_review_date": "2026-06-13"}
    rows = client.walk("/scores/reviews", "reviews", **days)
    truth = vendor.dataset.expected_records("scorebuddy_score_reviews").values()
    assert len(rows) == sum(row["review_date"][:10] in {"2026-06-12", "2026-06-13"} for row in truth) > 0
    assert client.get("/scores/reviews", from_review_date="2026-06-12 00:00:00").status_code == 400


def test_an_edit_while_paging_loses_a_row_for_a_naive_reader(vendor: Scorebuddy, client: Client) -> None:
    read: list[int] = []

    def edit_the_first(call: ReceivedRequest) -> None:
        if len(read) == 10 and call.path.endswith("/scores"):
            vendor.dataset.edit(read[0], datetime(2026, 6, 15, 7, tzinfo=timezone.utc))

    before = {row["score_id"] for row in client.walk("/scores", "scores", **WINDOW)}
    vendor.dataset.on_request.append(edit_the_first)
    answer = client.get("/scores", **WINDOW).json()
    read += [row["score_id"] for row in answer["scores"]]
    while answer["next_page"]:
        answer = client.session.get(answer["next_page"], timeout=5).json()
        read += [row["score_id"] for row in answer["scores"]]
    assert len(before - set(read)) == 1
