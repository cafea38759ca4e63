"""How many pages are requested ahead."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import TYPE_CHECKING

from tap_qa.http.prefetch import MAX_IN_FLIGHT, MIN_IN_FLIGHT, Prefetcher

if TYPE_CHECKING:
    from collections.abc import Callable


class Reader:
    """Reads page after page of a server that responds to each when told so."""

    def __init__(self) -> None:
        self._opened = defaultdict[int, threading.Event](threading.Event)
        self._prefetcher: Prefetcher[int] = Prefetcher(self._prepare)
        self._requested = self._read = 0

    def _prepare(self, page: int) -> Callable[[], int]:
        self._requested = page
        opened = self._opened[page]

        def send() -> int:
            opened.wait()
            return page

        return send

    def in_flight(self) -> int:
        """Return how many pages are requested at once."""
        self._prefetcher.prefetch(range(self._read + 1, 100))
        return self._requested - self._read

    def read(self, *, waits: bool) -> int:
        """Read the next page, and return how many are requested at once then."""
        self._read += 1
        threading.Timer(0.01 if waits else 0, self._opened[self._read].set).start()
        if not waits:
            for thread in threading.enumerate():
                if thread.name == f"page-{self._read}":
                    thread.join()
        assert self._prefetcher.pop(self._read) == self._read
        return self.in_flight()


def test_more_are_requested_where_they_are_waited_for_and_fewer_where_they_lie_ready() -> None:
    reader = Reader()
    first = reader.in_flight()
    late = [reader.read(waits=True) for _ in range(3)]
    ready = [reader.read(waits=False) for _ in range(3)]
    assert [first, *late, *ready] == [MIN_IN_FLIGHT, 3, MAX_IN_FLIGHT, MAX_IN_FLIGHT, 3, MIN_IN_FLIGHT, MIN_IN_FLIGHT]
