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

logger = logging.getLogger("tap-qa.scorebuddy")


class Totals:
    """Knows the lists of an instance whose totals can't be used."""

    def __init__(self, client: Client) -> None:
        """Start by trusting them all."""
        self._client = client
        self._before_filters: set[str] = set()

    def corrected(self, request: Request, form: EnvelopeSpec) -> Iterator[Page]:
        """Start a pass over the pages of a list, which announce no total where it counts before the filters."""
        total, came = None, 0
        for page in list_pages(self._client, request, form):
            if request.path in self._before_filters:
                yield replace(page, total=None)
                continue
            total = page.total
            came += len(page.rows)
            yield page
        if total is not None and came < total:
            self._examine(request, form, total)

    def _examine(self, request: Request, form: EnvelopeSpec, total: int) -> None:
        """Compare the total of a filtered list with that of the whole list."""
        if not set(request.params) - {"limit"}:
            return
        whole = next(list_pages(self._client, replace(request, params={"limit": 1}), form))
        if whole.total == total:
            self._before_filters.add(request.path)
            logger.warning(
                "%s: the totals of %s count more than was asked for; they are not used.", TITLE, request.path
            )
