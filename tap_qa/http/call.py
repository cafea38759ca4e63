"""One call to a vendor, as a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tap_qa.http.pacing import Pacer

Param = str | int | Sequence[str | int]


@dataclass(frozen=True)
class Call:
    """What to ask, and how its answers are to be taken."""

    path: str
    """Below the client's base URL; or, with `absolute`, a whole URL of the same vendor."""

    method: str = "GET"
    params: Mapping[str, Param] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    absolute: bool = False

    authorised: bool = True
    """Whether it carries the vendor's credentials."""

    pacer: Pacer | None = None
    """Keeps calls of this kind apart."""

    forbidden_may_be_throttle: bool = False
    """Whether a 403 may mean "too fast" and is worth a further try."""

    repeatable: bool = True
    """Whether it may be sent again when nobody knows if it arrived."""

    purpose: str = ""
    """What it is for, in a message: "the scores", "an export of total_scores"."""


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
