"""The HTTP client against a real loopback server that misbehaves."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from typing_extensions import override

from qa_harness.clock import FakeClock
from qa_sandbox.http import effects
from qa_sandbox.http.intercepted_request import Answer as RawAnswer
from qa_sandbox.http.json_body import Json
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendor import Dataset, Rows, SimulatedVendor
from tap_qa.errors import (
    CredentialsError,
    PermissionDeniedError,
    RateLimitError,
    RequestRejectedError,
    TapQAError,
    UnavailableError,
    UnexpectedResponseError,
    VendorError,
)
from tap_qa.http.attempt_errors import OutcomeUnknownError, UnreadableResponseError
from tap_qa.http.auth import BearerAuth, NoAuth, StaticHeader, Token
from tap_qa.http.client import Client
from tap_qa.http.hints import Hints
from tap_qa.http.rate_limit import RateLimit, RateLimiter
from tap_qa.http.request import Request
from tap_qa.http.server_clock import ServerClock
from tap_qa.runtime.context import RetryPolicy, RunContext
from tap_qa.runtime.progress import Progress, StreamStats
from tap_qa.runtime.waiter import Waiter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request as ServerRequest
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from qa_sandbox.http.effects import Effect
    from tap_qa.http.auth import Auth

BODY = {"rows": [{"id": number, "text": "ä" * 40} for number in range(50)]}
SECRET = "s3cret-token-0123456789"  # noqa: S105 - a made-up one


class QuietWorld(Dataset):
    """Nothing."""

    streams = ()

    @override
    def expected_records(self, stream: str) -> Rows:
        return {}

    @override
    def apply_due_events(self) -> None:
        """Nothing happens."""


class Echo(SimulatedVendor):
    """Answers every call with the same object, at two servers."""

    name: ClassVar[str] = "echo"
    servers: ClassVar[tuple[str, ...]] = ("api", "elsewhere")

    def __init__(self, clock: FakeClock) -> None:
        """Make its dataset."""
        super().__init__(clock)
        self._world = QuietWorld(clock)

    @property
    @override
    def dataset(self) -> Dataset:
        return self._world

    @override
    def app(self, server: str) -> ASGIApp:
        async def answer(_: ServerRequest) -> Response:
            return Json(BODY)

        return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])

    @override
    def config(self) -> dict[str, Any]:
        return {}


@dataclass
class Bench:
    """A client and the server behind it."""

    echo: Echo
    clock: FakeClock
    hidden: list[str] = field(default_factory=list)

    def client(self, auth: Auth | None = None, *, patience: RetryPolicy | None = None, **options: Any) -> Client:  # noqa: ANN401
        progress = Progress(self.clock)
        run_context = RunContext(
            clock=self.clock,
            waiter=Waiter(self.clock, progress),
            progress=progress,
            retry_policy=patience or RetryPolicy(),
            hide=self.hidden.append,
        )
        hints = Hints(unauthorised="Check the token.", forbidden="Ask for the right.", not_found="Check the url.")
        return Client(
            "Echo",
            self.echo.urls["api"] + "/v1",
            auth=auth or StaticHeader("Authorization", f"Bearer {SECRET}"),
            run_context=run_context,
            server_clock=ServerClock("Echo", self.clock),
            hints=hints,
            **options,
        )

    def fault(self, effect: Effect, times: int | None = 1, **where: Any) -> None:  # noqa: ANN401
        self.echo.faults.add(effect, times=times, **where)

    @property
    def calls(self) -> int:
        return len(self.echo.request_log)


@pytest.fixture
def bench(clock: FakeClock) -> Iterator[Bench]:
    echo = Echo(clock)
    with Sandbox([echo], clock=clock):
        yield Bench(echo, clock)


def get(client: Client, path: str = "things", **options: Any) -> Any:  # noqa: ANN401
    return client.json(Request(path, **options))


def truncated_gzip(answer: RawAnswer) -> RawAnswer:
    return RawAnswer(200, [*answer.headers, ("content-encoding", "gzip")], gzip.compress(answer.body)[:-12])


def mislabelled_gzip(answer: RawAnswer) -> RawAnswer:
    return RawAnswer(200, [*answer.headers, ("content-encoding", "gzip")], answer.body)


PASSING: dict[str, Effect] = {
    "500": effects.reply(500),
    "502 with a page": effects.html(502),
    "503": effects.reply(503, "busy"),
    "504": effects.reply(504),
    "408": effects.reply(408),
    "425": effects.reply(425),
    "429": effects.reply(429),
    "reset before the headers": effects.reset(),
    "hung up": effects.close_cleanly(),
    "reset in the body": effects.truncate(0.5, rst=True),
    "cut body of the promised length": effects.truncate(0.5, "full"),
    "cut body, chunked": effects.truncate(0.5, "chunked"),
    "cut body, nothing promised": effects.truncate(0.5, "none"),
    "cut body that promises no more": effects.truncate(0.5, "cut"),
    "nothing but headers": effects.truncate(0, "full"),
    "an empty body": effects.reply(200),
    "204": effects.reply(204),
    "a web page": effects.html(),
    "a web page as JSON": effects.reply(200, "<html>", content_type="application/json"),
    "truncated gzip": effects.rewrite(truncated_gzip),
    "mislabelled gzip": effects.rewrite(mislabelled_gzip),
    "broken UTF-8": effects.swap(lambda body: body.replace("ä".encode(), b"\xe4", 1)),
    "half a JSON": effects.reply(200, '{"rows": [', content_type="application/json"),
    "deep nesting": effects.reply(200, "[" * 100_000),
}


@pytest.mark.parametrize("effect", PASSING.values(), ids=PASSING)
def test_what_may_pass_is_tried_again(effect: Effect, bench: Bench) -> None:
    bench.fault(effect, times=2)
    assert get(bench.client()) == BODY
    assert bench.calls == 3
    assert 0.5 + 1 <= bench.clock.slept <= 1 + 2


@pytest.mark.parametrize("effect", PASSING.values(), ids=PASSING)
def test_what_never_passes_is_an_error_that_says_what_and_nothing_private(effect: Effect, bench: Bench) -> None:
    bench.fault(effect, times=None)
    with pytest.raises((UnavailableError, UnexpectedResponseError)) as error:
        get(bench.client(patience=RetryPolicy(max_attempts=3)), description="the things", params={"key": "private"})
    assert bench.calls == 3
    text = str(error.value)
    assert text.startswith("Echo: the call for the things")
    assert "3 tries" in text
    assert len(text) < 300
    for secret in (SECRET, "private", "127.0.0.1", "busy", "Sign in"):
        assert secret not in text


def test_waits_grow_with_jitter_up_to_a_minute(bench: Bench) -> None:
    bench.fault(effects.reply(503), times=None)
    with pytest.raises(UnavailableError):
        get(bench.client(patience=RetryPolicy(max_attempts=10)))
    steps = [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert len(bench.clock.naps) == len(steps)
    assert all(step / 2 <= nap <= step for nap, step in zip(bench.clock.naps, steps, strict=True))
    assert len({nap / step for nap, step in zip(bench.clock.naps, steps, strict=True)}) > 1


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


REFUSALS: dict[int, tuple[type[TapQAError], str]] = {
    401: (CredentialsError, "Check the token."),
    403: (PermissionDeniedError, "Ask for the right."),
    404: (RequestRejectedError, "Check the url."),
    400: (RequestRejectedError, ""),
    409: (RequestRejectedError, ""),
    410: (RequestRejectedError, ""),
    422: (RequestRejectedError, ""),
}


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_is_not_repeated_and_says_what_to_do(status: int, bench: Bench) -> None:
    bench.fault(effects.reply(status, "what the vendor says of Jane Doe"), times=None)
    kind, hint = REFUSALS[status]
    with pytest.raises(kind, match=f"HTTP {status}") as error:
        get(bench.client(), description="the things")
    assert bench.calls == 1
    assert str(error.value).endswith(hint or "was refused.")
    assert "Jane" not in str(error.value)


def test_a_refusal_keeps_the_vendors_words_for_decisions_only(bench: Bench) -> None:
    bench.fault(effects.reply(400, "limit: too large"))
    with pytest.raises(RequestRejectedError) as error:
        get(bench.client())
    assert (error.value.status, error.value.error_body) == (400, "limit: too large")
    assert "too large" not in str(error.value)


@dataclass
class Tokens:
    """Hands out numbered tokens."""

    lifetime: float = 3600
    given: int = 0

    def fetch(self) -> Token:
        self.given += 1
        return Token(f"token-{self.given}", self.lifetime)


def bearer(bench: Bench) -> list[str]:
    return [call.headers.get("authorization", "") for call in bench.echo.request_log]


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


def test_calls_are_paced(bench: Bench) -> None:
    pacer = RateLimiter(RateLimit(1, 1.0), RateLimit(3, 60.0))
    client = bench.client()
    for _ in range(5):
        get(client, rate_limiter=pacer)
    at = [(call.at - bench.echo.request_log[0].at).total_seconds() for call in bench.echo.request_log]
    assert at[:3] == pytest.approx([0, 1, 2], abs=0.01)
    assert at[3:] == pytest.approx([60, 61], abs=0.01)


def test_a_token_that_runs_out_while_the_pace_is_kept_is_renewed(bench: Bench) -> None:
    tokens = Tokens(lifetime=5.0)
    client = bench.client(BearerAuth(tokens.fetch, bench.clock))
    pacer = RateLimiter(RateLimit(1, 30.0))
    get(client, rate_limiter=pacer)
    bench.clock.advance(timedelta(seconds=1))
    get(client, rate_limiter=pacer)
    assert bearer(bench) == ["Bearer token-1", "Bearer token-2"]


def test_tries_are_paced_too(bench: Bench) -> None:
    bench.fault(effects.reply(503), times=2)
    get(bench.client(), rate_limiter=RateLimiter(RateLimit(1, 30.0)))
    at = [(call.at - bench.echo.request_log[0].at).total_seconds() for call in bench.echo.request_log]
    assert at == pytest.approx([0, 30, 60], abs=0.01)


def test_a_403_is_tried_again_where_it_may_mean_a_throttle(bench: Bench) -> None:
    bench.fault(effects.reply(403), times=2)
    assert get(bench.client(), retry_on_403=True) == BODY
    bench.fault(effects.reply(403), times=None)
    with pytest.raises(UnavailableError, match="403, which may be a throttle"):
        get(bench.client(patience=RetryPolicy(max_attempts=2)), retry_on_403=True)


def test_what_must_not_be_repeated_is_not_repeated_once_it_may_have_arrived(bench: Bench) -> None:
    bench.fault(effects.reset(accept=True), times=None)
    with pytest.raises(OutcomeUnknownError, match="whether it was carried out is unknown"):
        get(bench.client(), method="POST", json={}, idempotent=False)
    assert bench.calls == 1


def test_what_must_not_be_repeated_is_repeated_if_it_was_refused_for_now(bench: Bench) -> None:
    bench.fault(effects.reply(503))
    assert get(bench.client(), method="POST", json={}, idempotent=False) == BODY


def test_a_server_that_is_not_there_is_tried_again(bench: Bench) -> None:
    client = bench.client(patience=RetryPolicy(max_attempts=3))
    bench.echo.close()
    with pytest.raises(UnavailableError, match="the connection failed or broke"):
        get(client, method="POST", idempotent=False)
    assert len(bench.clock.naps) == 2


def test_the_time_is_asked_for_until_there_is_an_answer(bench: Bench) -> None:
    client = bench.client()
    bench.fault(effects.reset(), times=3)
    bench.fault(effects.reply(503))
    client.fetch_server_time(Request("", method="HEAD", authenticated=False))
    assert client.server_clock.is_known
    assert bench.calls == 4  # a 503 tells the time, too


def test_time_that_nobody_tells_is_an_error(bench: Bench) -> None:
    client = bench.client(patience=RetryPolicy(max_attempts=3))
    bench.fault(effects.reset(), times=None)
    with pytest.raises(UnavailableError, match="the connection failed or broke"):
        client.fetch_server_time(Request("", method="HEAD", authenticated=False))
    assert not client.server_clock.is_known


def test_every_try_has_an_id_of_its_own(bench: Bench) -> None:
    bench.fault(effects.reply(503), times=2)
    get(bench.client(request_id_header="X-Request-Id"))
    assert len({call.headers["x-request-id"] for call in bench.echo.request_log}) == 3


def test_requests_are_counted_tries_included(bench: Bench) -> None:
    client = bench.client()
    client.stats = StreamStats("things", started=0.0)
    bench.fault(effects.reply(503), times=2)
    get(client)
    assert client.stats.requests == 3


def test_a_parser_may_ask_for_another_try(bench: Bench) -> None:
    seen = []

    def parse(answer: object) -> str:
        seen.append(answer)
        if len(seen) < 3:
            msg = "an answer of another shape"
            raise UnreadableResponseError(msg)
        return "read"

    assert bench.client().send(Request("things"), parse) == "read"
    seen.clear()
    with pytest.raises(UnexpectedResponseError, match="an answer of another shape"):
        bench.client(patience=RetryPolicy(max_attempts=2)).send(Request("things"), parse)
