from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests

from qa_sandbox.clock import SandboxClock
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from qa_sandbox.vendors.scorebuddy.rules import SCOPES
from qa_sandbox.vendors.scorebuddy.seed_data import Size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_sandbox.http.request_log import ReceivedRequest

LOW, HIGH = "2026-06-10 00:00:00", "2026-06-15 06:00:00"
WINDOW = {"from_last_edit_date": LOW, "to_last_edit_date": HIGH}


class Client:
    """A caller with a token."""

    def __init__(self, vendor: Scorebuddy, scopes: str = " ".join(sorted(SCOPES))) -> None:
        """Ask for a token of these scopes."""
        config = vendor.config()
        self.base = config["url"] + "/api/v1"
        self.session = requests.Session()
        self.credentials = {
            "grant_type": "client_credentials",
            "client_id": config["client_id"],
            "client_secret": config["client_secret"],
            "scope": scopes,
        }
        self.renew()

    def renew(self) -> None:
        """Ask for a new token."""
        token = self.session.post(self.base + "/authorisation/token", data=self.credentials, timeout=5).json()
        self.session.headers["Authorization"] = f"Bearer {token['access_token']}"

    def get(self, path: str, **query: Any) -> requests.Response:  # noqa: ANN401
        """Ask for a path."""
        return self.session.get(self.base + path, params=query, timeout=5)

    def walk(self, path: str, key: str, **query: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """Read all pages of a list."""
        answer = self.get(path, **query).json()
        rows = answer[key]
        while answer["next_page"]:
            answer = self.session.get(answer["next_page"], timeout=5).json()
            rows += answer[key]
        assert len(rows) == answer["total"]
        return list(rows)


@pytest.fixture
def vendor() -> Iterator[Scorebuddy]:
    clock = SandboxClock(frozen=True)
    with Sandbox([Scorebuddy(clock, Size(agents=27, scores_per_day=10, days=8))], clock=clock) as sandbox:
        yield sandbox.vendor(Scorebuddy)


@pytest.fixture
def client(vendor: Scorebuddy) -> Client:
    return Client(vendor)


def test_tokens_are_given_for_forms_and_for_json(client: Client) -> None:
    for body in ({"data": client.credentials}, {"json": client.credentials}):
        answer = requests.post(client.base + "/authorisation/token", timeout=5, **body)  # type: ignore[arg-type]
        token = answer.json()
        assert (answer.status_code, token["token_type"], token["expires_in"]) == (200, "Bearer", 3600)
        assert token["access_token"].count(".") == 2


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"scope": "scores:read,export:read"}, 400, "invalid_scope"),
        ({"scope": ""}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_tokens_are_refused(client: Client, change: dict[str, str], status: int, error: str) -> None:
    answer = requests.post(client.base + "/authorisation/token", data=client.credentials | change, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_tokens_expire_by_the_vendors_clock(vendor: Scorebuddy, client: Client) -> None:
    vendor.clock.advance(timedelta(seconds=3599))
    assert client.get("/groups").status_code == 200
    vendor.clock.advance(timedelta(seconds=1))
    assert client.get("/groups").status_code == 401
    client.renew()
    assert client.get("/groups").status_code == 200
    vendor.revoke_tokens()
    assert client.get("/groups").status_code == 401


def test_only_the_newest_token_counts_where_told(vendor: Scorebuddy, client: Client) -> None:
    vendor.rules.only_newest_token = True
    newer = Client(vendor)
    assert (client.get("/groups").status_code, newer.get("/groups").status_code) == (401, 200)


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/scores", "scores:read"),
        ("/scores/reviews", "scores:read"),
        ("/export/questions", "export:read"),
        ("/scorecards", "scorecards:read"),
        ("/scorecards/70/versions", "scorecards:read"),
        ("/scorecards/70/versions/1/questions", "scorecards:read"),
        ("/staff/employees", "staff:read"),
        ("/staff/supervisors", "staff:read"),
        ("/users", "users:read"),
        ("/groups", "groups:read"),
        ("/teams", "teams:read"),
    ],
)
def test_each_path_wants_its_scope(vendor: Scorebuddy, path: str, scope: str) -> None:
    assert Client(vendor, scope).get(path).status_code == 200
    assert Client(vendor, " ".join(SCOPES - {scope})).get(path).status_code == 403
    vendor.rules.granted = SCOPES - {scope}
    assert Client(vendor, scope).get(path).status_code == 403
    assert requests.get(vendor.config()["url"] + "/api/v1" + path, timeout=5).status_code == 401


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


def test_an_export_covers_31_days_at_most(client: Client) -> None:
    whole = {"from_last_edit_date": "2026-05-15 06:00:00", "to_last_edit_date": HIGH}
    assert client.get("/export/questions", **whole).status_code == 200
    assert client.get("/export/questions", **{**whole, "from_last_edit_date": "2026-05-15 05:59:59"}).status_code == 400
    assert client.get("/export/questions").json() == client.get("/export/questions", **whole).json()
    for name, value in whole.items():
        assert client.get("/export/questions", **{name: value}).status_code == 206


def test_an_export_has_no_paging_fields(vendor: Scorebuddy, client: Client) -> None:
    rows: list[dict[str, Any]] = []
    for page in range(1, 100):
        answer = client.get("/export/questions", limit=37, page=page, **WINDOW).json()
        assert set(answer) == {"export"}
        rows += answer["export"]
        if len(answer["export"]) < 37:
            break
    expected = [
        row
        for row in vendor.dataset.expected_records("scorebuddy_export_questions").values()
        if row["last_edit_date"] >= LOW
    ]
    assert {(row["score_id"], row["question_id"]) for row in rows} == {
        (row["score_id"], row["question_id"]) for row in expected
    }
    assert len(rows) == len(expected)
    assert client.get("/export/questions", page=0, **WINDOW).status_code == 400
    assert len(client.get("/export/questions", **WINDOW).json()["export"]) == 100
    kinds = {type(value) for row in rows for value in row["answer_values"]}
    assert kinds == {int, float}
    vendor.rules.export_shape = "list"
    assert isinstance(client.get("/export/questions", **WINDOW).json(), list)


def test_an_export_may_limit_its_pages(vendor: Scorebuddy, client: Client) -> None:
    vendor.rules.export_max_limit = 100
    refused = client.get("/export/questions", limit=1000, **WINDOW)
    assert refused.status_code == 400
    assert "limit" in refused.json()["error"]["description"]
    assert client.get("/export/questions", limit=100, **WINDOW).status_code == 200


@pytest.mark.parametrize(
    ("form", "query"),
    [
        ("repeated", "group_ids=31&group_ids=32"),
        ("brackets", "group_ids[]=31&group_ids[]=32"),
        ("comma", "group_ids=31,32"),
    ],
)
def test_exports_filter_groups_in_one_encoding(vendor: Scorebuddy, client: Client, form: Any, query: str) -> None:  # noqa: ANN401
    def groups() -> set[int]:
        rows = client.session.get(f"{client.base}/export/questions?limit=5000&{query}", timeout=5).json()["export"]
        return {row["group_id"] for row in rows}

    assert groups() == {31, 32}
    vendor.rules.group_ids = form
    assert groups() == {31, 32}


def test_repeated_keys_count_once_where_brackets_are_wanted(vendor: Scorebuddy, client: Client) -> None:
    vendor.rules.group_ids = "brackets"
    url = f"{client.base}/export/questions?limit=5000&group_ids=31&group_ids=32"
    assert {row["group_id"] for row in client.session.get(url, timeout=5).json()["export"]} == {32}


def test_scorecards_hide_what_is_not_asked_for(vendor: Scorebuddy, client: Client) -> None:
    def numbers(**query: str) -> set[int]:
        return {row["scorecard_id"] for row in client.walk("/scorecards", "scorecards", **query)}

    assert numbers() == {70, 71, 72}
    assert numbers(locked="true") == {73}
    assert numbers(archived="true") == {74}
    assert numbers(locked="1", archived="1") == {76}
    assert client.get("/scorecards", locked="maybe").status_code == 400
    vendor.rules.hides_scorecards = False
    assert len(numbers()) == 8
    vendor.rules.scorecards_key = "scorecard"
    assert "scorecard" in client.get("/scorecards").json()


def test_a_version_holds_at_most_a_hundred_questions(client: Client) -> None:
    card = client.get("/scorecards/73").json()["scorecard"]
    assert "settings" in card
    version = client.get("/scorecards/73/versions/1").json()["version"]
    assert (len(version["questions"]), version["number_of_questions"]) == (100, 112)
    questions = client.walk("/scorecards/73/versions/1/questions", "questions")
    assert [question["question_number"] for question in questions] == list(range(1, 113))
    base = f"/scorecards/73/versions/1/questions/{questions[0]['question_id']}"
    assert client.get(base + "/answers").json()["answers"] == questions[0]["answers"]
    assert client.get(base + "/causes").json()["causes"] == questions[0]["causes"]
    assert client.get("/scorecards/73/versions/9").status_code == 404
    assert client.get("/scorecards/999/versions").status_code == 404


def test_the_newer_document_has_other_names(vendor: Scorebuddy, client: Client) -> None:
    vendor.rules.dialect = "openapi"
    row = client.get("/export/questions", **WINDOW).json()["export"][0]
    assert {"free_text_comments", "custom_text_field"} < set(row)
    assert not {"answer_comments", "custom_fields"} & set(row)
    card = client.get("/scorecards").json()["scorecards"][0]
    assert "archieved" in card
    assert "version_id" in card["versions"][0]
    question = card["versions"][0]["questions"][0]
    assert "fail_all" in question
    assert "point_of_failure" not in question["answers"][0]
    assert "version_number" in client.get("/scores").json()["scores"][0]


@pytest.mark.parametrize(
    ("form", "reset"),
    [
        ("http-date", "Mon, 15 Jun 2026 07:00:00 GMT"),
        ("iso", "2026-06-15T07:00:00+00:00"),
        ("space", "2026-06-15 07:00:00"),
    ],
)
def test_calls_are_counted_by_the_hour(vendor: Scorebuddy, client: Client, form: Any, reset: str) -> None:  # noqa: ANN401
    vendor.rules.hourly_budget, vendor.rules.date_form = 3, form
    answer = client.get("/groups")
    assert answer.headers["X-RateLimit-Limit"] == "3"
    assert answer.headers["X-RateLimit-Remaining"] == "1"
    assert answer.headers["X-RateLimit-Reset"] == reset
    ping = requests.get(client.base + "/ping", timeout=5)
    assert (ping.status_code, ping.headers["X-RateLimit-Remaining"]) == (200, "1")
    assert client.get("/users", limit=999).status_code == 400
    refused = client.get("/groups")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, reset)
    vendor.clock.advance(timedelta(hours=1))
    client.renew()
    assert client.get("/groups").headers["X-RateLimit-Remaining"] == "1"


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
