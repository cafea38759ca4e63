"""Redirects, and responses that take their time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qa_sandbox.http import effects
from tap_qa.errors import (
    UnavailableError,
    VendorError,
)
from tap_qa.runtime.context import RetryPolicy
from tests.tap_qa.http.bench import BODY, SECRET, Bench, get


def test_a_redirect_on_the_same_server_is_followed(bench: Bench) -> None:
    for status in (301, 302, 303, 307, 308):
        bench.fault(effects.redirect("/v1/moved", status), path="things$")
        assert get(bench.client(), params={"a": "1"}) == BODY
    assert bench.echo.request_log[-1].path == "/v1/moved"
    assert bench.echo.request_log[-1].headers["authorization"].endswith(SECRET)


@pytest.mark.parametrize(
    "target",
    ["{elsewhere}/v1/things", "https://127.0.0.1/v1", "//evil.example/v1", "file:///etc/passwd", "", "http://[bad"],
)
def test_a_redirect_elsewhere_is_refused_and_never_sees_the_token(target: str, bench: Bench) -> None:
    bench.fault(effects.redirect(target.format(**bench.echo.urls)), path="things$", times=None)
    with pytest.raises(VendorError, match="is redirected to an"):
        get(bench.client())
    assert bench.echo.request_log.matching(server="elsewhere") == []
    assert bench.calls == 1


def test_a_post_is_not_redirected(bench: Bench) -> None:
    bench.fault(effects.redirect("/v1/moved", 307), path="things$")
    with pytest.raises(VendorError, match="redirected"):
        get(bench.client(), method="POST", json={"a": 1})
    assert bench.calls == 1


def test_redirects_do_not_go_on_for_ever(bench: Bench) -> None:
    bench.fault(effects.redirect("/v1/things"), times=None)
    with pytest.raises(VendorError, match="redirected without an end"):
        get(bench.client())
    assert bench.calls <= 5


def test_a_dripping_answer_is_given_up_in_time(bench: Bench) -> None:
    # Each byte of the server takes the client's clock ten minutes further.
    bench.fault(effects.slow_body(0.002, size=40), times=None)
    client = bench.client(patience=RetryPolicy(max_attempts=2))
    ticks = bench.clock.monotonic

    def hurried() -> float:
        bench.clock.advance(timedelta(minutes=10))
        return ticks()

    bench.clock.monotonic = hurried  # type: ignore[method-assign]
    with pytest.raises(UnavailableError, match="took over 900 s"):
        get(client)


def test_a_silent_server_is_given_up(bench: Bench) -> None:
    bench.fault(effects.delay(3), times=None)
    with pytest.raises(UnavailableError, match="no answer in time"):
        get(bench.client(patience=RetryPolicy(max_attempts=2, read_timeout_seconds=0.05)))
