"""Paged JSON lists, in whatever envelope a vendor sends them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import requests
from msgspec import Raw

from tap_qa import json_codec
from tap_qa.errors import RequestRejectedError, UnexpectedResponseError
from tap_qa.http.attempt_errors import UnreadableResponseError
from tap_qa.http.prefetch import MAX_IN_FLIGHT, MIN_LATENCY_SECONDS, Prefetcher
from tap_qa.http.response import split_json
from tap_qa.pagination.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tap_qa.http.client import Client
    from tap_qa.http.request import Param, Request, Response


_PAGE_NUMBER = re.compile(r"[0-9]{1,18}")
_OBJECTS = re.compile(rb"\s*\[\s*[\]{]")


@dataclass(frozen=True)
class EnvelopeSpec:
    """What the fields of a list's envelope are called; of several names the first that is there counts."""

    rows: tuple[str, ...]
    next: tuple[str, ...] = ()
    """A page number, or a URL; null or empty on the last page."""

    more: str | None = None
    """Whether there are further pages."""

    total: tuple[str, ...] = ()
    """How many rows the whole list has."""

    first_page: int | None = None
    """The number of the first page, if the vendor says so."""


@dataclass(frozen=True)
class ListResponse:
    """One page, and what it says of the others."""

    array: Raw
    total: int | None = None
    next: Any = None
    announces_last_page: bool = False
    """Whether the envelope tells of further pages at all."""


def parse_list_response(response: Response, form: EnvelopeSpec) -> ListResponse:
    """Read an envelope, or a bare array; the rows stay as they were written.

    Raises:
        UnreadableResponseError: The array of rows is missing. That is never an empty list: it may be an error body, or
            another form of the API.
    """
    parts = split_json(response)
    if parts is None:
        msg = "an answer that is no list and no object"
        raise UnreadableResponseError(msg)
    if isinstance(parts, Raw):
        if not _is_array_of_objects(parts):
            msg = "a list of something else than objects"
            raise UnreadableResponseError(msg)
        return ListResponse(parts)
    array = next((parts[name] for name in form.rows if name in parts and _is_array_of_objects(parts[name])), None)
    body = {name: part if name in form.rows else json_codec.decode(part) for name, part in parts.items()}
    if array is None:
        seen = ", ".join(sorted(map(str, body)))[:200] or "none"
        msg = f"an answer without the list {form.rows[0]}; its fields: {seen}"
        raise UnreadableResponseError(msg)
    total = next((body[name] for name in form.total if name in body), None)
    onward = next((body[name] for name in form.next if body.get(name)), None)
    told = any(name in body for name in (*form.next, form.more))
    if form.more is not None and form.more in body and not body[form.more]:
        onward = None
    elif onward is None and form.more is not None and body.get(form.more):
        told = False  # more is to come, but nobody says where: pages are counted
    return ListResponse(
        array=array,
        total=total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None,
        next=onward,
        announces_last_page=told,
    )


def _is_array_of_objects(part: Raw) -> bool:
    """Tell an array whose first row, if there is one, is an object."""
    return _OBJECTS.match(memoryview(part)) is not None


def next_page_params(onward: Any, own: Mapping[str, Param]) -> dict[str, Param]:  # noqa: ANN401
    """Return the parameters of the next page.

    Args:
        onward: What the vendor calls the next page: a number, or a URL, absolute or relative. Of a URL only the query
            is used, so that no response can lead the credentials to another host.
        own: The tap's own parameters, which always go along and win.

    Raises:
        UnreadableResponseError: It is neither.
    """
    if isinstance(onward, int) or (isinstance(onward, str) and _PAGE_NUMBER.fullmatch(onward.strip())):
        return {**own, "page": int(onward.strip() if isinstance(onward, str) else onward)}
    query = _query(onward) if isinstance(onward, str) else {}
    if not query:
        msg = "a next page that is neither a number nor a URL with a query"
        raise UnreadableResponseError(msg)
    return {**{name: value for name, value in query.items() if name.removesuffix("[]") not in own}, **own}


def _query(url: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    except ValueError:  # a bracket that is not closed, say
        return {}


def list_pages(client: Client, request: Request, form: EnvelopeSpec) -> Iterator[Page]:
    """Start a scan over the pages of a list.

    The first page is asked for without a number, since vendors don't say whether it is 0 or 1; then the responses lead.
    Where they don't say whether more is to come, pages are counted until one is empty: a short page alone may also
    come of a limit that the vendor lowered. If the first page's number is not known, page 1 is asked for next, and
    left out if it is the first page again.

    Args:
        client: Makes the requests.
        request: The request for the first page, with all filters.
        form: The envelope.
    """
    reader = _PageReader(client, request, form)
    number = 0 if form.first_page is None else form.first_page
    params: Mapping[str, Param] | None = None
    first: bytes | None = None
    while True:
        body = reader.read(params)
        page = Page(body.array, body.total, may_have_more=not body.announces_last_page)
        is_first_again = form.first_page is None and number == 1 and page.digest == first
        first = first or page.digest
        if body.next is not None:
            params = _next_page_params(client, request, body.next)
        elif body.announces_last_page or page.is_empty:
            yield page
            return
        else:
            number += 1
            params = {**request.params, "page": number}
        reader.look_ahead(page, params)
        if not is_first_again:
            yield page


def _next_page_params(client: Client, request: Request, onward: Any) -> dict[str, Param]:  # noqa: ANN401
    try:
        return next_page_params(onward, request.params)
    except UnreadableResponseError as error:
        raise UnexpectedResponseError(client.vendor, f"the list for {request.description} names {error}.") from None


class _PageReader:
    """Reads the pages of one scan; where they have numbers and take their time, some of them ahead of time."""

    def __init__(self, client: Client, request: Request, form: EnvelopeSpec) -> None:
        self._client = client
        self._call = request
        self._form = form
        self._ahead: Prefetcher[ListResponse] = Prefetcher(self._prepare_prefetch)
        self._first_rows = 0
        self._slow = False

    def read(self, params: Mapping[str, Param] | None) -> ListResponse:
        """Return the page with these parameters; the first one if there are none."""
        number = None if params is None else self._number(params)
        found = None if number is None else self._ahead.pop(number)
        return self._fetch(params) if found is None else found

    def look_ahead(self, page: Page, following: Mapping[str, Param]) -> None:
        """Ask for the page behind this one and some more, if there is reason to think that they exist."""
        number = self._number(following)
        if number is None or not self._slow:
            return
        rows = len(page.rows)
        self._first_rows = self._first_rows or rows
        if page.total is not None:
            last = -(-page.total // self._first_rows) if self._first_rows else 0
        else:
            # The end is not known: guess further the more full pages came, so that few guesses lie behind the end.
            last = number + min(MAX_IN_FLIGHT, number // 2) - 1 if rows >= self._first_rows else 0
        self._ahead.prefetch(range(number, last + 1))

    def _number(self, params: Mapping[str, Param]) -> int | None:
        """Return the number of a page if nothing but the number makes it differ from the first."""
        number = params.get("page")
        same = {**self._call.params, "page": number} == params
        return int(number) if same and isinstance(number, (int, str)) and _PAGE_NUMBER.fullmatch(str(number)) else None

    def _prepare_prefetch(self, number: int) -> Callable[[], ListResponse | None] | None:
        params = {**self._call.params, "page": number}
        return self._client.prepare_prefetch(replace(self._call, params=params), self._parse)

    def _fetch(self, params: Mapping[str, Param] | None) -> ListResponse:
        clock = self._client.run_context.clock
        asked_at = clock.monotonic()
        try:
            return self._client.send(self._call if params is None else replace(self._call, params=params), self._parse)
        except RequestRejectedError as refusal:
            if params is not None and refusal.status == requests.codes.not_found:
                return ListResponse(Raw(b"[]"))  # some respond so to a page behind the last
            raise
        finally:
            self._slow = clock.monotonic() - asked_at > MIN_LATENCY_SECONDS

    def _parse(self, response: Response) -> ListResponse:
        return parse_list_response(response, self._form)
