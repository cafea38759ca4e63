"""Parameters of a request, checked as strictly as the vendor's document says."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from qa_sandbox.vendors.scorebuddy.access import reject

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from qa_sandbox.vendors.scorebuddy.rules import Rules

_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def parse_integer(query: QueryParams, name: str, *, least: int = 0, most: int | None = None) -> int | None:
    """An integer within bounds; None if absent."""
    text = query.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"-?\d{1,18}", text):
        reject(name, "The value must be an integer")
    value = int(text)
    if value < least or (most is not None and value > most):
        bounds = f"at least {least}" + ("" if most is None else f" and at most {most}")
        reject(name, f"The value must be {bounds}")
    return value


def parse_boolean(query: QueryParams, name: str) -> bool | None:
    """A truth value; None if absent."""
    text = query.get(name)
    if text is None:
        return None
    if text.lower() not in _TRUTH:
        reject(name, "The value must be a boolean")
    return _TRUTH[text.lower()]


def parse_timestamp(query: QueryParams, name: str) -> str | None:
    """A naive timestamp in full, `YYYY-MM-DD HH:MM:SS`; None if absent."""
    text = query.get(name)
    if text is not None and not (_STAMP.fullmatch(text) and _real(text)):
        reject(name, "The value must have the form YYYY-MM-DD HH:MM:SS")
    return text


def day(query: QueryParams, name: str) -> str | None:
    """A date, `YYYY-MM-DD`; None if absent."""
    text = query.get(name)
    if text is not None and not (_DATE.fullmatch(text) and _real(text)):
        reject(name, "The value must have the form YYYY-MM-DD")
    return text


def group_ids(query: QueryParams, rules: Rules) -> frozenset[int] | None:
    """Several groups, in the form that the rules take; None if absent. Of keys repeated in vain the last one counts."""
    repeated, bracketed = query.getlist("group_ids"), query.getlist("group_ids[]")
    texts = {
        "repeated": repeated,
        "brackets": bracketed or repeated[-1:],
        "comma": [part for text in repeated[-1:] for part in text.split(",")],
        "any": [part for text in repeated + bracketed for part in text.split(",")],
    }[rules.group_ids]
    if not texts:
        return None
    if not all(text.strip().isdigit() for text in texts):
        reject("group_ids", "The values must be integers")
    return frozenset(map(int, texts))


def _real(text: str) -> bool:
    try:
        datetime.fromisoformat(text) if " " in text else date.fromisoformat(text)
    except ValueError:
        return False
    return True
