"""The MaestroQA sandbox's rules of requests, its pace and its other lists."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import requests

from tests.sandbox.maestroqa.client import ALWAYS, Account

if TYPE_CHECKING:
    from qa_sandbox.vendors.maestroqa import MaestroQa


def test_refuses_a_wrong_token_and_one_of_over_90_days(vendor: MaestroQa, account: Account) -> None:
    assert account.post("/request-groups-export", {}, apitoken="guess").status_code == 401
    vendor.clock.advance(timedelta(days=90))
    assert account.post("/request-groups-export", {}).status_code == 200
    vendor.clock.advance(timedelta(seconds=1))
    assert account.post("/request-groups-export", {}).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"startDate": None},
        {"endDate": "2026-06-01"},
        {"endDate": "2026-06-01T00:00:00.000Z"},
        {"endDate": "2026-02-30T00:00:00Z"},
        {"endDate": ALWAYS["startDate"]},
        {"name": None},
        {"singleFileExport": None},
        {"singleFileExport": "scores"},
        {"includeCalibrations": True},
        {"includeGraderQA": "false"},
        {"pageSize": 100},
    ],
)
def test_refuses_invalid_parameters(account: Account, wrong: dict[str, object]) -> None:
    assert account.post("/request-raw-export", {**ALWAYS, **wrong}).status_code == 422


def test_takes_the_export_id_in_header_body_and_path(vendor: MaestroQa, account: Account) -> None:
    export_id = account.post("/request-groups-export", {}).json()["exportId"]
    base = vendor.config()["url"]
    in_body = requests.get(f"{base}/get-export-data", json={"exportId": export_id}, headers=account.headers, timeout=5)
    in_path = requests.get(f"{base}/export-data/{export_id}", headers=account.headers, timeout=5)
    assert [account.poll(export_id).json()["status"], in_body.json()["status"], in_path.json()["status"]] == [
        "complete"
    ] * 3
    assert account.poll("id_unknown").status_code == 404
    assert requests.get(f"{base}/get-export-data", headers=account.headers, timeout=5).status_code == 422


def test_paces_requests_and_polls(vendor: MaestroQa, account: Account) -> None:
    seconds = 0.0
    vendor.demanding.clock = vendor.easy.clock = lambda: seconds
    assert [account.post("/request-groups-export", {}).status_code for _ in range(2)] == [200, 429]
    for _ in range(29):
        seconds += 1
        assert account.post("/request-groups-export", {}).status_code == 200
    seconds += 1
    assert account.post("/request-groups-export", {}).status_code == 429
    assert Counter(account.poll("id_unknown").status_code for _ in range(12)) == {404: 10, 429: 2}
    seconds = 61.0
    assert account.post("/request-groups-export", {}).status_code == 200


def test_screen_capture_needs_groups_and_an_interval(vendor: MaestroQa, account: Account) -> None:
    groups = sorted({str(row["group_id"]) for row in vendor.dataset.group_rows()})
    path = "/screen-capture-usage-stats"
    data = account.post(path, {"groupIds": groups, "interval": "week"}).json()["data"]
    assert {row["agentId"] for row in data} == {
        k[0] for k in vendor.dataset.expected_records("maestroqa_screen_capture_usage", interval="week")
    }
    assert account.post(path, {"groupIds": [], "interval": "week"}).status_code == 422
    assert account.post(path, {"groupIds": groups, "interval": "year"}).status_code == 422
