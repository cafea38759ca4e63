"""The HTTP client against a real loopback server that misbehaves."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from qa_sandbox.http import effects
from qa_sandbox.http.intercepted_request import Answer as RawAnswer
from tap_qa.errors import (
    CredentialsError,
    PermissionDeniedError,
    RequestRejectedError,
    TapQAError,
    UnavailableError,
    UnexpectedResponseError,
)
from tap_qa.http.attempt_errors import OutcomeUnknownError, TransientError, UnreadableResponseError
from tap_qa.http.request import Request
from tap_qa.runtime.context import RetryPolicy
from tap_qa.runtime.progress import StreamStats

if TYPE_CHECKING:
    from qa_sandbox.http.effects import Effect


from tests.tap_qa.http.bench import BODY, SECRET, Bench, get


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
    "broken UTF-8 outside a text": effects.swap(lambda body: body.replace(b"{", b"{\xe4", 1)),
    "half a JSON": effects.reply(200, '{"rows": [', content_type="application/json"),
    "deep nesting": effects.reply(200, "[" * 100_000),
}

REFUSALS: dict[int, tuple[type[TapQAError], str]] = {
    401: (CredentialsError, "Check the token."),
    403: (PermissionDeniedError, "Ask for the right."),
    404: (RequestRejectedError, "Check the url."),
    400: (RequestRejectedError, ""),
    409: (RequestRejectedError, ""),
    410: (RequestRejectedError, ""),
    422: (RequestRejectedError, ""),
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
    assert "3 attempts" in text
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
    with pytest.raises(UnavailableError, match="connection refused"):
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


def test_bytes_that_are_no_utf8_are_replaced_once_they_came_twice(bench: Bench) -> None:
    broken = effects.swap(lambda body: body.replace("ä".encode(), b"\xe4", 1))
    client = bench.client()
    client.stats = StreamStats("things", started=0.0)
    bench.fault(broken)
    assert get(client) == BODY
    assert client.stats.repaired_texts == set()
    bench.fault(broken, times=2)
    rows = get(client)["rows"]
    assert rows[0]["text"] == "\ufffd" + "ä" * 39
    assert rows[1:] == BODY["rows"][1:]
    assert len(client.stats.repaired_texts) == 1
    assert bench.calls == 4


def test_control_characters_in_texts_are_replaced_at_once(bench: Bench) -> None:
    client = bench.client()
    client.stats = StreamStats("things", started=0.0)
    bench.fault(effects.swap(lambda body: body.replace("ä".encode(), b"\x01", 1).replace("ä".encode(), b"\n\t", 1)))
    assert get(client)["rows"][0]["text"] == "\ufffd" * 3 + "ä" * 38
    assert len(client.stats.repaired_texts) == 1
    assert bench.calls == 1


def test_a_vendor_that_is_out_of_reach_is_tried_once_until_it_responds(bench: Bench) -> None:
    client = bench.client(patience=RetryPolicy(max_attempts=3))
    bench.fault(effects.reset(), times=4)
    with pytest.raises(UnavailableError, match="failed at 3 attempts"):
        get(client)
    with pytest.raises(UnavailableError, match="failed at the only attempt"):
        get(client, "others")
    assert bench.calls == 4
    assert get(client) == BODY
    bench.fault(effects.reset(), times=2)
    assert get(client) == BODY
    assert bench.calls == 8


@pytest.mark.parametrize("status", [429, 500])
def test_what_one_endpoint_says_makes_no_vendor_unreachable(status: int, bench: Bench) -> None:
    client = bench.client(patience=RetryPolicy(max_attempts=3))
    bench.fault(effects.reply(status), times=6)
    for _ in range(2):
        with pytest.raises(UnavailableError, match="failed at 3 attempts"):
            get(client)


def test_an_outage_ends_tries_that_others_count(bench: Bench) -> None:
    client = bench.client()
    failure = TransientError("no answer in time")
    assert client.retry_delay(failure, 7) == 7
    client.remember_outage(TransientError("HTTP 500", status=500))
    assert client.retry_delay(failure, 7) == 7
    client.remember_outage(failure)
    with pytest.raises(UnavailableError, match="still out of reach: no answer in time"):
        client.retry_delay(failure, 7)
    assert client.retry_delay(TransientError("HTTP 500", status=500), 7) == 7
