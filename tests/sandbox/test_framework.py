"""The sandbox's framework: clock, servers, faults, traffic, registry."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
import requests
from starlette.applications import Starlette
from starlette.routing import Route
from typing_extensions import override

from qa_sandbox.clock import SandboxClock
from qa_sandbox.http import effects
from qa_sandbox.http.json_body import Json
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendor import Dataset, Rows, SimulatedVendor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from qa_sandbox.http.request_log import ReceivedRequest

ROWS = [{"id": number, "text": "x" * 50} for number in range(20)]


class ToyWorld(Dataset):
    """Rows that never change."""

    streams = ("toy_rows",)
    lived = 0

    @override
    def expected_records(self, stream: str) -> Rows:
        return {(row["id"],): row for row in ROWS}

    @override
    def apply_due_events(self) -> None:
        self.lived += 1


class ToyVendor(SimulatedVendor):
    """Two servers that answer with the rows."""

    name: ClassVar[str] = "toy"
    servers: ClassVar[tuple[str, ...]] = ("api", "files")

    def __init__(self, clock: SandboxClock) -> None:
        """Make its dataset."""
        super().__init__(clock)
        self._world = ToyWorld(clock)

    @property
    @override
    def dataset(self) -> ToyWorld:
        return self._world

    @override
    def app(self, server: str) -> ASGIApp:
        async def rows(request: Request) -> Response:
            await request.body()
            return Json({"server": server, "rows": ROWS})

        return Starlette(routes=[Route("/rows", rows, methods=["GET", "POST"])])

    @override
    def config(self) -> dict[str, Any]:
        return {"url": self.urls["api"]}


@pytest.fixture
def toy() -> Iterator[ToyVendor]:
    vendor = ToyVendor(SandboxClock(frozen=True))
    with Sandbox([vendor], clock=vendor.clock):
        yield vendor


def get(toy: ToyVendor, path: str = "/rows", **options: Any) -> requests.Response:  # noqa: ANN401
    return requests.get(toy.urls["api"] + path, timeout=5, **options)


def test_a_frozen_clock_moves_only_when_told() -> None:
    clock = SandboxClock(datetime(2026, 1, 31, 23, tzinfo=timezone.utc), frozen=True)
    clock.advance(timedelta(hours=2))
    clock.sleep(0.5)
    assert clock.now() == datetime(2026, 2, 1, 1, 0, 0, 500_000, tzinfo=timezone.utc)
    assert clock.monotonic() == 7200.5
    assert clock.http_date(timedelta(days=1)) == "Mon, 02 Feb 2026 01:00:00 GMT"


def test_every_answer_carries_the_vendors_date(toy: ToyVendor) -> None:
    toy.faults.add(effects.reply(503), skip=1)
    for status in (200, 503):
        answer = get(toy)
        assert answer.status_code == status
        assert parsedate_to_datetime(answer.headers["Date"]) == toy.clock.now()
        assert "server" not in answer.headers


def test_servers_of_one_vendor_are_apart(toy: ToyVendor) -> None:
    assert get(toy).json()["server"] == "api"
    assert requests.get(toy.urls["files"] + "/rows", timeout=5).json()["server"] == "files"
    assert [call.server for call in toy.request_log] == ["api", "files"]


def test_traffic_notes_what_came_in(toy: ToyVendor) -> None:
    requests.post(
        toy.urls["api"] + "/rows?day=2026-06-01 00:00:00&g=1&g=2",
        headers={"Authorization": "Bearer s3cret"},
        data=b"{}",
        timeout=5,
    )
    call = toy.request_log[0]
    assert (call.method, call.path, call.status) == ("POST", "/rows", 200)
    assert call.query["day"] == "2026-06-01 00:00:00"
    assert call.query_items[1:] == [("g", "1"), ("g", "2")]
    assert call.headers["authorization"] == "Bearer s3cret"
    assert call.body == b"{}"
    assert call.at == toy.clock.now()
    assert "s3cret" not in repr(call)


def test_watchers_hear_of_a_request_before_it_is_answered(toy: ToyVendor) -> None:
    heard: list[ReceivedRequest] = []
    toy.dataset.on_request.append(heard.append)
    get(toy)
    assert [call.path for call in heard] == ["/rows"]


def test_a_fault_strikes_where_and_as_often_as_told(toy: ToyVendor) -> None:
    fault = toy.faults.add(effects.reply(500), method="GET", path="^/ro", query="a=1", skip=1, times=2)
    assert [get(toy, "/rows?a=1").status_code for _ in range(4)] == [200, 500, 500, 200]
    assert get(toy, "/rows?a=2").status_code == 200
    assert (fault.seen, fault.hits) == (4, 2)
    for_ever = toy.faults.add(effects.reply(500), times=None)
    assert [get(toy).status_code for _ in range(3)] == [500] * 3
    toy.faults.remove(for_ever)
    assert get(toy).ok


@pytest.mark.parametrize("accept", [False, True])
@pytest.mark.parametrize("effect", [effects.reset, effects.close_cleanly])
def test_a_connection_can_break_before_any_header(toy: ToyVendor, effect: Any, accept: bool) -> None:  # noqa: ANN401, FBT001
    toy.faults.add(effect(accept=accept))
    with pytest.raises(requests.ConnectionError):
        get(toy)
    assert get(toy).ok


@pytest.mark.parametrize("rst", [False, True])
@pytest.mark.parametrize("framing", ["full", "chunked"])
@pytest.mark.parametrize("at", [0, 1, 0.5, -1])
def test_a_cut_body_is_noticed_by_its_framing(toy: ToyVendor, at: float, framing: Any, rst: bool) -> None:  # noqa: ANN401, FBT001
    toy.faults.add(effects.truncate(at, framing, rst=rst))
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        get(toy)


@pytest.mark.parametrize("framing", ["cut", "none"])
def test_a_cut_body_can_look_whole(toy: ToyVendor, framing: Any) -> None:  # noqa: ANN401
    whole = get(toy).content
    toy.faults.add(effects.truncate(-7, framing))
    assert get(toy).content == whole[:-7]


def test_a_body_can_drip(toy: ToyVendor) -> None:
    whole = get(toy).content
    toy.faults.add(effects.slow_body(0.0001, size=200))
    assert get(toy).content == whole


def test_answers_can_be_swapped(toy: ToyVendor) -> None:
    toy.faults.add(effects.swap_json(lambda value: value.update(rows=[])))
    toy.faults.add(effects.swap(lambda body: body.replace(b"x", b"\xe9")))
    assert get(toy).json()["rows"] == []
    assert b"\xe9" in get(toy).content


@pytest.mark.parametrize(
    ("effect", "status", "header", "value"),
    [
        (effects.html(), 200, "content-type", "text/html; charset=utf-8"),
        (effects.reply(204), 204, "content-length", None),
        (effects.reply(200), 200, "content-length", "0"),
        (effects.reply(503, {"error": "x"}, retry_after="-1"), 503, "retry-after", "-1"),
        (effects.redirect("http://localhost/else", 307), 307, "location", "http://localhost/else"),
        (effects.redirect(""), 302, "location", None),
        (effects.retry_after(30), 429, "retry-after", "30"),
        (effects.retry_after(30, "http-date"), 429, "retry-after", "Mon, 15 Jun 2026 06:00:30 GMT"),
        (effects.retry_after(30, "iso", 503), 503, "retry-after", "2026-06-15T06:00:30+00:00"),
        (effects.retry_after(timedelta(hours=1), "space"), 429, "retry-after", "2026-06-15 07:00:00"),
        (effects.delay(0.001, effects.reply(504)), 504, "content-length", "0"),
        (effects.delay(0.001), 200, "content-type", "application/json"),
    ],
)
def test_canned_answers(toy: ToyVendor, effect: effects.Effect, status: int, header: str, value: str | None) -> None:
    toy.faults.add(effect)
    answer = get(toy, allow_redirects=False)
    assert answer.status_code == status
    assert answer.headers.get(header) == value


def test_a_sandbox_gathers_vendors() -> None:
    clock = SandboxClock(frozen=True)
    with Sandbox([ToyVendor(clock)], clock=clock) as sandbox:
        toy = sandbox.vendor(ToyVendor)
        assert sandbox.config()["toy"] == {"url": toy.urls["api"]}
        assert sandbox.config()["start_date"] == "2026-05-06T06:00:00+00:00"
        assert len(sandbox.expected_records("toy_rows")) == 20
        sandbox.pass_time(days=1)
        assert toy.dataset.lived == 1
        assert clock.now() == clock.start + timedelta(days=1)
        url = toy.urls["api"]
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)
