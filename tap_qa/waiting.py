"""Waiting with something to show for it: other work goes on meanwhile and the reader learns what is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tap_qa.clock import Clock
    from tap_qa.progress import Progress

_LONGEST_NAP_SECONDS = 60.0
_SHORTEST_NAP_SECONDS = 0.05


class Waiter:
    """Sleeps on behalf of everybody, and lets work in the background go on between naps."""

    def __init__(self, clock: Clock, progress: Progress) -> None:
        """Prepare.

        Args:
            clock: Sleeps and tells the time.
            progress: Is told what is waited for.
        """
        self._clock = clock
        self._progress = progress
        self._background: list[Callable[[], float]] = []
        self._in_background = False

    def meanwhile(self, work: Callable[[], float]) -> None:
        """Let `work`, too, run between naps and calls; it returns the seconds until it wants to run again."""
        self._background.append(work)

    def work(self) -> float:
        """Let the work in the background run once; return the seconds until some of it wants to run again."""
        if self._in_background:
            return _LONGEST_NAP_SECONDS
        self._in_background = True
        try:
            return min((work() for work in self._background), default=_LONGEST_NAP_SECONDS)
        finally:
            self._in_background = False

    def wait(self, seconds: float, what: str) -> None:
        """Return after `seconds`; `what` says for what, as "scorebuddy's rate limit"."""
        self.until(lambda: False, seconds, what)

    def until(self, done: Callable[[], bool], seconds: float, what: str) -> None:
        """Return once the work in the background has brought about what `done` looks for, or after `seconds`."""
        deadline = self._clock.monotonic() + seconds
        with self._progress.waiting(what, seconds):
            while not done() and (left := deadline - self._clock.monotonic()) > 0:
                nap = min(left, max(self.work(), _SHORTEST_NAP_SECONDS))
                if done():
                    return
                # The work itself may have taken time.
                self._clock.sleep(min(nap, deadline - self._clock.monotonic()))
