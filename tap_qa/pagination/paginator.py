"""Scans over the pages of a list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import requests
from msgspec import Raw

from tap_qa.errors import DeepPageError, RequestRejectedError, UnexpectedResponseError
from tap_qa.http.attempt_errors import UnreadableResponseError
from tap_qa.http.prefetch import MAX_IN_FLIGHT, MIN_LATENCY_SECONDS, Prefetcher
from tap_qa.pagination.envelope import EnvelopeSpec, ListResponse, parse_list_response
from tap_qa.pagination.next_page import next_page_params, whole_number
from tap_qa.pagination.page import USUAL_PAGE_SIZES, Page
from tap_qa.pagination.page_fill import PageFill, TooManyRowsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tap_qa.http.client import Client
    from tap_qa.http.request import Param, Request, Response

_DEEP_PAGE_STATUSES = frozenset({400, 413, 416, 422})
_ENOUGH_REPEATS = 2
"""How often the first page must come again under other numbers: once may be a cache's mistake."""


def list_pages(client: Client, request: Request, spec: EnvelopeSpec, fill: PageFill | None = None) -> Iterator[Page]:
    """Start a scan over the pages of a list.

    The first page is requested without a number, since vendors don't say whether it is 0 or 1; then the responses
    lead on. Where they don't say whether more follows, pages are counted until one is empty: a short page may also mean
    that the vendor lowered the limit. If the first page's number is not known, page 1 is requested next, and left out
    if it is the first page again.

    Args:
        client: Makes the requests.
        request: The request for the first page, with all filters.
        spec: The envelope.
        fill: Learns how many rows a full page has, and then decides which page is the last.

    Raises:
        DeepPageError: A page behind the first is rejected.
        TooManyRowsError: One page was to hold the whole list, and does not.
    """
    reader = _PageReader(client, request, spec)
    number = 0 if spec.first_page is None else spec.first_page
    params: Mapping[str, Param] | None = None
    first: Page | None = None
    is_named = True
    left_out = False
    repeats = row_count = 0
    while True:
        body = reader.read(params)
        page = Page(body.array, body.total, may_have_more=not body.announces_last_page)
        repeats_first = first is not None and page.digest == first.digest
        is_first_again = repeats_first and spec.first_page is None and number == 1 and not left_out
        left_out = left_out or is_first_again
        row_count += 0 if is_first_again else len(page.rows)
        if first is not None and repeats_first and not is_first_again and not is_named and ignores_pages(first, spec):
            repeats, page = repeats + 1, replace(page, repeats_first=True)
            if repeats == _ENOUGH_REPEATS:
                yield page
                return
        first = first or page
        is_named = body.next is not None
        if fill is not None and not is_first_again:
            page, body = _corrected(page, body, fill, asked=request.params.get("limit"), is_first=params is None)
        if is_named:
            params = _next_page_params(client, request, body.next)
            number = whole_number(params.get("page")) or number + 1
        elif page.is_empty or (body.announces_last_page and not _is_end_doubtful(page, body, spec, row_count)):
            yield page
            return
        else:
            number += 1
            params = {**request.params, "page": number}
        reader.prefetch(page, params)
        if not is_first_again:
            yield page


def _corrected(
    page: Page, body: ListResponse, fill: PageFill, *, asked: object, is_first: bool
) -> tuple[Page, ListResponse]:
    """Return a page and its envelope, corrected by how full the page is.

    Raises:
        TooManyRowsError: One page was to hold the whole list, and does not.
    """
    rows = len(page.rows)
    is_followed = body.next is not None
    fill.add(rows, asked=asked, shows_total=page.total is not None, is_first=is_first, names_next=is_followed)
    is_conclusive = is_followed or body.announces_last_page
    if not is_conclusive and not body.is_partial and fill.is_last(rows):
        return replace(page, may_have_more=False), replace(body, announces_last_page=True)
    if fill.wants_one_page and rows and (is_followed or (not is_conclusive and fill.is_full(rows))):
        raise TooManyRowsError
    return page, body


def _is_end_doubtful(page: Page, body: ListResponse, spec: EnvelopeSpec, row_count: int) -> bool:
    """Return whether to request another page although none is named: the vendor may have cut the list at a full page.

    Args:
        page: The page.
        body: Its envelope.
        spec: The envelope.
        row_count: The rows of this scan so far; no more are expected once they reach the total.
    """
    is_full = spec.full_page is not None and len(page.rows) >= spec.full_page
    return is_full and (page.total is None or page.total > row_count) and not body.denies_more


def ignores_pages(first: Page, spec: EnvelopeSpec) -> bool:
    """Return whether a list that gives its first page for every number gives all of its rows.

    It does unless it has as many rows as pages usually have: then the vendor may have cut it.
    """
    rows = len(first.rows)
    return spec.may_ignore_pages and rows != spec.full_page and rows not in USUAL_PAGE_SIZES


def _next_page_params(client: Client, request: Request, following: Any) -> dict[str, Param]:  # noqa: ANN401 - JSON
    try:
        return next_page_params(following, request.params)
    except UnreadableResponseError as error:
        raise UnexpectedResponseError(client.vendor, f"the list for {request.description} names {error}.") from None


def _deep_page_error(client: Client, request: Request, status: int) -> DeepPageError:
    what = (
        f"HTTP {status}, the vendor gives the first pages of the call for {request.description} and refuses the next."
    )
    return DeepPageError(client.vendor, what, "Tell the vendor's support, or read less at once.")


class _PageReader:
    """Reads the pages of one scan; where they have numbers and the vendor is slow, some are prefetched."""

    def __init__(self, client: Client, request: Request, spec: EnvelopeSpec) -> None:
        self._client = client
        self._request = request
        self._spec = spec
        self._prefetcher: Prefetcher[ListResponse] = Prefetcher(self._prepare_prefetch)
        self._first_rows = 0
        self._slow = False

    def read(self, params: Mapping[str, Param] | None) -> ListResponse:
        """Return the page with these parameters; the first one if there are none."""
        number = None if params is None else self._number(params)
        found = None if number is None else self._prefetcher.pop(number)
        return self._fetch(params) if found is None else found

    def prefetch(self, page: Page, following: Mapping[str, Param]) -> None:
        """Request the page behind this one and some more, if they probably exist."""
        number = self._number(following)
        if number is None or not self._slow:
            return
        rows = len(page.rows)
        self._first_rows = self._first_rows or rows
        if page.total is not None:
            last = -(-page.total // self._first_rows) if self._first_rows else 0
        else:
            # The end is not known: the more full pages came, the more are prefetched, so that few requests are wasted.
            last = number + min(MAX_IN_FLIGHT, number // 2) - 1 if rows >= self._first_rows else 0
        self._prefetcher.prefetch(range(number, last + 1))

    def _number(self, params: Mapping[str, Param]) -> int | None:
        """Return the number of a page if nothing but the number makes it differ from the first."""
        number = params.get("page")
        same = {**self._request.params, "page": number} == params
        return whole_number(number) if same else None

    def _prepare_prefetch(self, number: int) -> Callable[[], ListResponse | None] | None:
        params = {**self._request.params, "page": number}
        return self._client.prepare_prefetch(replace(self._request, params=params), self._parse)

    def _fetch(self, params: Mapping[str, Param] | None) -> ListResponse:
        clock = self._client.run_context.clock
        requested_at = clock.monotonic()
        try:
            return self._client.send(
                self._request if params is None else replace(self._request, params=params), self._parse
            )
        except RequestRejectedError as rejection:
            if params is not None and rejection.status == requests.codes.not_found:
                return ListResponse(Raw(b"[]"))  # some vendors respond so to a page behind the last
            if params is not None and rejection.status in _DEEP_PAGE_STATUSES:
                raise _deep_page_error(self._client, self._request, rejection.status) from rejection
            raise
        finally:
            self._slow = clock.monotonic() - requested_at > MIN_LATENCY_SECONDS

    def _parse(self, response: Response) -> ListResponse:
        return parse_list_response(response, self._spec)
