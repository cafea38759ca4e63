"""Faults of the catalogue that are put into a whole run: what goes wrong, where, and how the run must end."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.http import effects
from qa_sandbox.vendors.scorebuddy.access import CLIENT_SECRET
from tests.faults.canaries import BODY

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.http.effects import Effect
    from qa_sandbox.http.intercepted_request import Answer
    from qa_sandbox.vendor import SimulatedVendor
    from qa_sandbox.vendors.cxone import CxOne
    from qa_sandbox.vendors.maestroqa import MaestroQa
    from qa_sandbox.vendors.scorebuddy import Scorebuddy

RECOVERED = None
"""The run succeeds and nothing is missing."""

FOR_EVER = None


@dataclass(frozen=True)
class Case:
    """One fault in one run."""

    fault: str
    """Its number in the catalogue."""

    what: str
    arrange: Callable[[Any], object]
    """Puts it into a vendor."""

    error: tuple[str, ...] | None = RECOVERED
    """Words of the one line that tells of it, if the run has to fail."""

    vendor: str = "scorebuddy"
    goes_on: bool = False
    """Whether things continue happening during the run, which only the next one can read."""

    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the test is called."""
        return f"{self.fault} {self.what}"


def on(
    path: str,
    effect: Effect,
    *,
    skip: int = 0,
    times: int | None = 1,
    **where: Any,  # noqa: ANN401 - what Faults.add takes
) -> Callable[[SimulatedVendor], object]:
    """Apply an effect to some requests."""
    return lambda vendor: vendor.faults.add(effect, path=path, skip=skip, times=times, **where)


def scores(effect: Effect, *, skip: int = 1, times: int | None = 1) -> Callable[[SimulatedVendor], object]:
    """Let an effect strike a page of evaluations, by default the second."""
    return on("/scores$", effect, skip=skip, times=times)


def token(effect: Effect, *, times: int | None = 1) -> Callable[[SimulatedVendor], object]:
    """Let an effect strike the first call for a token."""
    return on("token", effect, times=times, method="POST")


def body(change: Callable[[dict[str, Any]], Any]) -> Effect:
    """Change the decoded body, if it is an object."""
    return effects.swap_json(lambda value: change(value) if isinstance(value, dict) else value)


def _header(name: str, value: str) -> Effect:
    def change(answer: Answer) -> Answer:
        return type(answer)(answer.status, [*answer.headers, (name, value)], answer.body)

    return effects.rewrite(change)


def _status(status: int) -> Effect:
    return effects.rewrite(lambda answer: type(answer)(status, answer.headers, answer.body))


def _without_rows(value: dict[str, Any]) -> dict[str, Any]:
    return {name: [] if isinstance(part, list) else part for name, part in value.items()}


def _doubled(value: dict[str, Any]) -> dict[str, Any]:
    return {name: [*part, *part[:1]] if isinstance(part, list) else part for name, part in value.items()}


def _next(onward: Any) -> Effect:  # noqa: ANN401
    return body(lambda value: {**value, "next_page": onward if value["next_page"] else None})


def _cycle(value: dict[str, Any]) -> dict[str, Any]:
    previous = str(value.get("previous_page") or "page=1")
    return {**value, "next_page": "?page=2" if "page=2" in previous else "?page=3"}


def _total(change: Callable[[int], Any]) -> Effect:
    return body(lambda value: {**value, "total": change(value["total"])} if "total" in value else value)


def _aging(token_seconds: int) -> Callable[[Scorebuddy], None]:
    """Let tokens live for so long, and each call take two seconds."""

    def arrange(vendor: Scorebuddy) -> None:
        vendor.rules.token_seconds = token_seconds
        vendor.dataset.on_request.append(lambda _: vendor.clock.advance(timedelta(seconds=2)))

    return arrange


def _drift(vendor: Scorebuddy) -> None:
    """Let someone edit a result after every few calls, while they are read."""
    calls = iter(range(1_000_000))

    def edit(_: object) -> None:
        number = next(calls)
        if number % 3 == 2 and number < 40:
            numbers = sorted(vendor.dataset.instance.scores)
            vendor.dataset.edit(numbers[number % len(numbers)])

    vendor.dataset.on_request.append(edit)


def _echo() -> str:
    """Return a body that repeats secrets, as some servers do."""
    return f"{BODY}: client_secret={CLIENT_SECRET}"


def _lifetime(value: object) -> Effect:
    return body(lambda found: {**found, "expires_in": value})


def _revoking(vendor: Scorebuddy) -> Callable[[Any], None]:
    """Return what ends all tokens once, in the middle."""
    calls = iter(range(1_000_000))

    def revoke(_: object) -> None:
        if next(calls) == 4:
            vendor.revoke_tokens()

    return revoke


def _first_again() -> Callable[[Answer], Answer]:
    """Return what gives the first answer again and again."""
    first: list[Answer] = []

    def change(answer: Answer) -> Answer:
        first.append(answer)
        return first[0]

    return change


def _planned(plan: JobScript, count: int) -> Callable[[Any], None]:
    return lambda vendor: vendor.jobs.plans.add(*[plan] * count)


def _usually(plan: JobScript) -> Callable[[Any], None]:
    def arrange(vendor: MaestroQa | CxOne) -> None:
        vendor.jobs.plans.usual = plan

    return arrange


def _bad_json(data: bytes) -> bytes:
    """Put a byte that is no UTF-8 into the first text."""
    return data.replace(b'":"', b'":"\xe9', 1)


FRAMINGS: tuple[tuple[effects.Framing, bool], ...] = (("full", False), ("full", True), ("chunked", False))
LIFETIMES: tuple[object, ...] = ("soon", None, 0, -5, "3600", 1e300, True, [])
SOON = {"job_timeout_minutes": 6}
BUSY = "asks for a wait"
TRIES = "at 8 attempts"

CASES = (
    # Authentication and HTTP
    Case("F01", "401 in mid-sync", scores(effects.reply(401))),
    Case("F01", "401 for good", scores(effects.reply(401), times=FOR_EVER), ("HTTP 401", "client_secret")),
    Case("F01", "401, MaestroQA", on("request-", effects.reply(401), times=FOR_EVER), ("90 days",), "maestroqa"),
    Case("F01", "token revoked", lambda vendor: vendor.dataset.on_request.append(_revoking(vendor))),
    Case("F02", "tokens that last 5 s", _aging(5)),
    Case("F02", "tokens that last 61 s", _aging(61)),
    Case("F03", "token endpoint fails thrice", token(effects.reply(503), times=3)),
    Case("F03", "token endpoint is busy", token(effects.retry_after(40))),
    Case("F04", "token endpoint resets", token(effects.reset(), times=2)),
    Case("F05", "token in HTML, twice", token(effects.html(), times=2)),
    Case("F05", "no token", token(effects.reply(200, {}), times=FOR_EVER), ("holds no token",)),
    Case(
        "F05", "null token", token(body(lambda value: {**value, "access_token": None}), times=None), ("holds no token",)
    ),
    *(Case("F05", f"expires_in {value!r}", token(_lifetime(value))) for value in LIFETIMES),
    *(
        Case(
            "F06", f"token refused with {status}, an echo", token(effects.reply(status, _echo()), times=FOR_EVER), words
        )
        for status, words in ((400, ("HTTP 400",)), (401, ("HTTP 401",)), (403, ("HTTP 403",)), (500, (TRIES,)))
    ),
    Case("F07", "403 for one stream", scores(effects.reply(403, BODY), skip=0, times=FOR_EVER), ("403", "scores:read")),
    Case("F08", "throttle as 403, thrice", on("jobs", effects.reply(403), times=3), vendor="cxone"),
    Case("F08", "403 for good", on("jobs", effects.reply(403), times=FOR_EVER), ("403",), "cxone"),
    *(Case("F09", f"429, Retry-After: {seconds}", scores(effects.retry_after(seconds))) for seconds in (0, 1, 3, 3600)),
    Case("F10", "429 with an HTTP date", scores(effects.retry_after(600, "http-date"))),
    Case("F10", "429 with an ISO date", scores(effects.retry_after(600, "iso"))),
    Case("F10", "429 with an ISO date with a blank", scores(effects.retry_after(600, "space"))),
    *(
        Case("F10", f"429, Retry-After: {text!r}", scores(effects.reply(429, retry_after=text)))
        for text in ("-5", "soon", "", "1e400", "nan", "9" * 30 + " apples")
    ),
    Case("F11", "429 for an hour", scores(effects.retry_after(3600), times=3)),
    Case(
        "F11",
        "429 for two hours",
        scores(effects.retry_after(7200), times=FOR_EVER),
        (
            BUSY,
            "max_wait_minutes",
        ),
    ),
    *(Case("F12", f"{status} seven times", scores(effects.reply(status), times=7)) for status in (500, 502, 503, 504)),
    Case(
        "F12",
        "503 for good",
        scores(effects.reply(503), times=FOR_EVER),
        (
            "HTTP 503",
            TRIES,
        ),
    ),
    Case("F13", "one 500", scores(effects.reply(500))),
    Case("F13", "reset before headers", scores(effects.reset())),
    *(
        Case(
            "F14",
            f"body cut at {at}, {framing}{', reset' if rst else ''}",
            scores(effects.truncate(at, framing, rst=rst)),
        )
        for at in (0, 1, 0.5, -1)
        for framing, rst in FRAMINGS
    ),
    *(Case("F15", f"body cut at {at}, no length", scores(effects.truncate(at, "none"))) for at in (0, 1, 0.5, -1)),
    *(Case("F16", f"JSON cut at {at}", scores(effects.truncate(at, "cut"))) for at in (1, 0.3, 0.99, -1)),
    Case(
        "F16",
        "JSON cut for good",
        scores(effects.truncate(0.5, "cut"), times=FOR_EVER),
        (
            "not the JSON",
            TRIES,
        ),
    ),
    Case("F17", "HTML with 200", scores(effects.html())),
    Case(
        "F17",
        "HTML for good",
        scores(effects.html(), times=FOR_EVER),
        (
            "not the JSON",
            TRIES,
        ),
    ),
    Case("F18", "mislabelled gzip", scores(_header("content-encoding", "gzip"))),
    Case("F18", "mislabelled gzip for good", scores(_header("content-encoding", "gzip"), times=None), (TRIES,)),
    Case("F19", "200 with an empty body", scores(effects.reply(200))),
    Case("F19", "204", scores(effects.reply(204))),
    Case("F19", "304", scores(effects.reply(304), times=None), ("HTTP 304",)),
    Case("F19", "301 without Location", scores(effects.redirect("", 301)), ("redirected", "url in the settings")),
    *(
        Case("F20", f"200 with {json.dumps(value)} once", scores(effects.reply(200, value)))
        for value in ({"error": {"type": "INTERNAL"}}, {"error": "x", "total": 0}, {"scores": None}, {"scores": "none"})
    ),
    Case(
        "F20",
        "200 with an error for good",
        scores(effects.reply(200, {"error": BODY}), times=None),
        ("scores", "error"),
    ),
    Case(
        "F21",
        "list renamed",
        scores(body(lambda value: {"results": value["scores"], "total": value["total"]}), times=None),
        ("results, total",),
    ),
    Case("F22", "206", on("/export/questions$", _status(206), times=FOR_EVER)),
    *(Case("F24", str(status), scores(effects.reply(status), times=2)) for status in (408, 425)),
    Case("F24", "409", scores(effects.reply(409, BODY), times=None), ("HTTP 409",)),
    Case("F25", "redirect elsewhere", scores(effects.redirect("http://localhost:1/scores")), ("another address",)),
    Case("F26", "one byte of latin-1", scores(effects.swap(_bad_json))),
    Case("F27", "error page of 3 MB", scores(effects.reply(500, BODY * 200_000), times=FOR_EVER), ("HTTP 500",)),
    # Lists
    *(Case("F30", f"page {skip + 1} empty, once", scores(body(_without_rows), skip=skip)) for skip in range(4)),
    Case("F30", "an export page empty, once", on("/export/questions$", body(_without_rows))),
    Case("F30", "pages empty for good", scores(body(_without_rows), skip=0, times=None), ("and gives fewer",)),
    Case("F31", "next page is this one", scores(_next("?page=1"), skip=0, times=None)),
    Case("F32", "pages go 2, 3, 2, 3", scores(body(_cycle), skip=0, times=None), ("again and again",)),
    Case(
        "F33",
        "page is ignored",
        on("/export/questions$", effects.rewrite(_first_again()), times=None),
        ("again and again",),
    ),
    Case("F34", "next page on another host", scores(_next("https://elsewhere.example/x?page=2"), skip=0)),
    Case("F34", "next page is //host", scores(_next("//elsewhere.example/x?page=2"), skip=0)),
    Case("F34", "next page is a file", scores(_next("file:///etc/passwd"), skip=0, times=None), ("next page",)),
    Case("F34", "next page changes filters", scores(_next("?page=2&from_last_edit_date=2030-01-01 00:00:00"), skip=0)),
    Case("F35", "edits while it is read", _drift, goes_on=True),
    Case("F36", "total too large for good", scores(_total(lambda total: total + 5), times=None), ("and gives fewer",)),
    Case("F36", "total too large once", scores(_total(lambda total: total + 5))),
    Case("F36", "total too small", scores(_total(lambda total: max(total - 1, 0)), skip=0, times=FOR_EVER)),
    Case("F36", "total negative", scores(_total(lambda _: -1), skip=0, times=FOR_EVER)),
    Case("F36", "total is a text", scores(_total(str), skip=0, times=FOR_EVER)),
    Case("F36", "total is null", scores(_total(lambda _: None), skip=0, times=FOR_EVER)),
    Case("F37", "rows twice", scores(body(_doubled), skip=0, times=FOR_EVER)),
    # Jobs
    Case("F41", "export errored twice", _planned(JobScript(outcome="errored"), 2), vendor="maestroqa"),
    Case("F41", "exports always fail", _usually(JobScript(outcome="errored")), ("job id_",), "maestroqa"),
    *(
        Case("F41", f"job {outcome} twice", _planned(JobScript(outcome=outcome), 2), vendor="cxone")
        for outcome in ("FAILED", "CANCELLED", "EXPIRED")
    ),
    Case(
        "F42",
        "export without an end",
        _usually(JobScript(timedelta(hours=3))),
        ("6 minutes",),
        "maestroqa",
        settings=SOON,
    ),
    Case("F42", "job without an end", _usually(JobScript(timedelta(hours=3))), ("6 minutes",), "cxone", settings=SOON),
    Case("F44", "export asked for, answer lost", on("request-", effects.reset(accept=True)), vendor="maestroqa"),
    Case("F44", "job asked for, answer lost", on("jobs", effects.reset(accept=True), method="POST"), vendor="cxone"),
    Case(
        "F47",
        "odd words for running",
        _usually(JobScript(polls=3, running_words=("", "17", "Odd"))),
        vendor="maestroqa",
    ),
    Case("F48", "link dead twice", on("", effects.reply(403, "<Error/>"), server="files", times=2), vendor="maestroqa"),
    Case(
        "F48", "link dead twice, CXone", on("", effects.reply(403, "<Error/>"), server="files", times=2), vendor="cxone"
    ),
    Case("F48", "links always dead", on("", effects.reply(403), server="files", times=None), ("link",), "maestroqa"),
    *(
        Case("F51", f"zip cut at {at}", on("", effects.truncate(at, "cut"), server="files"), vendor="maestroqa")
        for at in (0.25, 0.5, 0.75, -1)
    ),
    Case("F51", "HTML for a zip", on("", effects.html(), server="files", times=2), vendor="maestroqa"),
    Case("F51", "HTML for a file, CXone", on("", effects.html(), server="files", times=2), vendor="cxone"),
)
