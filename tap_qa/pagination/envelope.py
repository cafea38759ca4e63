"""Envelopes: the objects around the rows of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import requests
from msgspec import Raw

from tap_qa import json_codec
from tap_qa.http.attempt_errors import UnreadableResponseError
from tap_qa.http.response import split_json
from tap_qa.pagination.next_page import names_a_page, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.http.request import Response

_NO_ROWS = Raw(b"[]")
_OF_PAGES = ("meta", "pagination", "paging", "links", "_links")
"""Objects in which envelopes may say of their pages what others say beside the rows."""

_OBJECTS = re.compile(rb"\s*\[\s*[\]{]")
_FILLED_OBJECT = re.compile(rb'\s*\{\s*"')


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

    full_page: int | None = None
    """How many rows a full page has, where a missing next page is no proof behind such a one."""

    may_ignore_pages: bool = False
    """Whether a list that shows its first page for every number may be whole; never where windows tell lists apart."""


@dataclass(frozen=True)
class ListResponse:
    """One page, and what it says of the others."""

    array: Raw
    total: int | None = None
    next: Any = None
    announces_last_page: bool = False
    """Whether the envelope has a field for what follows; where it names no page, this is the last."""

    denies_more: bool = False
    """Whether it says in so many words that there are none."""

    is_partial: bool = False
    """Whether the status says that rows are missing (206)."""


def parse_list_response(response: Response, spec: EnvelopeSpec) -> ListResponse:
    """Read an envelope, or a bare array; the rows stay as they were written.

    Raises:
        UnreadableResponseError: The array of rows is missing, and nothing says that there are none. That is never an
            empty list: it may be an error body, or another form of the API.
    """
    if response.status == requests.codes.no_content:
        return ListResponse(_NO_ROWS)
    is_partial = response.status == requests.codes.partial_content
    parts = split_json(response)
    if parts is None:
        msg = "an answer that is no list and no object"
        raise UnreadableResponseError(msg)
    if isinstance(parts, Raw):
        if not _is_array_of_objects(parts):
            msg = "a list of something else than objects"
            raise UnreadableResponseError(msg)
        return ListResponse(parts, is_partial=is_partial)
    candidates = (_array_of(parts[name]) for name in spec.rows if name in parts)
    array = next((found for found in candidates if found is not None), None)
    body: dict[str, Any] = {
        name: part if array is not None and name in spec.rows else json_codec.decode(part)
        for name, part in parts.items()
    }
    for about in _OF_PAGES:
        if isinstance(said := body.get(about), dict):
            body = {**{name: said[name] for name in {*spec.next, *spec.total, spec.more or ""} & {*said}}, **body}
    page = _page(array or _NO_ROWS, body, spec)
    if array is None and page.total == 1 and (row := _only_row(body, spec)):
        array = json_codec.encode([row])
        page = replace(page, array=array)
    if array is None and not _says_that_it_is_empty(page, body, spec):
        seen = ", ".join(sorted(map(str, body)))[:200] or "none"
        msg = f"an answer without the list {spec.rows[0]}; its fields: {seen}"
        raise UnreadableResponseError(msg)
    return replace(page, is_partial=is_partial)


def _page(array: Raw, body: Mapping[str, Any], spec: EnvelopeSpec) -> ListResponse:
    following = next((body[name] for name in spec.next if names_a_page(body.get(name))), None)
    has_next_field = any(name in body for name in (*spec.next, spec.more))
    denied = spec.more is not None and spec.more in body and not body[spec.more]
    if denied:
        following = None
    elif following is True or (following is None and spec.more is not None and body.get(spec.more)):
        following, has_next_field = None, False  # more is to come, without an address: pages are counted
    total = next((body[name] for name in spec.total if name in body), None)
    return ListResponse(
        array=array, total=whole_number(total), next=following, announces_last_page=has_next_field, denies_more=denied
    )


def _says_that_it_is_empty(page: ListResponse, body: Mapping[str, Any], spec: EnvelopeSpec) -> bool:
    """Distinguish null in place of an empty list from an error, by a total of 0 or the word that no page follows.

    Args:
        page: What the envelope says, read without its rows.
        body: The envelope.
        spec: What its fields are called.
    """
    is_followed = any(names_a_page(body.get(name)) for name in (*spec.next, spec.more or ""))
    if is_followed or page.total or not (page.total == 0 or page.announces_last_page):
        return False
    rows = [body[name] for name in spec.rows if name in body]
    if rows:
        return all(value is None or value in ({}, []) for value in rows)
    # Without any such field, it is an envelope only if it holds nothing else: no message, no list of another name.
    own = {*spec.next, *spec.total, spec.more}
    return all(name in own or value is None or isinstance(value, (bool, int)) for name, value in body.items())


def _array_of(part: Raw) -> Raw | None:
    """Return an array of rows; also that which PHP writes as an object, since its items are not numbered from 0 on."""
    if _is_array_of_objects(part):
        return part
    rows = json_codec.split(bytes(part)) if _FILLED_OBJECT.match(memoryview(part)) else None
    if not isinstance(rows, dict) or not all(map(str.isdecimal, rows)):
        return None
    items = [bytes(row) for row in rows.values()]
    return Raw(b"[" + b",".join(items) + b"]") if all(map(_FILLED_OBJECT.match, items)) else None


def _only_row(body: Mapping[str, Any], spec: EnvelopeSpec) -> dict[str, Any] | None:
    """Return the object in place of the array, as what turns XML into JSON leaves of a list of one row."""
    return next((body[name] for name in spec.rows if isinstance(body.get(name), dict)), None)


def _is_array_of_objects(part: Raw) -> bool:
    """Return whether it is an array whose first row, if there is one, is an object."""
    return _OBJECTS.match(memoryview(part)) is not None
