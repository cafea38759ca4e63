"""Single values as schemas want them: pure conversions that lose nothing or refuse.

Each converter takes what JSON or a CSV cell holds and returns what is emitted, or raises MisfitError. Null is not
theirs to handle. An empty text stands for null in every type but text.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

UTC_ZONE = ZoneInfo("UTC")
_LARGEST_INTEGER = 2**63 - 1
_BEYOND_INTEGERS = 1e19
_WORDS = {
    **dict.fromkeys(("true", "t", "yes", "y", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0"), False),
}
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?")
_INTEGER = re.compile(r"[+-]?\d{1,19}(?:\.0*)?")
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::([0-5]\d)(?:[.,](\d+))?)?)? ?(Z|z|UTC|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,  # else digits of other scripts would be passed on in what becomes of it
)
_MILLISECONDS_FROM = 100_000_000_000  # as seconds that would be past the year 5138
_MOST_CACHED = 20_000
_HOUR = len("2024-10-12 10")
_SECOND = len("2024-10-12 10:49:54")
_LAST_IN_HOUR = timedelta(minutes=59, seconds=59)


class MisfitError(ValueError):
    """A value that its type can't hold."""


def to_text(value: Any) -> str:  # noqa: ANN401
    """Return a text, or a number or truth value as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal, float)):
        return str(value)
    raise MisfitError


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
    raise MisfitError


def to_integer(value: Any) -> int | None:  # noqa: ANN401
    """Return an integer of at most 64 bits, also from a text or from a number without a fraction."""
    if type(value) is int:
        number = value
    elif isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if _INTEGER.fullmatch(text) is None:
            raise MisfitError
        number = int(text.partition(".")[0])
    elif isinstance(value, (Decimal, float)) and abs(float(value)) < _BEYOND_INTEGERS and value == int(value):
        number = int(value)
    else:
        raise MisfitError
    if not -_LARGEST_INTEGER - 1 <= number <= _LARGEST_INTEGER:
        raise MisfitError
    return number


def to_number(value: Any) -> int | Decimal | None:  # noqa: ANN401
    """Return a number, exact, also from a text; a percent sign behind it is dropped."""
    if isinstance(value, bool):
        raise MisfitError
    if isinstance(value, (int, Decimal)):
        return value
    if isinstance(value, float):
        value = repr(value)
    if not isinstance(value, str):
        raise MisfitError
    text = value.strip()
    if not text:
        return None
    text = text.removesuffix("%").rstrip()
    if _NUMBER.fullmatch(text) is None:
        raise MisfitError
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern lets none through
        raise MisfitError from None


def to_fraction(value: Any) -> Decimal | None:  # noqa: ANN401
    """Return a number that shows a decimal point even if it is whole, so that an array of them is of one kind."""
    number = to_number(value)
    if number is None:
        return None
    text = str(number)
    return Decimal(text) if "." in text or "E" in text else Decimal(f"{text}.0")


def to_date(value: Any) -> str | None:  # noqa: ANN401
    """Return a calendar date as YYYY-MM-DD, also from a stamp at midnight."""
    if not isinstance(value, str):
        raise MisfitError
    text = value.strip()
    if not text:
        return None
    day, rest = text[:10], text[10:].lstrip("T ")
    if rest.rstrip("Z").strip("0:.") or len(day) < len("YYYY-MM-DD"):
        raise MisfitError
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise MisfitError from None


def _kept(cache: dict[Any, str]) -> dict[Any, str]:
    """Return a cache with room for one more."""
    if len(cache) >= _MOST_CACHED:
        cache.clear()
    return cache


_ENDS = {f":{minute:02}:{second:02}": f":{minute:02}:{second:02}+00:00" for minute in range(60) for second in range(60)}


class Instants:
    """Converts stamps to RFC 3339 in UTC, as `2024-10-12T10:49:54+00:00`, at the precision they came in.

    Taken are naive stamps of a given zone (`2024-10-12 10:49:54`), stamps with an offset or `Z`, dates (their
    midnight) and Unix times in seconds or milliseconds. In the hour that a zone runs through twice a naive stamp is
    taken for its first pass, since nothing tells them apart.
    """

    def __init__(self, zone: ZoneInfo = UTC_ZONE) -> None:
        """Prepare for one zone of naive stamps."""
        self._zone = zone
        # An offset changes only at full minutes, and once an hour at most. So most hours are worked out once, by the
        # text of the hour and of the offset; minutes, where the hour is not enough.
        self._hours: dict[str, str] = {}
        self._minutes: dict[tuple[str, str | None, str | None], str] = {}

    def __call__(self, value: Any) -> str | None:  # noqa: ANN401
        """Convert one value."""
        try:
            return self._hours[value[:_HOUR] + value[_SECOND:]] + _ENDS[value[_HOUR:_SECOND]]
        except (KeyError, TypeError):
            return self._convert(value)

    def cells(self, cells: Iterable[str | None], *, otherwise: Callable[[str], Any]) -> list[Any]:
        """Convert many texts at once; empty ones and null become null.

        Args:
            cells: The texts.
            otherwise: Converts those that need more than a look at what was converted before.
        """
        hour, end = self._hours.get, _ENDS.get
        return [
            None
            if not cell
            else before + after
            if (before := hour(cell[:_HOUR] + cell[_SECOND:])) and (after := end(cell[_HOUR:_SECOND]))
            else otherwise(cell)
            for cell in cells
        ]

    def _convert(self, value: Any) -> str | None:  # noqa: ANN401
        if not isinstance(value, str):
            return self._epoch(value)
        match = _STAMP.fullmatch(value)
        if match is None:
            text = value.strip()
            if not text:
                return None
            if _EPOCH.fullmatch(text):
                return self._epoch(Decimal(text))
            match = _STAMP.fullmatch(text)
            if match is None:
                raise MisfitError
            value = text
        day, minute, second, fraction, offset = match.groups()
        key = (day, minute, offset)
        start = self._minutes.get(key)
        if start is None:
            start = self._minute(*key)
            _kept(self._minutes)[key] = start
        if second and not fraction:
            self._learn_hour(value, day, start, offset)
        fraction = f".{fraction[:6]}" if fraction else ""
        return f"{start}:{second or '00'}{fraction}+00:00"

    def _learn_hour(self, value: str, day: str, start: str, offset: str | None) -> None:
        """Note what the hour of a stamp becomes, if that is an hour as well."""
        hour = datetime.fromisoformat(f"{day}T{value[_HOUR - 2 : _HOUR]}:00").replace(tzinfo=self._zone_of(offset))
        shift = hour.utcoffset()
        if shift is None or shift % timedelta(hours=1) or (hour + _LAST_IN_HOUR).utcoffset() != shift:
            return
        _kept(self._hours)[value[:_HOUR] + value[_SECOND:]] = start[:_HOUR]

    def _minute(self, day: str, minute: str | None, offset: str | None) -> str:
        try:
            naive = datetime.fromisoformat(f"{day}T{minute or '00:00'}")
            return f"{naive.replace(tzinfo=self._zone_of(offset)).astimezone(timezone.utc):%Y-%m-%dT%H:%M}".zfill(16)
        except (ValueError, OverflowError):
            raise MisfitError from None

    def _zone_of(self, offset: str | None) -> ZoneInfo | timezone:
        if offset is None:
            return self._zone
        if offset in {"Z", "z", "UTC"}:
            return timezone.utc
        digits = offset[1:].replace(":", "").ljust(4, "0")
        span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-span if offset[0] == "-" else span)

    @staticmethod
    def _epoch(value: Any) -> str:  # noqa: ANN401
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            raise MisfitError
        try:
            seconds = value / 1000 if value >= _MILLISECONDS_FROM else value
            stamp = datetime.fromtimestamp(0, timezone.utc) + timedelta(seconds=float(seconds))
        except (ValueError, OverflowError):
            raise MisfitError from None
        return stamp.isoformat()


def parse_instant(text: str) -> datetime:
    """Read back an instant that Instants wrote, aware and in UTC."""
    return datetime.fromisoformat(text).astimezone(timezone.utc)
