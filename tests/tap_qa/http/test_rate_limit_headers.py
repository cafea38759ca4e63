"""Rate limits under all of their usual names."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.http.rate_limit_headers import demanded_wait, is_quota_low, quota_reset_delay, read_quotas

NOW = datetime(2026, 6, 15, 6, tzinfo=timezone.utc)
FAMILIES = ("X-RateLimit", "X-Rate-Limit", "RateLimit")


def test_retry_after_goes_before_a_reset() -> None:
    headers = {"Retry-After": "10", "X-RateLimit-Reset": "20"}
    assert demanded_wait(headers, now=NOW) == 10
    assert demanded_wait({**headers, "Retry-After": "soon"}, now=NOW) == 20
    assert demanded_wait({}, now=NOW) is None


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "reset", ["20", "20;comment=soon", str(int(NOW.timestamp()) + 20), str(int(NOW.timestamp() + 20) * 1000)]
)
def test_each_family_tells_the_reset(family: str, reset: str) -> None:
    assert demanded_wait({f"{family}-Reset": reset}, now=NOW) == 20
    assert quota_reset_delay({f"{family}-Reset": reset, f"{family}-Remaining": "0"}, now=NOW) == 20


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("remaining", "wait"), [("0", 20), ("0.0", 20), ("1", None), ("", None), ("none", None), ("-1", None)]
)
def test_only_an_exhausted_quota_holds_requests_back(family: str, remaining: str, wait: float | None) -> None:
    headers = {f"{family}-Remaining": remaining}
    assert quota_reset_delay({**headers, f"{family}-Reset": "20"}, now=NOW) == wait
    assert quota_reset_delay(headers, now=NOW) is None


@pytest.mark.parametrize(
    ("text", "demanded", "before_next", "low"),
    [
        ("limit=100, remaining=0, reset=5", 5, 5, True),
        ("limit=100, remaining=60, reset=5", 5, None, False),
        ('"default";r=0;t=5', 5, 5, True),
        ('"burst";r=0;t=3, "day";r=900;t=5000', 3, 3, True),
        ('"burst";r=9;t=3, "day";r=0;t=5000', 5000, 5000, True),
        ('"burst";r=99;t=3, "day";r=900;t=5000', 3, None, False),
        ('"default";r=0', None, None, True),
        ('"default";q=100;w=10', None, None, False),
        ("", None, None, False),
        ("r=;t=x", None, None, False),
    ],
)
def test_the_ietfs_header(text: str, demanded: float | None, before_next: float | None, *, low: bool) -> None:
    headers = {"RateLimit": text}
    assert demanded_wait(headers, now=NOW) == demanded
    assert quota_reset_delay(headers, now=NOW) == before_next
    assert is_quota_low(headers, now=NOW) == low


@given(st.text(max_size=60))
def test_no_header_makes_it_fail(text: str) -> None:
    headers = {name: text for family in FAMILIES for name in (family, f"{family}-Reset", f"{family}-Remaining")}
    for quota in read_quotas(headers, now=NOW):
        assert (quota.remaining or 0) >= 0
        assert (quota.reset_seconds or 0) >= 0
