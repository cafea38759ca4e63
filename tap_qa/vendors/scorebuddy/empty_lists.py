"""Filtered lists that respond with 404 where no row passes their filters.

The Open API document (1.8.1) has a 404 for every list, and does not say whether an empty one gives it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import requests

from tap_qa.errors import RequestRejectedError
from tap_qa.http.request import Request
from tap_qa.vendors.scorebuddy.settings import TITLE

if TYPE_CHECKING:
    from tap_qa.http.client import Client

logger = logging.getLogger("tap-qa.scorebuddy")


class EmptyLists:
    """Knows the lists of an instance that are there without their filters."""

    def __init__(self, client: Client) -> None:
        """Start without an answer; each list is asked once."""
        self._client = client
        self._is_there: dict[str, bool] = {}

    def is_empty(self, path: str, refusal: RequestRejectedError) -> bool:
        """Return whether a list was refused for having no rows: with 404, while the whole list is there."""
        if refusal.status != requests.codes.not_found:
            return False
        if path not in self._is_there:
            self._is_there[path] = self._responds(path)
            if self._is_there[path]:
                logger.warning("%s: HTTP 404 of %s for some dates is taken for an empty list.", TITLE, path)
        return self._is_there[path]

    def _responds(self, path: str) -> bool:
        request = Request(path, params={"limit": 1}, description=path)
        try:
            self._client.send(request, lambda _response: None)
        except RequestRejectedError:
            return False
        return True
