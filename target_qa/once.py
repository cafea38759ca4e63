"""Creating things exactly once at a vendor that makes a new one at every call.

Each thing carries a mark made of its record. Before the first thing goes to a place (an assessment, say), the target
reads what is there: an earlier run may have ended between a call and the note of it. When a call fails so that nobody
knows whether it was carried out, it reads again, and repeats the call only if the mark is not there.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import TYPE_CHECKING

import requests

from tap_qa.http.failures import TransientError
from tap_qa.http.waits import backoffs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tap_qa.http.call import Answer, Call
    from tap_qa.http.client import Client

logger = logging.getLogger("target-qa.once")
MOST_PLACES = 1000


class Once:
    """Knows the marks of the places that it has looked at, as long as it alone writes there."""

    def __init__(self, client: Client, read_marks: Callable[[str], set[str]]) -> None:
        """Prepare.

        Args:
            client: Makes the calls.
            read_marks: Reads the marks of all things at a place.
        """
        self._client = client
        self._read_marks = read_marks
        self._known: OrderedDict[str, set[str]] = OrderedDict()

    def create(self, place: str, mark: str, call: Call, confirmed: Callable[[Answer], object]) -> bool:
        """Create a thing unless it is there; tell whether it was created now.

        Args:
            place: Where it goes.
            mark: Its mark.
            call: What creates it.
            confirmed: Reads the answer; raises TransientError if it confirms nothing.

        Raises:
            UnavailableError: Every try failed, or ShapeError, if the answers were unreadable.
        """
        if mark in self._marks(place):
            return False
        patience = self._client.around.patience
        waits = backoffs()
        for attempt in range(1, patience.tries + 1):
            try:
                self._client.attempt(call, confirmed)
            except TransientError as failure:  # noqa: PERF203 - trying again is what the loop is for
                self._wait(failure, next(waits), attempt)
                if failure.status != requests.codes.too_many_requests:
                    del self._known[place]
                if mark in self._marks(place):
                    break
                if attempt == patience.tries:
                    raise self._client.gave_up(call, failure) from failure
            else:
                break
        self._marks(place).add(mark)
        return True

    def _wait(self, failure: TransientError, usual: float, attempt: int) -> None:
        """Wait a moment: what was sent may still be under way, and then it is there or never comes."""
        client = self._client
        wait = client.wait_for(failure, usual)
        tries = client.around.patience.tries
        logger.info("%s: try %d of %d to create something failed (%s)", client.vendor, attempt, tries, failure)
        client.around.waiter.wait(wait, f"{client.vendor}, before a look at what became of a call ({failure})")

    def _marks(self, place: str) -> set[str]:
        if place not in self._known:
            if len(self._known) >= MOST_PLACES:
                self._known.popitem(last=False)
            self._known[place] = self._read_marks(place)
        self._known.move_to_end(place)
        return self._known[place]
