"""What a fault does to an answer. Each function here returns an effect for `Faults.add`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Literal

from qa_sandbox.http.intercepted_request import Answer, InterceptedRequest

Effect = Callable[[InterceptedRequest], Awaitable[None]]
Framing = Literal["full", "cut", "chunked", "none"]
RetryAfter = Literal["seconds", "http-date", "iso", "space"]

_HTML = b"<!doctype html><html><head><title>Sign in</title></head><body><h1>Down for maintenance</h1></body></html>"


def reply(status: int, body: bytes | str | dict[str, Any] | list[Any] = b"", **headers: str) -> Effect:
    """Answers in the vendor's place; header names are written with underscores (`retry_after="3"`)."""
    kind = "text/plain"
    if isinstance(body, (dict, list)):
        kind, body = "application/json", json.dumps(body)
    content = body.encode() if isinstance(body, str) else body
    named = [("content-type", kind)] if content else []
    named = [pair for pair in named if "content_type" not in headers]
    named += [(name.replace("_", "-"), value) for name, value in headers.items()]

    async def effect(exchange: InterceptedRequest) -> None:
        await exchange.reply(Answer(status, named, content))

    return effect


def html(status: int = 200, body: bytes = _HTML) -> Effect:
    """Answers with a web page, as log-in walls and maintenance pages do."""
    return reply(status, body, content_type="text/html; charset=utf-8")


def redirect(location: str, status: int = 302) -> Effect:
    """Sends the client elsewhere; an empty location leaves the header out."""
    return reply(status, **({"location": location} if location else {}))


def retry_after(after: float | timedelta, form: RetryAfter = "seconds", status: int = 429) -> Effect:
    """Refuses with a `Retry-After`, counted from the sandbox's time.

    Args:
        after: The wait, in seconds if it is a number.
        form: `seconds` (`30`), `http-date` (`Mon, 15 Jun 2026 06:00:30 GMT`), `iso` (`2026-06-15T06:00:30+00:00`) or
            `space` (`2026-06-15 06:00:30`, in UTC).
        status: 429 or another.
    """
    wait = after if isinstance(after, timedelta) else timedelta(seconds=after)

    async def effect(exchange: InterceptedRequest) -> None:
        until = (exchange.clock.now() + wait).replace(microsecond=0)
        text = {
            "seconds": str(int(wait.total_seconds())),
            "http-date": exchange.clock.http_date(wait),
            "iso": until.isoformat(),
            "space": until.strftime("%Y-%m-%d %H:%M:%S"),
        }[form]
        await exchange.reply(Answer(status, [("retry-after", text)], b""))

    return effect


def delay(seconds: float, then: Effect | None = None) -> Effect:
    """Waits in real time, then does something else, or lets the vendor answer."""

    async def effect(exchange: InterceptedRequest) -> None:
        await asyncio.sleep(seconds)
        await (then(exchange) if then else exchange.forward())

    return effect


def slow_body(seconds: float, size: int = 1) -> Effect:
    """Sends the vendor's body in pieces of `size` bytes, one each `seconds` of real time."""

    async def effect(exchange: InterceptedRequest) -> None:
        answer = await exchange.answer()
        await exchange.write(exchange.head(answer, f"content-length: {len(answer.body)}", "connection: close"))
        for start in range(0, len(answer.body), size):
            await exchange.write(answer.body[start : start + size])
            await asyncio.sleep(seconds)
        await exchange.close()

    return effect


def reset(*, accept: bool = False) -> Effect:
    """Breaks the connection before any header; with `accept` the vendor has done its work by then."""

    async def effect(exchange: InterceptedRequest) -> None:
        if accept:
            await exchange.answer()
        await exchange.reset()

    return effect


def close_cleanly(*, accept: bool = False) -> Effect:
    """Like `reset`, in good manners: the connection ends without a response."""

    async def effect(exchange: InterceptedRequest) -> None:
        if accept:
            await exchange.answer()
        await exchange.close()

    return effect


def truncate(at: float, framing: Framing = "full", *, rst: bool = False) -> Effect:
    """Sends only the beginning of the vendor's body.

    Args:
        at: Bytes to keep: a number of them, counted from the end if negative; or a fraction (a float) of the whole.
        framing: What the headers promise: the `full` length, the `cut` one (so that nothing looks amiss), `chunked`
            without its last chunk, or `none` (the body lasts until the connection ends).
        rst: Whether the connection breaks afterwards instead of ending.
    """

    async def effect(exchange: InterceptedRequest) -> None:
        answer = await exchange.answer()
        whole = len(answer.body)
        keep = int(at * whole) if isinstance(at, float) else int(at) + (whole if at < 0 else 0)
        body = answer.body[: max(keep, 0)]
        if framing == "cut" and not rst:
            await exchange.reply(answer.with_body(body))
            return
        if framing == "chunked":
            promise = ["transfer-encoding: chunked"]
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
        else:
            lengths = {"full": [f"content-length: {whole}"], "cut": [f"content-length: {len(body)}"], "none": []}
            promise = lengths[framing]
        await exchange.write(exchange.head(answer, *promise, "connection: close") + body)
        await (exchange.reset() if rst else exchange.close())

    return effect


def rewrite(change: Callable[[Answer], Answer]) -> Effect:
    """Lets the vendor answer and changes that answer."""

    async def effect(exchange: InterceptedRequest) -> None:
        await exchange.reply(change(await exchange.answer()))

    return effect


def swap(change: Callable[[bytes], bytes]) -> Effect:
    """Lets the vendor answer and changes the body's bytes."""
    return rewrite(lambda answer: answer.with_body(change(answer.body)))


def swap_json(change: Callable[[Any], Any]) -> Effect:
    """Lets the vendor answer and changes the decoded body: returns another value, or changes it in place (None)."""

    def apply(body: bytes) -> bytes:
        value = json.loads(body)
        changed = change(value)
        return json.dumps(value if changed is None else changed).encode()

    return swap(apply)
