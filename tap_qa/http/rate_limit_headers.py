"""What responses say of a vendor's rate limits, whichever of the usual headers they use.

`X-RateLimit-…`, `X-Rate-Limit-…` and `RateLimit-…` (the IETF's drafts up to 02) hold one value each; `RateLimit` holds
several: `limit=10, remaining=0, reset=5` up to draft 07, `"hour";r=0;t=5, "day";r=90;t=3600` after it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tap_qa.http.backoff import seconds_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

_WAITS = {"Retry-After": 1, "Retry-After-Ms": 1000, "X-Ms-Retry-After-Ms": 1000, "X-Retry-After": 1}
"""How many of its units each header has to a second, where it does not hold a time; those of Azure are among them."""

_FAMILIES = ("X-RateLimit", "X-Rate-Limit", "RateLimit")
_FIELD = re.compile(r"\b(remaining|reset|r|t)=([0-9.]{1,20})")
_PLENTY = 50
"""With fewer requests left than these, none is spent on mere guesses."""


@dataclass(frozen=True)
class Quota:
    """One of a vendor's limits, as a response states it; what it does not state is None."""

    remaining: float | None
    reset_seconds: float | None
    """How long until it is whole again."""

    @property
    def is_exhausted(self) -> bool:
        """Whether no request is left."""
        return self.remaining == 0


def read_quotas(headers: Mapping[str, str], *, now: datetime) -> list[Quota]:
    """Read all limits that a response states.

    Args:
        headers: Of the response.
        now: The vendor's time.
    """
    quotas = list(_quotas_of_fields(headers.get("RateLimit", "")))
    for family in _FAMILIES:
        remaining = _number(headers.get(f"{family}-Remaining"))
        # Of a structured field the parameters are left out: `0;comment="…"`.
        reset_text = headers.get(f"{family}-Reset", headers.get(f"{family}-Reset-After", ""))
        reset = seconds_until(reset_text.partition(";")[0], now=now)
        if remaining is not None or reset is not None:
            quotas.append(Quota(remaining, reset))
    return quotas


def demanded_wait(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return the wait that a rejection demands, in seconds, by `Retry-After`, else by its rate limits; None if none."""
    for name, units in _WAITS.items():
        number = None if units == 1 else _number(headers.get(name))
        wait = seconds_until(headers.get(name), now=now) if number is None else number / units
        if wait is not None:
            return wait
    quotas = read_quotas(headers, now=now)
    resets = [quota.reset_seconds for quota in quotas if quota.reset_seconds is not None]
    return _longest_reset(quotas) or min(resets, default=None)


def quota_reset_delay(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return the wait before the next request if this response says that it was the last one allowed, in seconds."""
    return _longest_reset(read_quotas(headers, now=now))


def is_quota_low(headers: Mapping[str, str], *, now: datetime) -> bool:
    """Return whether this response says that fewer requests are left than are worth spending on mere guesses."""
    return any(quota.remaining is not None and quota.remaining < _PLENTY for quota in read_quotas(headers, now=now))


def _longest_reset(quotas: list[Quota]) -> float | None:
    return max((quota.reset_seconds for quota in quotas if quota.is_exhausted and quota.reset_seconds), default=None)


def _quotas_of_fields(text: str) -> Iterator[Quota]:
    """Read the header `RateLimit`: one limit in its older form, one for each item in its newer one."""
    items = text.split(",") if ";" in text else [text]
    for item in items:
        fields = dict(_FIELD.findall(item[:500]))
        remaining = _number(fields.get("remaining", fields.get("r")))
        reset = _number(fields.get("reset", fields.get("t")))
        if remaining is not None or reset is not None:
            yield Quota(remaining, reset)


def _number(text: str | None) -> float | None:
    try:
        number = float((text or "").partition(";")[0])
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
