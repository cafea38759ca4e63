"""How long tokens are good for, whatever vendors say of that."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timezone
from typing import Any

import pytest

from tap_qa.http.auth import lifetime_seconds
from tap_qa.vendors.canary_speech import client as canary_speech

NOW = datetime(2026, 6, 15, 6, tzinfo=timezone.utc)


@pytest.mark.parametrize(("stated", "seconds"), [(120, 120), ("120", 120), (0.5, 0.5)])
def test_a_stated_lifetime_counts(stated: Any, seconds: float) -> None:  # noqa: ANN401
    assert lifetime_seconds(stated, usual=7) == seconds


@pytest.mark.parametrize("stated", [None, "soon", "", [], {}, 0, -5, "nan", "inf", "1e999", 10**400])
def test_what_is_no_lifetime_is_the_usual_one(stated: Any) -> None:  # noqa: ANN401
    assert lifetime_seconds(stated, usual=7) == 7


@pytest.mark.parametrize(
    "claims", [[], {}, {"exp": None}, {"exp": 10**400}, {"exp": float("nan")}, {"exp": float("inf")}, 7]
)
def test_a_jwt_without_an_end_says_nothing(claims: Any) -> None:  # noqa: ANN401
    token = f"a.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()}.c"
    assert canary_speech.lifetime_seconds(token, now=NOW) == canary_speech.DEFAULT_TOKEN_SECONDS


def test_a_jwt_nested_without_an_end_says_nothing() -> None:
    token = f"a.{base64.urlsafe_b64encode(b'[' * 100_000).decode()}.c"
    assert canary_speech.lifetime_seconds(token, now=NOW) == canary_speech.DEFAULT_TOKEN_SECONDS
