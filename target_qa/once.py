"""Creating things exactly once at a vendor that makes a new one at every call.

Each thing carries a mark made of its record. Before the first thing goes to a place (an assessment, say), the target
reads what is there: an earlier run may have ended between a call and the note of it. When a call breaks off so that
nobody knows whether it was carried out, it reads again, and repeats the call only if the mark is not there.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import TYPE_CHECKING

from tap_qa.errors import UnavailableError
from tap_qa.http.client import DoubtfulError
from tap_qa.http.waits import backoffs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tap_qa.http.client import Surroundings

logger = logging.getLogger("target-qa.once")
MOST_PLACES = 1000


class Once:
    """Knows the marks of the places that it has looked at, as long as it alone writes there."""

    def __init__(self, vendor: str, around: Surroundings, read_marks: Callable[[str], set[str]]) -> None:
        """Prepare.

        Args:
            vendor: Its name, for messages.
            around: Patience and sleep.
            read_marks: Reads the marks of all things at a place.
        """
        self._vendor = vendor
        self._around = around
        self._read_marks = read_marks
        self._known: OrderedDict[str, set[str]] = OrderedDict()

    def create(self, place: str, mark: str, create: Callable[[], object]) -> bool:
        """Create a thing unless it is there; tell whether it was created now.

        Args:
            place: Where it goes.
            mark: Its mark.
            create: Makes the call; raises DoubtfulError if nobody knows whether it was carried out.

        Raises:
            UnavailableError: Every try broke off.
        """
        if mark in self._marks(place):
            return False
        waits = backoffs()
        tries = self._around.patience.tries
        for attempt in range(1, tries + 1):
            try:
                create()
            except DoubtfulError as doubt:  # noqa: PERF203 - trying again is what the loop is for
                # What was sent may still be under way: a moment later it is there, or never comes.
                wait = max(next(waits), doubt.wait or 0.0)
                logger.info("%s Looking for it in %.1f s (try %d of %d).", doubt, wait, attempt, tries)
                self._around.waiter.wait(wait, f"{self._vendor}, before looking whether a call was carried out")
                del self._known[place]
                if mark in self._marks(place):
                    return True
            else:
                self._marks(place).add(mark)
                return True
        raise UnavailableError(
            self._vendor,
            f"a call broke off at each of {tries} tries, and left nothing behind.",
            "Run again later: what was sent is not sent twice.",
        )

    def _marks(self, place: str) -> set[str]:
        if place not in self._known:
            if len(self._known) >= MOST_PLACES:
                self._known.popitem(last=False)
            self._known[place] = self._read_marks(place)
        self._known.move_to_end(place)
        return self._known[place]
