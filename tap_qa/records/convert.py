"""Single values as schemas want them: pure conversions that lose nothing or refuse.

Each converter takes what JSON or a CSV cell holds and returns what is emitted, or raises InvalidValueError. Null is not
theirs to handle. An empty text stands for null in every type but text.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from typing import Any

from tap_qa.json_codec import is_bounded

_MAX_INTEGER = 2**63 - 1
_BEYOND_INTEGERS = 1e19
_WORDS = {
    **dict.fromkeys(("true", "t", "yes", "y", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0"), False),
}
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?")
_INTEGER = re.compile(r"[+-]?\d{1,19}(?:\.0*)?")
_LEADING_ZEROS = re.compile(r"\s*[+-]?0\d+(?:\.0*)?\s*", re.ASCII)


class InvalidValueError(ValueError):
    """A value that its type can't hold."""


def to_text(value: Any) -> str:  # noqa: ANN401
    """Return a text, or a number or truth value as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal, float)):
        return str(value)
    raise InvalidValueError


def to_boolean(value: Any) -> bool | None:  # noqa: ANN401
    """Return a truth value from itself, 0 or 1, or the usual words in any case."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        text = value.strip().lower()
        if not text:
            return None
        if text in _WORDS:
            return _WORDS[text]
    elif value in (0, 1):
        return bool(value)
    raise InvalidValueError


def to_integer(value: Any) -> int | None:  # noqa: ANN401
    """Return an integer of at most 64 bits, also from a text or from a number without a fraction."""
    if type(value) is int:
        number = value
    elif isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if _INTEGER.fullmatch(text) is None:
            raise InvalidValueError
        number = int(text.partition(".")[0])
    elif isinstance(value, (Decimal, float)) and abs(float(value)) < _BEYOND_INTEGERS and value == int(value):
        number = int(value)
    else:
        raise InvalidValueError
    if not -_MAX_INTEGER - 1 <= number <= _MAX_INTEGER:
        raise InvalidValueError
    return number


def number_of_id(text: str) -> int:
    """Return the integer that stands for an id of letters, as a UUID: the same in every run.

    It lies between 2**52 and 2**53, above the ids that vendors count, and is exact in loaders that take it for a float.
    """
    digest = blake2b(text.strip().encode(errors="surrogatepass"), digest_size=8).digest()
    return (1 << 52) | int.from_bytes(digest, "big") >> 12


def to_number(value: Any) -> int | Decimal | None:  # noqa: ANN401
    """Return a number, exact, also from a text; a percent sign behind it is dropped."""
    if isinstance(value, bool):
        raise InvalidValueError
    if isinstance(value, (int, Decimal)):
        if not is_bounded(value):
            raise InvalidValueError
        return value
    if isinstance(value, float):
        value = repr(value)
    if not isinstance(value, str):
        raise InvalidValueError
    text = value.strip()
    if not text:
        return None
    text = text.removesuffix("%").rstrip()
    if _NUMBER.fullmatch(text) is None:
        raise InvalidValueError
    try:
        number = Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern lets none through
        raise InvalidValueError from None
    if not is_bounded(number):
        raise InvalidValueError
    return number


def has_leading_zeros(value: Any) -> bool:  # noqa: ANN401
    """Return whether a value is the text of a whole number that starts with zeros, as `00123`."""
    return isinstance(value, str) and _LEADING_ZEROS.fullmatch(value) is not None


def to_fraction(value: Any) -> Decimal | None:  # noqa: ANN401
    """Return a number that shows a decimal point even if it is whole, so that an array of them is of one kind."""
    number = to_number(value)
    if number is None:
        return None
    text = str(number)
    return Decimal(text) if "." in text or "E" in text else Decimal(f"{text}.0")


def to_date(value: Any) -> str | None:  # noqa: ANN401
    """Return a calendar date as YYYY-MM-DD, also from a timestamp at midnight."""
    if not isinstance(value, str):
        raise InvalidValueError
    text = value.strip()
    if not text:
        return None
    day, rest = text[:10], text[10:].lstrip("T ")
    if rest.rstrip("Z").strip("0:.") or len(day) < len("YYYY-MM-DD"):
        raise InvalidValueError
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise InvalidValueError from None
