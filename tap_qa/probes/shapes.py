"""Shapes instead of values: the only texts that evidence may hold, so nothing of an account can slip into a report."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NewType

if TYPE_CHECKING:
    from datetime import timedelta

    from tap_qa.probes.asked import Reply

Shape = NewType("Shape", str)
"""A word of ours, a name that a public text knows, a band, a form, a duration: never a value of an account."""

EvidenceValue = Shape | bool | tuple[Shape, ...]
Evidence = Mapping[str, EvidenceValue]

_BANDS = ((1_000, "1,000+"), (100, "100-999"), (10, "10-99"), (2, "2-9"), (1, "1"))
_DATES = {
    r"\d{4}-\d\d-\d\d": "yyyy-MM-dd",
    r"\d\d?/\d\d?/\d{4}": "d/M/yyyy",
    r"\d{4}/\d\d?/\d\d?": "yyyy/M/d",
}
_TIMES = {r"\d\d:\d\d:\d\d": "HH:mm:ss", r"\d\d:\d\d": "HH:mm", r"\d?\d:\d\d(:\d\d)? ?[AP]M": "h:mm a"}
_TIME = rf"(?P<gap>[T ])(?P<time>{'|'.join(_TIMES)})(?P<fraction>\.\d+)?(?P<zone>Z|[+-]\d\d:?\d\d)?"
_STAMP = re.compile(rf"(?P<date>{'|'.join(_DATES)})(?:{_TIME})?")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EPOCH_DIGITS = {10: "epoch seconds", 13: "epoch milliseconds"}
_SECONDS_A_QUARTER = 900
_UNITS = {"s": 1, "min": 60}
_MAX_OF_A_UNIT = 120


def band(count: int) -> Shape:
    """Return a count as a band, since exact counts reveal too much of an organisation."""
    return Shape(next((text for least, text in _BANDS if count >= least), "0"))


def words(found: Iterable[str]) -> tuple[Shape, ...]:
    """Return words of our own, in order: those of a table in the code, never those of a response."""
    return tuple(Shape(word) for word in sorted(set(found)))


def known(found: Iterable[object], names: Collection[str]) -> tuple[Shape, ...]:
    """Return the names that a public text knows, in its order."""
    seen = set(map(str, found))
    return tuple(Shape(name) for name in names if name in seen)


def date_form(value: object) -> Shape:
    """Return how a date or an instant is written, as `yyyy-MM-dd HH:mm:ss`."""
    text = str(value).strip()
    if guarded := re.fullmatch(r'="(.*)"', text):
        return Shape(f'="{date_form(guarded[1])}"')
    if text.isdigit():
        return Shape(_EPOCH_DIGITS.get(len(text), "a number"))
    stamp = _STAMP.fullmatch(text)
    if stamp is None:
        return Shape("another form" if text else "empty")
    written = _name_of(stamp["date"], _DATES)
    if stamp["time"]:
        zone = stamp["zone"]
        written += f"{stamp['gap']}{_name_of(stamp['time'], _TIMES)}{'.fraction' if stamp['fraction'] else ''}"
        written += "" if not zone else "Z" if zone == "Z" else "+offset"
    return Shape(written)


def _name_of(text: str, forms: Mapping[str, str]) -> str:
    return next(name for pattern, name in forms.items() if re.fullmatch(pattern, text))


def kind(value: object) -> Shape:
    """Return the JSON type of a value; a text that is a UUID has a type of its own."""
    if isinstance(value, str):
        return Shape("uuid" if _UUID.fullmatch(value) else "string")
    names = {bool: "boolean", int: "integer", float: "number", dict: "object", list: "array"}
    return Shape(names.get(type(value), "null"))


def status(reply: Reply) -> Shape:
    """Return a response's HTTP status."""
    return Shape(str(reply.status))


def statuses(replies: Mapping[str, Reply]) -> tuple[Shape, ...]:
    """Return the HTTP status of each response under a word of our own."""
    return tuple(Shape(f"{name} {reply.status}") for name, reply in replies.items())


def quarters(ahead: timedelta) -> int:
    """Return the nearest whole number of quarter hours."""
    return round(ahead.total_seconds() / _SECONDS_A_QUARTER)


def offset(count: int) -> Shape:
    """Return so many quarter hours ahead of UTC, as `+05:30`."""
    hours, rest = divmod(abs(count), 4)
    return Shape(f"{'-' if count < 0 else '+'}{hours:02}:{rest * 15:02}")


def duration(of: timedelta) -> Shape:
    """Return a duration, as `42 s`, `20 min` or `3.5 h`."""
    seconds = of.total_seconds()
    unit, size = next((each for each in _UNITS.items() if abs(seconds) < each[1] * _MAX_OF_A_UNIT), ("h", 3600))
    return Shape(f"{seconds / size:.1f} {unit}" if unit == "h" else f"{seconds / size:.0f} {unit}")


def header_form(value: str | None) -> Shape:
    """Return the form of a header that holds a time."""
    if value is None:
        return Shape("absent")
    if value.strip().isdigit():
        return Shape("epoch" if len(value.strip()) in _EPOCH_DIGITS else "seconds")
    return Shape("date")


def limit_headers(headers: Mapping[str, str]) -> tuple[Shape, ...]:
    """Return the names of the headers that state rate limits: names of HTTP, not of an account."""
    plain = ((name.lower(), name.lower().replace("-", "")) for name in headers)
    return words(name for name, letters in plain if "ratelimit" in letters or letters == "retryafter")


def text_of(value: EvidenceValue | Any) -> str:  # noqa: ANN401 - what JSON made of it
    """Return evidence as a reader likes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
