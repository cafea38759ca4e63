"""Creating things exactly once at a vendor that makes a new one at every request.

Each thing carries a mark made of its record. Before the first thing goes to a place (an assessment, say), the target
reads what is there: an earlier run may have ended between a request and the note of it. When a request fails so that
nobody knows whether it was carried out, it reads again, and repeats the request only if the mark is not there.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import TYPE_CHECKING

import requests

from tap_qa.http.attempt_errors import TransientError
from tap_qa.http.backoff import backoffs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tap_qa.http.client import Client
    from tap_qa.http.request import Request, Response

logger = logging.getLogger("target-qa.once")
MAX_CACHED_PARENTS = 1000


class IdempotentCreator:
    """Knows the marks of the places that it has looked at, as long as it alone writes there."""

    def __init__(self, client: Client, read_keys: Callable[[str], set[str]]) -> None:
        """Prepare.

        Args:
            client: Makes the requests.
            read_keys: Reads the marks of all things at a place.
        """
        self._client = client
        self._read_marks = read_keys
        self._keys_by_parent: OrderedDict[str, set[str]] = OrderedDict()

    def create(
        self, parent_id: str, mark: str, request: Request, parse_confirmation: Callable[[Response], object]
    ) -> bool:
        """Create a thing unless it is there; tell whether it was created now.

        Args:
            parent_id: Where it goes.
            mark: Its mark.
            request: What creates it.
            parse_confirmation: Reads the response; raises TransientError if it confirms nothing.

        Raises:
            UnavailableError: Every attempt failed, or UnexpectedResponseError, if the responses were unreadable.
        """
        if mark in self._marks(parent_id):
            return False
        retry_policy = self._client.run_context.retry_policy
        waits = backoffs()
        for attempt in range(1, retry_policy.max_attempts + 1):
            try:
                self._client.send_once(request, parse_confirmation)
            except TransientError as failure:  # noqa: PERF203 - trying again is what the loop is for
                self._wait(failure, next(waits), attempt)
                if failure.status != requests.codes.too_many_requests:
                    del self._keys_by_parent[parent_id]
                if mark in self._marks(parent_id):
                    break
                if attempt == retry_policy.max_attempts:
                    raise self._client.retries_exhausted_error(request, failure) from failure
            else:
                break
        self._marks(parent_id).add(mark)
        return True

    def _wait(self, failure: TransientError, usual: float, attempt: int) -> None:
        """Wait a moment: what was sent may still be under way, and then it is there or never comes."""
        client = self._client
        wait = client.retry_delay(failure, usual)
        tries = client.run_context.retry_policy.max_attempts
        logger.info("%s: try %d of %d to create something failed (%s)", client.vendor, attempt, tries, failure)
        client.run_context.waiter.wait(wait, f"{client.vendor}, before a look at what became of a call ({failure})")

    def _marks(self, parent_id: str) -> set[str]:
        if parent_id not in self._keys_by_parent:
            if len(self._keys_by_parent) >= MAX_CACHED_PARENTS:
                self._keys_by_parent.popitem(last=False)
            self._keys_by_parent[parent_id] = self._read_marks(parent_id)
        self._keys_by_parent.move_to_end(parent_id)
        return self._keys_by_parent[parent_id]
