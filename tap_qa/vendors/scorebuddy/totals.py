"""What `total` counts.

The Open API document (1.8.1) says: the items that the request applies to. Should an instance count them before the
filters, a filtered list never reaches its total; then totals prove nothing, and are left out.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from tap_qa.pagination.paginator import list_pages
from tap_qa.vendors.scorebuddy.settings import TITLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_qa.http.client import Client
    from tap_qa.http.request import Request
    from tap_qa.pagination.envelope import EnvelopeSpec
    from tap_qa.pagination.page import Page
    from tap_qa.pagination.page_fill import PageFill

logger = logging.getLogger("tap-qa.scorebuddy")


class Totals:
    """Knows the lists of an instance whose totals can't be used."""

    def __init__(self, client: Client) -> None:
        """Start by trusting them all."""
        self._client = client
        self._before_filters: set[str] = set()

    def corrected(self, request: Request, spec: EnvelopeSpec, fill: PageFill | None = None) -> Iterator[Page]:
        """Start a scan over the pages of a list, which announce no total where it counts before the filters."""
        came, total = 0, None
        for page in list_pages(self._client, request, spec, fill):
            came, total = came + len(page.rows), page.total
            if page.is_empty:
                self._check(request, spec, came, total)
            yield replace(page, total=None) if request.path in self._before_filters else page
        self._check(request, spec, came, total)

    def _check(self, request: Request, spec: EnvelopeSpec, came: int, total: int | None) -> None:
        """Where a filtered list did not reach its total, compare that with the total of the whole list."""
        is_filtered = bool(set(request.params) - {"limit"})
        if total is None or came >= total or not is_filtered or request.path in self._before_filters:
            return
        whole = next(list_pages(self._client, replace(request, params={"limit": 1}), spec))
        if whole.total == total:
            self._before_filters.add(request.path)
            logger.warning(
                "%s: the totals of %s count more than was asked for; they are not used.", TITLE, request.path
            )
