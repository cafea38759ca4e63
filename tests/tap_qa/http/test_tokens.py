"""Tokens: when they are sent, renewed and given up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

import pytest

from qa_sandbox.http import effects
from tap_qa.errors import (
    CredentialsError,
)
from tap_qa.http.auth import BearerAuth, NoAuth
from tap_qa.http.rate_limit import RateLimit, RateLimiter

if TYPE_CHECKING:
    from pathlib import Path


from tests.tap_qa.http.bench import BODY, SECRET, Bench, Tokens, bearer, get


def test_a_401_fetches_one_new_token_and_repeats_once(bench: Bench) -> None:
    tokens = Tokens()
    client = bench.client(BearerAuth(tokens.fetch, bench.clock))
    bench.fault(effects.reply(401))
    assert get(client) == BODY
    assert bearer(bench) == ["Bearer token-1", "Bearer token-2"]
    assert get(client) == BODY
    assert tokens.given == 2


def test_a_401_that_stays_is_an_error_after_one_repeat(bench: Bench) -> None:
    tokens = Tokens()
    bench.fault(effects.reply(401), times=None)
    with pytest.raises(CredentialsError):
        get(bench.client(BearerAuth(tokens.fetch, bench.clock)))
    assert (tokens.given, bench.calls) == (2, 2)


def test_one_call_fetches_one_new_token_whatever_comes_between(bench: Bench) -> None:
    tokens = Tokens()
    for status in (401, 503, 401):
        bench.fault(effects.reply(status))
    with pytest.raises(CredentialsError):
        get(bench.client(BearerAuth(tokens.fetch, bench.clock)))
    assert (tokens.given, bench.calls) == (2, 3)


def test_a_token_is_shared_and_renewed_a_little_early(bench: Bench) -> None:
    tokens = Tokens()
    client = bench.client(BearerAuth(tokens.fetch, bench.clock))
    for minutes in (0, 30, 28, 1.5, 30):
        bench.clock.advance(timedelta(minutes=minutes))
        get(client)
    assert bearer(bench) == ["Bearer token-1"] * 3 + ["Bearer token-2"] * 2


@pytest.mark.parametrize("lifetime", [1, 10, 59])
def test_a_short_lived_token_is_still_used(lifetime: float, bench: Bench) -> None:
    tokens = Tokens(lifetime=lifetime)
    client = bench.client(BearerAuth(tokens.fetch, bench.clock))
    get(client)
    get(client)
    assert tokens.given == 1


def test_a_netrc_file_is_not_used(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password leak\ndefault login me password leak\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    get(bench.client(NoAuth()))
    get(bench.client())
    assert bearer(bench) == ["", f"Bearer {SECRET}"]


def test_a_call_without_authority_carries_no_token(bench: Bench) -> None:
    get(bench.client(), authenticated=False)
    assert bearer(bench) == [""]


def test_a_token_that_runs_out_while_the_pace_is_kept_is_renewed(bench: Bench) -> None:
    tokens = Tokens(lifetime=5.0)
    client = bench.client(BearerAuth(tokens.fetch, bench.clock))
    pacer = RateLimiter(RateLimit(1, 30.0))
    get(client, rate_limiter=pacer)
    bench.clock.advance(timedelta(seconds=1))
    get(client, rate_limiter=pacer)
    assert bearer(bench) == ["Bearer token-1", "Bearer token-2"]


def test_a_refused_secret_is_not_sent_again(bench: Bench) -> None:
    asked = []

    def fetch() -> NoReturn:
        asked.append(1)
        raise CredentialsError("Echo", "HTTP 401, the call for a token was refused.")

    client = bench.client(BearerAuth(fetch, bench.clock))
    for _ in range(3):
        with pytest.raises(CredentialsError):
            get(client)
    assert (len(asked), bench.calls) == (1, 0)
