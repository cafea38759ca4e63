"""Requests the next pages while the current one is processed.

The pages are guesses, and each is requested once, without a retry. A reader takes a page from here if it came, and
requests it itself if not; so prefetching changes the time of a run and nothing else.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

MIN_LATENCY_SECONDS = 0.005
"""Below this a response is so quick that prefetching costs more than it saves."""

MIN_IN_FLIGHT, MAX_IN_FLIGHT = 2, 4
"""How many pages may be requested at once: more where they are waited for, fewer where they lie ready."""


class Prefetcher(Generic[T]):
    """Responses to requests that will probably be made, by page number."""

    def __init__(self, prepare: Callable[[int], Callable[[], T | None] | None]) -> None:
        """Prepare.

        Args:
            prepare: Returns a function that requests a page, in any thread; None if the quota is too low for guesses.
        """
        self._prepare = prepare
        self._responses: dict[int, queue.SimpleQueue[T | None]] = {}
        self._in_flight = MIN_IN_FLIGHT

    def prefetch(self, pages: Iterable[int]) -> None:
        """Request these pages, unless they are requested already or too many are."""
        for page in pages:
            if len(self._responses) >= self._in_flight:
                return
            send = None if page in self._responses else self._prepare(page)
            if send is not None:
                response: queue.SimpleQueue[T | None] = queue.SimpleQueue()
                self._responses[page] = response
                # A daemon, so that a response that never comes can't keep the process from ending.
                threading.Thread(target=_respond, args=(send, response), name=f"page-{page}", daemon=True).start()

    def pop(self, page: int) -> T | None:
        """Return the response, waiting for it if it was requested; None if it was not, or failed."""
        response = self._responses.pop(page, None)
        if response is None:
            return None
        # What lies ready takes memory and saves no time.
        more = 1 if response.empty() else -1
        self._in_flight = min(max(self._in_flight + more, MIN_IN_FLIGHT), MAX_IN_FLIGHT)
        return response.get()


def _respond(send: Callable[[], T | None], response: queue.SimpleQueue[T | None]) -> None:
    response.put(send())
