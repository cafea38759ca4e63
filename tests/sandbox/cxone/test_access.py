"""The CXone sandbox's tokens, permissions and rules of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from qa_sandbox.vendors.cxone.app import JOBS

if TYPE_CHECKING:
    from qa_sandbox.vendors.cxone import CxOne
    from tests.sandbox.cxone.consumer import Consumer


def test_tokens_by_access_key_end_after_their_lifetime(vendor: CxOne, consumer: Consumer) -> None:
    assert consumer.login(accessKeySecret="guess").status_code == 401
    assert consumer.get().status_code == 200
    vendor.clock.advance(vendor.tokens.lifetime)
    assert consumer.get().status_code == 401
    assert requests.get(vendor.urls["api"] + JOBS, timeout=5).status_code == 401


def test_tokens_by_password_grant(vendor: CxOne, consumer: Consumer) -> None:
    tokens, url = vendor.tokens, vendor.urls["api"] + "/auth/token"
    form = {"grant_type": "password", "username": tokens.key_id, "password": tokens.key_secret}
    client = (tokens.client_id, tokens.client_secret)
    answer = requests.post(url, data=form, auth=client, timeout=5)
    assert answer.json()["expires_in"] == 3600
    consumer.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert consumer.get().status_code == 200
    in_form = requests.post(url, data=form | {"client_id": client[0], "client_secret": client[1]}, timeout=5)
    assert in_form.status_code == 200
    assert requests.post(url, data=form, auth=(client[0], "guess"), timeout=5).json()["error"] == "invalid_client"
    wrong_key = requests.post(url, data=form | {"password": "guess"}, auth=client, timeout=5)
    assert (wrong_key.status_code, wrong_key.json()["error"]) == (400, "invalid_grant")
    credentials = requests.post(url, data={"grant_type": "client_credentials"}, auth=client, timeout=5)
    assert credentials.json()["error"] == "unsupported_grant_type"
    assert requests.post(url, json=form, auth=client, timeout=5).status_code == 400


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"startDate": "2026-05-30", "endDate": "2026-06-14"}, 400),
        ({"startDate": "2026-06-15"}, 400),
        ({"startDate": "2026-06-08T00:00:00Z"}, 400),
        ({"startDate": "2026-02-30"}, 400),
        ({"version": 3}, 400),
        ({"endDate": None}, 400),
        ({"version": "99"}, 404),
        ({"entityName": "qm-notes"}, 404),
        ({"startDate": "2026-05-31", "endDate": "2026-06-14"}, 202),
        ({"startDate": "2026-06-14"}, 202),
    ],
)
def test_refuses_what_the_vendor_refuses(consumer: Consumer, changes: dict[str, object], status: int) -> None:
    assert consumer.post(**changes).status_code == status


def test_a_missing_permission_is_a_403_for_ever(vendor: CxOne, consumer: Consumer) -> None:
    vendor.forbidden = {"qm-workflows"}
    assert [consumer.post().status_code for _ in range(3)] == [403] * 3
    assert consumer.post(entityName="qm-questions", version="1").status_code == 202
