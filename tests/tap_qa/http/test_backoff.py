"""Waits: what vendors write into headers, and how often a call of one kind may go out."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.http.backoff import backoffs, http_date, seconds_until
from tap_qa.http.rate_limit import RateLimit, RateLimiter

NOW = datetime(2026, 6, 15, 6, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("1.5", 1.5),
        (" 30 ", 30),
        ("Mon, 15 Jun 2026 06:10:00 GMT", 600),
        ("Mon, 15 Jun 2026 08:10:00 +0200", 600),
        ("Monday, 15-Jun-26 06:10:00 GMT", 600),
        ("2026-06-15T06:10:00Z", 600),
        ("2026-06-15T06:10:00+00:00", 600),
        ("2026-06-15T08:10:00+02:00", 600),
        ("2026-06-15 06:10:00", 600),
        ("2026-06-15T06:10:00.500", 600.5),
        (str(int(NOW.timestamp()) + 600), 600),
        (str(int(NOW.timestamp() + 600) * 1000), 600),
        (str(int(NOW.timestamp() + 600) * 1_000_000), 600),
        # What is over is no wait.
        ("Mon, 15 Jun 2026 05:10:00 GMT", 0),
        ("2026-06-15 05:10:00", 0),
        (str(int(NOW.timestamp()) - 600), 0),
        # What says nothing is none.
        (None, None),
        ("", None),
        ("soon", None),
        ("-3", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("2026-13-45", None),
        ("Mon, 15 Jun 99999999999999999999 06:10:00 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 +1400", 0),
        ("Fri, 31 Dec 9999 23:59:59 -1400", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_moments_in_headers(text: str | None, seconds: float | None) -> None:
    assert seconds_until(text, now=NOW) == seconds


@given(st.text(max_size=40))
def test_no_header_makes_it_fail(text: str) -> None:
    seconds = seconds_until(text, now=NOW)
    assert seconds is None or seconds >= 0
    http_date(text)


@given(st.integers())
def test_backoffs_double_up_to_a_minute_with_jitter(seed: int) -> None:
    waits = list(islice(backoffs(random.Random(seed)), 12))  # noqa: S311 - jitter
    steps = [min(2.0**power, 60) for power in range(12)]
    assert all(step / 2 <= wait <= step for step, wait in zip(steps, waits, strict=True))


@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.floats(0.1, 60)).map(lambda pair: RateLimit(*pair)), min_size=1, max_size=3
    ),
    st.lists(st.floats(0, 5), min_size=1, max_size=40),
)
def test_a_pacer_keeps_every_rate(rates: list[RateLimit], gaps: list[float]) -> None:
    pacer = RateLimiter(*rates)
    now, calls = 0.0, []
    for gap in gaps:
        now += gap
        # As the client does it: wait until no delay is left.
        while (delay := pacer.delay(now)) > 0:
            now += delay
        pacer.record(now)
        calls.append(now)
    for rate in rates:
        for first, last in zip(calls, calls[rate.requests :], strict=False):
            assert last - first >= rate.seconds + max(rate.seconds * 0.05, 0.05) - 1e-6
    assert all(one <= other for one, other in pairwise(calls))


def test_a_pacer_does_not_wait_without_need() -> None:
    pacer = RateLimiter(RateLimit(2, 10.0))
    for now in (0.0, 1.0):
        assert pacer.delay(now) == 0
        pacer.record(now)
    assert pacer.delay(2.0) == 8.5
    assert pacer.delay(10.5) == 0
    assert RateLimiter().delay(0.0) == 0


def test_http_dates_are_instants() -> None:
    assert http_date("Mon, 15 Jun 2026 06:00:00 GMT") == NOW
    assert http_date("Mon, 15 Jun 2026 06:00:00 -0000") == NOW
    assert http_date("Mon, 15 Jun 2026 06:00:00 +0100") == NOW - timedelta(hours=1)
    for text in (None, "", "today", "2026-06-15"):
        assert http_date(text) is None
