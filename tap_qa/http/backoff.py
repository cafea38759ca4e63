"""How long to wait before a retry: functions of headers and of the number of failures."""

from __future__ import annotations

import math
import random
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import backoff

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BACKOFF_SECONDS = 60
_EPOCH_FROM = 1_000_000_000  # a larger number of "seconds" is a Unix time: it would be a wait of over 30 years
_MILLISECONDS_FROM = (
    100_000_000_000  # a larger Unix time is one in milliseconds: it would be a moment after the year 5000
)


def backoffs(jitter: random.Random | None = None) -> Iterator[float]:
    """Yield the seconds to wait after each failure: 1, 2, 4 … 60, of each a random half to whole."""
    draw = jitter or random.Random()  # noqa: S311 - jitter is no secret
    waits = backoff.expo(max_value=MAX_BACKOFF_SECONDS)
    next(waits)
    for wait in waits:
        yield wait * draw.uniform(0.5, 1)


def http_date(text: str | None) -> datetime | None:
    """Read an HTTP date (`Sat, 12 Oct 2024 10:49:54 GMT`) as an instant in UTC; None if it is none."""
    if not text:
        return None
    try:
        return _in_utc(parsedate_to_datetime(text))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _iso_date(text: str) -> datetime | None:
    try:
        return _in_utc(datetime.fromisoformat(text.strip().replace("Z", "+00:00")))
    except (ValueError, OverflowError):
        return None


def _in_utc(stamp: datetime) -> datetime:
    return stamp.replace(tzinfo=timezone.utc) if stamp.tzinfo is None else stamp.astimezone(timezone.utc)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def seconds_until(text: str | None, *, now: datetime) -> float | None:
    """Read a moment that a vendor wrote into a header.

    Args:
        text: Seconds from now, a Unix time (in seconds or milliseconds), an HTTP date or an ISO date (naive means UTC).
        now: The vendor's time.

    Returns:
        The seconds left, never negative; None if the text is none of these.
    """
    if text is None:
        return None
    number = _number(text)
    if number is not None:
        if number < 0:
            return None
        while number >= _MILLISECONDS_FROM:  # or in microseconds, or nanoseconds
            number /= 1000
        return max(0.0, number - now.timestamp()) if number >= _EPOCH_FROM else number
    moment = http_date(text) or _iso_date(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())
