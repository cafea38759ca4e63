"""One request to a vendor and its response, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tap_qa.errors import UnexpectedResponseError

if TYPE_CHECKING:
    from tap_qa.http.rate_limit import RateLimiter

_NO_SEGMENTS = frozenset({"", ".", ".."})
Param = str | int | Sequence[str | int]


@dataclass(frozen=True)
class Request:
    """What to send, and how to treat the response."""

    path: str
    """Below the client's base URL; or, with `is_absolute_url`, a whole URL of the same vendor."""

    method: str = "GET"
    params: Mapping[str, Param] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    is_absolute_url: bool = False

    authenticated: bool = True
    """Whether it carries the vendor's credentials."""

    rate_limiter: RateLimiter | None = None
    """The rate limit for requests of this kind."""

    retry_on_403: bool = False
    """Whether a 403 may mean "too fast" and is worth a retry."""

    idempotent: bool = True
    """Whether it may be sent again when its outcome is unknown."""

    description: str = ""
    """What it is for, in a message: "the scores", "an export of total_scores"."""


def path_segment(vendor: str, value: object) -> str:
    """Quote an id as one segment of a path, whatever it holds.

    Raises:
        UnexpectedResponseError: It would lead to another path.
    """
    text = str(value)
    if text in _NO_SEGMENTS:
        raise UnexpectedResponseError(vendor, "an id is empty, `.` or `..`, which would lead to another path.")
    return quote(text, safe="")


@dataclass(frozen=True)
class Response:
    """A response, with its whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    may_replace_bytes: bool = False
    """Whether bytes that are no UTF-8 may be replaced: not at first, since a retry may bring better ones."""

    repaired_texts: set[int] = field(default_factory=set, compare=False)
    """Hashes of the texts that had to be repaired to read it."""
