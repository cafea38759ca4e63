"""Asking for the next pages while the current one is worked on.

Only guesses are asked for ahead of time, each once and without a second try. Who needs a page asks here first and
makes the request again if the guess was wrong or failed; so nothing but time depends on them.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

MIN_LATENCY_SECONDS = 0.005
"""Below this a response is so quick that asking ahead costs more than it saves."""

MAX_IN_FLIGHT = 4
"""How many guesses may be under way at once."""


class Prefetcher(Generic[T]):
    """Answers to requests that will probably be made."""

    def __init__(self, prepare: Callable[[int], Callable[[], T | None] | None]) -> None:
        """Prepare.

        Args:
            prepare: Returns what makes the request for a page number, in a thread of its own; None if it is no time for
                guesses.
        """
        self._prepare = prepare
        self._answers: dict[int, queue.SimpleQueue[T | None]] = {}

    def prefetch(self, pages: Iterable[int]) -> None:
        """Ask for these, as far as that is not being done and not too much is."""
        for page in pages:
            if len(self._answers) >= MAX_IN_FLIGHT:
                return
            look = None if page in self._answers else self._prepare(page)
            if look is not None:
                response: queue.SimpleQueue[T | None] = queue.SimpleQueue()
                self._answers[page] = response
                # A daemon, so that a response that does not come can't keep the process from ending.
                threading.Thread(target=_answer, args=(look, response), name=f"page-{page}", daemon=True).start()

    def pop(self, page: int) -> T | None:
        """Return the response, waiting for it if it was asked for; None if there is none."""
        response = self._answers.pop(page, None)
        return None if response is None else response.get()


def _answer(look: Callable[[], T | None], response: queue.SimpleQueue[T | None]) -> None:
    response.put(look())
