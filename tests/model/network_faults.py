"""What goes wrong on the way between the tap and a vendor, by chance."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import requests

from tests.model.intercepted_request import Asked, Handler, Reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.model.clocks import VendorTime

HTML = b"<!doctype html><html><body>Down for maintenance</body></html>"


class NetworkFaults:
    """Stands before a vendor and spoils some of its answers."""

    def __init__(self, handler: Handler, rng: Random, time: VendorTime, *, lies: bool) -> None:
        """Prepare.

        Args:
            handler: The vendor.
            rng: All chance.
            time: The vendor's, for dates in headers.
            lies: Whether it may change lists, too, in ways that only further questions can show.
        """
        self.rate = 0.0
        self._handler = handler
        self._rng = rng
        self._time = time
        self._last: tuple[Asked, Reply] | None = None
        self._emptied: set[object] = set()
        self._kinds: list[Callable[[Asked], Reply]] = [
            self._no_connection,
            self._accepted_and_lost,
            self._failing,
            self._busy,
            self._broken_body,
            self._cut_json,
            lambda _: Reply(200, raw=HTML, headers={"Content-Type": "text/html"}),
            lambda _: Reply(200, raw=b""),
            lambda _: Reply(200, {"error": {"type": "INTERNAL", "description": "try again"}}),
            lambda _: Reply(401, {"error": "unauthorized"}),
        ]
        if lies:
            self._kinds += [self._same_again, self._rows_left_out]

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request, well or badly."""
        if self._rng.random() < self.rate:
            reply = self._rng.choice(self._kinds)(asked)
            reply.headers.setdefault("Date", self._time.http_date)
            return reply
        reply = self._handler(asked)
        self._last = asked, reply
        return reply

    def set_rate(self, rate: float = 0.0) -> None:
        """Change the share of answers to spoil from now on."""
        self.rate = rate
        self._last = None  # no cache keeps an answer from run to run
        self._emptied.clear()

    def _no_connection(self, _: Asked) -> Reply:
        raise requests.ConnectionError

    def _accepted_and_lost(self, asked: Asked) -> Reply:
        self._handler(asked)
        raise requests.ReadTimeout

    def _failing(self, _: Asked) -> Reply:
        return Reply(self._rng.choice((500, 502, 503, 504)))

    def _busy(self, _: Asked) -> Reply:
        seconds = self._rng.choice((0, 1, 30, 600))
        moment = self._time.now + timedelta(seconds=seconds)
        after = self._rng.choice((str(seconds), f"{moment:%Y-%m-%d %H:%M:%S}"))
        return Reply(429, headers={"Retry-After": after})

    def _broken_body(self, asked: Asked) -> Reply:
        reply = self._handler(asked)
        reply.breaks_after = self._rng.randrange(max(len(reply.body), 1))
        return reply

    def _cut_json(self, asked: Asked) -> Reply:
        reply = self._handler(asked)
        body = reply.body
        return Reply(reply.status, headers=reply.headers, raw=body[: self._rng.randrange(max(len(body), 1))])

    def _same_again(self, asked: Asked) -> Reply:
        """Give the page before once more, as a cache gone wrong might."""
        if self._last is None or _list_of(self._last[0]) != _list_of(asked) or self._last[0].query == asked.query:
            return Reply(502)
        return self._last[1] if _rows(self._last[1]) else self._rows_left_out(asked)

    def _rows_left_out(self, asked: Asked) -> Reply:
        """Empty the list of a response although there are rows; once for each list."""
        reply = self._handler(asked)
        body: Any = reply.json
        if reply.status != requests.codes.ok or not isinstance(body, dict) or _list_of(asked) in self._emptied:
            return Reply(502)
        self._emptied.add(_list_of(asked))
        emptied = {name: [] if isinstance(value, list) else value for name, value in body.items()}
        return Reply(reply.status, emptied, reply.headers)


def _rows(reply: Reply) -> list[Any]:
    """Return the list in an answer."""
    body: Any = reply.json
    return next((value for value in body.values() if isinstance(value, list)), []) if isinstance(body, dict) else []


def _list_of(asked: Asked) -> object:
    """Return what the pages of one list have in common."""
    return asked.method, asked.path, tuple(sorted((name, text) for name, text in asked.query.items() if name != "page"))
