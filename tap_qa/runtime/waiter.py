"""Waits, while background tasks run and the progress names what is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tap_qa.runtime.clock import Clock
    from tap_qa.runtime.progress import Progress

_MAX_SLEEP_SECONDS = 60.0
_MIN_SLEEP_SECONDS = 0.05


class Waiter:
    """Sleeps for all clients of a run, and runs background tasks between sleeps."""

    def __init__(self, clock: Clock, progress: Progress) -> None:
        """Prepare.

        Args:
            clock: Sleeps and gives the time.
            progress: Gets what is waited for.
        """
        self._clock = clock
        self._progress = progress
        self._background: list[Callable[[], float]] = []
        self._in_background = False

    def add_background_task(self, work: Callable[[], float]) -> None:
        """Add a task that runs between sleeps and requests; it returns the seconds until it is due again."""
        self._background.append(work)

    def run_background_tasks(self) -> float:
        """Run each background task once; return the seconds until one is due again."""
        if self._in_background:
            return _MAX_SLEEP_SECONDS
        self._in_background = True
        try:
            return min((work() for work in self._background), default=_MAX_SLEEP_SECONDS)
        finally:
            self._in_background = False

    def wait(self, seconds: float, what: str) -> None:
        """Return after `seconds`; `what` says for what, as "scorebuddy's rate limit"."""
        self.wait_until(lambda: False, seconds, what)

    def wait_until(self, done: Callable[[], bool], seconds: float, what: str) -> None:
        """Return once `done` returns true, which background tasks may bring about, or after `seconds`."""
        deadline = self._clock.monotonic() + seconds
        with self._progress.waiting(what, seconds):
            while not done() and (left := deadline - self._clock.monotonic()) > 0:
                seconds_to_sleep = min(left, max(self.run_background_tasks(), _MIN_SLEEP_SECONDS))
                if done():
                    return
                # The tasks may have taken time.
                self._clock.sleep(min(seconds_to_sleep, deadline - self._clock.monotonic()))
