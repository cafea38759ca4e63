"""The simulated export of questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.scorebuddy_client import HIGH, LOW, WINDOW, Client, client, vendor

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy import Scorebuddy

__all__ = ["client", "vendor"]  # fixtures


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
