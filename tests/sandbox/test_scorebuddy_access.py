"""Who may call the simulated Scorebuddy, and how often."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import requests

from qa_sandbox.vendors.scorebuddy.rules import SCOPES
from tests.sandbox.scorebuddy_client import Client, client, vendor

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy import Scorebuddy

__all__ = ["client", "vendor"]  # fixtures


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
