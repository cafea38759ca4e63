"""Waiting as a vendor demands, and as fast as it allows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from qa_harness.clock import FakeClock
from qa_sandbox.http import effects
from qa_sandbox.http.intercepted_request import Answer as RawAnswer
from tap_qa.errors import (
    RateLimitError,
)
from tap_qa.http.rate_limit import RateLimit, RateLimiter
from tests.tap_qa.http.bench import BODY, Bench, get


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "http-date", "iso", "space"])
def test_retry_after_is_obeyed_in_every_form(form: Any, status: int, bench: Bench) -> None:  # noqa: ANN401
    bench.fault(effects.retry_after(1800, form, status))
    assert get(bench.client()) == BODY
    assert 1800 <= bench.clock.slept <= 1802


def test_retry_after_counts_by_the_vendors_clock(bench: Bench) -> None:
    mine = FakeClock(bench.clock.now() + timedelta(hours=9))
    bench.fault(effects.retry_after(600, "http-date"))
    client = Bench(bench.echo, mine).client()
    assert get(client) == BODY
    assert 599 <= mine.slept <= 602


def test_a_reset_header_counts_where_retry_after_is_missing(bench: Bench) -> None:
    reset = (bench.clock.now() + timedelta(minutes=20)).strftime("%Y-%m-%d %H:%M:%S")
    bench.fault(effects.reply(429, X_RateLimit_Reset=reset, X_RateLimit_Remaining="0"))
    assert get(bench.client()) == BODY
    assert 1200 <= bench.clock.slept <= 1202


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Retry-After-Ms", "1200000"),
        ("x-ms-retry-after-ms", "1200000"),
        ("X-Retry-After", "1200"),
        ("X-RateLimit-Reset-After", "1200.0"),
    ],
)
def test_less_usual_headers_count_where_the_usual_ones_are_missing(name: str, text: str, bench: Bench) -> None:
    bench.fault(effects.reply(429, **{name.replace("-", "_"): text}))
    assert get(bench.client()) == BODY
    assert 1200 <= bench.clock.slept <= 1202


@pytest.mark.parametrize("text", ["", "soon", "-5", "Mon, 99 Foo 2026", "nan", "1e999"])
def test_a_retry_after_that_says_nothing_is_no_wait_for_ever(text: str, bench: Bench) -> None:
    bench.fault(effects.reply(429, retry_after=text))
    assert get(bench.client()) == BODY
    assert bench.clock.slept <= 1


def test_a_longer_wait_than_allowed_is_an_error_that_says_so(bench: Bench) -> None:
    bench.fault(effects.retry_after(3 * 3600))
    with pytest.raises(RateLimitError, match=r"180 minutes.*max_wait_minutes") as error:
        get(bench.client())
    assert "(70)" in str(error.value)
    assert bench.clock.naps == []


def test_an_exhausted_budget_waits_before_the_next_call_and_not_after_the_last(bench: Bench) -> None:
    reset = bench.clock.http_date(timedelta(minutes=30))
    bench.fault(
        effects.rewrite(
            lambda answer: RawAnswer(
                200, [*answer.headers, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset)], answer.body
            )
        )
    )
    client = bench.client()
    assert get(client) == BODY
    assert bench.clock.slept == 0
    assert get(client) == BODY
    assert 1800 <= bench.clock.slept <= 1801
    assert [call.status for call in bench.echo.request_log] == [200, 200]
    assert get(client) == BODY
    assert bench.clock.slept <= 1801


def test_a_budget_that_comes_back_too_late_fails_the_next_call_only(bench: Bench) -> None:
    reset = bench.clock.http_date(timedelta(hours=5))
    bench.fault(
        effects.rewrite(
            lambda answer: RawAnswer(
                200, [*answer.headers, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset)], answer.body
            )
        )
    )
    client = bench.client()
    assert get(client) == BODY
    with pytest.raises(RateLimitError):
        get(client)
    assert bench.calls == 1


def test_calls_are_paced(bench: Bench) -> None:
    pacer = RateLimiter(RateLimit(1, 1.0), RateLimit(3, 60.0))
    client = bench.client()
    for _ in range(5):
        get(client, rate_limiter=pacer)
    at = [(call.at - bench.echo.request_log[0].at).total_seconds() for call in bench.echo.request_log]
    assert at[:3] == pytest.approx([0, 1.05, 2.1], abs=0.01)
    assert at[3:] == pytest.approx([63, 64.05], abs=0.01)


def test_tries_are_paced_too(bench: Bench) -> None:
    bench.fault(effects.reply(503), times=2)
    get(bench.client(), rate_limiter=RateLimiter(RateLimit(1, 30.0)))
    at = [(call.at - bench.echo.request_log[0].at).total_seconds() for call in bench.echo.request_log]
    assert at == pytest.approx([0, 31.5, 63], abs=0.01)
