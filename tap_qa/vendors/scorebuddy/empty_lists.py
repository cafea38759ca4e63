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
    """Remembers which lists of an instance exist, so that their 404 means that no row passes the filters."""

    def __init__(self, client: Client) -> None:
        """Start knowing no list; each is requested once."""
        self._client = client
        self._exists: dict[str, bool] = {}

    def is_empty(self, path: str, rejection: RequestRejectedError) -> bool:
        """Return whether a list was rejected for having no rows: with 404, while the whole list is there."""
        if rejection.status != requests.codes.not_found:
            return False
        if path not in self._exists:
            self._exists[path] = self._responds(path)
            if self._exists[path]:
                logger.warning("%s: HTTP 404 of %s for some dates is taken for an empty list.", TITLE, path)
        return self._exists[path]

    def _responds(self, path: str) -> bool:
        request = Request(path, params={"limit": 1}, description=path)
        try:
            self._client.send(request, lambda _response: None)
        except RequestRejectedError:
            return False
        return True
