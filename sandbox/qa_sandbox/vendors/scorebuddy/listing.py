"""What the API gives: lists, and single things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

Object = dict[str, Any]


@dataclass(frozen=True)
class Listing:
    """A list: where it is, what it is called, who may read it, how long its pages are, and what is in it."""

    path: str
    key: str
    scope: str
    most: int
    find: Callable[[Request], Sequence[Any]]
    show: Callable[[Any], Object]


@dataclass(frozen=True)
class Single:
    """One thing by its id: where it is, what it is called, who may read it, and what it is."""

    path: str
    key: str
    scope: str
    find: Callable[[Request], Any]
    show: Callable[[Any], Object]
