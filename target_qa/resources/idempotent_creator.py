"""Creating things exactly once at a vendor that makes a new one at every request.

Each thing carries a mark made of its record. Before the first thing goes to a parent (an assessment, say), the target
reads what is there: an earlier run may have ended between a request and the note of it. When a request fails in any
way that may pass, it reads again, and repeats the request only if the mark is not there. A list that does not show
what was created proves nothing, so it is looked at now and then, and the run ends where it leaves something out.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tap_qa.errors import CredentialsError, UnexpectedResponseError
from tap_qa.http.attempt_errors import TransientError
from tap_qa.http.backoff import backoffs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tap_qa.http.client import Client
    from tap_qa.http.request import Request, Response

logger = logging.getLogger("target-qa.once")
MAX_CACHED_PARENTS = 1000
USUAL_CAP = 100
"""Lists that show only some of what is there usually stop at so many, or at more."""


@dataclass
class Listed:
    """What is there, as far as the vendor shows it."""

    marks: set[str]
    count: int
    """Of all things, those of others included."""

    verify_at: int = 0
    """The count at which to look again."""


class IdempotentCreator:
    """Knows the marks of the parents that it has looked at, as long as it alone writes there."""

    def __init__(self, client: Client, read: Callable[[str], Listed]) -> None:
        """Prepare.

        Args:
            client: Makes the requests.
            read: Reads what is there of a parent.
        """
        self._client = client
        self._read = read
        self._parents: OrderedDict[str, Listed] = OrderedDict()
        self._marks_come_back = False

    def create(
        self, parent_id: str, mark: str, request: Request, parse_confirmation: Callable[[Response], object]
    ) -> bool:
        """Create a thing unless it is there; return whether it was created now.

        Args:
            parent_id: Where it goes.
            mark: Its mark.
            request: What creates it.
            parse_confirmation: Reads the response; raises TransientError if it confirms nothing.

        Raises:
            UnavailableError: Every attempt failed.
            UnexpectedResponseError: The responses were unreadable, or the list doesn't show what was created.
        """
        if mark in self._listed(parent_id).marks:
            return False
        if self._send(parent_id, mark, request, parse_confirmation):
            listed = self._listed(parent_id)
            listed.marks.add(mark)
            listed.count += 1
            if listed.count >= listed.verify_at:
                self._look_again(parent_id)
        return True

    def _send(
        self, parent_id: str, mark: str, request: Request, parse_confirmation: Callable[[Response], object]
    ) -> bool:
        """Send until it is confirmed; or until it is found, and return False."""
        waits = backoffs()
        attempt, refreshed = 0, False
        while True:
            failure: TransientError | None = None
            try:
                self._client.send_once(request, parse_confirmation, refresh=False)
            except CredentialsError:
                if refreshed or not self._client.auth.refresh():
                    raise
                refreshed = True
            except TransientError as error:
                failure = error
                attempt += 1
                self._wait(failure, next(waits), attempt)
            else:
                return True
            self._look_again(parent_id)
            if mark in self._listed(parent_id).marks:
                return False
            if failure is not None and attempt >= self._client.run_context.retry_policy.max_attempts:
                raise self._client.retries_exhausted_error(request, failure) from failure

    def _wait(self, failure: TransientError, usual: float, attempt: int) -> None:
        """Wait a moment: what was sent may still be under way, and then it is there or never comes."""
        client = self._client
        wait = client.retry_delay(failure, usual)
        tries = client.run_context.retry_policy.max_attempts
        logger.info("%s: try %d of %d to create something failed (%s)", client.vendor, attempt, tries, failure)
        client.run_context.waiter.wait(wait, f"{client.vendor}, before a look at what became of a call ({failure})")

    def _listed(self, parent_id: str) -> Listed:
        if parent_id not in self._parents:
            if len(self._parents) >= MAX_CACHED_PARENTS:
                self._parents.popitem(last=False)
            listed = self._parents[parent_id] = self._read(parent_id)
            sure = self._marks_come_back and listed.count < USUAL_CAP
            listed.verify_at = USUAL_CAP + 1 if sure else listed.count + 1
        self._parents.move_to_end(parent_id)
        return self._parents[parent_id]

    def _look_again(self, parent_id: str) -> None:
        """Read the list again.

        Raises:
            UnexpectedResponseError: It leaves out what was there or was created, also after a while.
        """
        client, known = self._client, self._parents[parent_id].marks
        waits = backoffs()
        for left in reversed(range(client.run_context.retry_policy.max_attempts)):
            listed = self._read(parent_id)
            if known <= listed.marks:
                self._marks_come_back = self._marks_come_back or bool(known)
                listed.verify_at = max(USUAL_CAP, listed.count + listed.count // 10) + 1
                self._parents[parent_id] = listed
                return
            if left:
                client.run_context.waiter.wait(next(waits), f"{client.vendor} to show what was created")
        raise UnexpectedResponseError(
            client.vendor,
            f"its list of what is there shows {listed.count}, but not all that was created, so it is unknown what "
            "is missing there.",
            "Nothing more is sent. Write to another one, or ask the vendor why its list leaves out some.",
        )
