"""Timestamps of vendors, and their UTC form."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tap_qa.json_codec import is_bounded
from tap_qa.records.convert import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import tzinfo

UTC_ZONE = ZoneInfo("UTC")
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}|253\d{12}")
_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::([0-5]\d)(?:[.,](\d+))?)?)? ?(Z|z|UTC|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,  # else digits of other scripts would be passed on in what becomes of it
)
_MILLISECONDS_FROM = 100_000_000_000  # as seconds that would be past the year 5138
_YEAR_9999 = range(253_370_764_800, 253_402_300_800)  # in seconds: a usual stand-in for "never"
_MAX_CACHED = 5_000
_MAX_SUFFIXES = 16
_OFFSET = re.compile(r"Z|[+-]\d\d(?::?\d\d)?", re.ASCII)
_HOUR = len("2024-10-12 10")
_SECOND = len("2024-10-12 10:49:54")
_FULL_MINUTES_FROM = "1973"
"""The last zone whose offset had seconds gave them up in 1972."""

_LAST_IN_HOUR = timedelta(minutes=59, seconds=59)


def to_utc(local: datetime, zone: tzinfo) -> datetime:
    """Return the instant of a naive local time.

    In the hour that clocks show twice it is the first pass, since nothing distinguishes both; a time that clocks skip
    is read by the offset before the change.
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)


def _bounded(cache: dict[Any, str]) -> dict[Any, str]:
    """Return a cache with room for one more."""
    if len(cache) >= _MAX_CACHED:
        cache.clear()
    return cache


_ENDS = {f":{minute:02}:{second:02}": f":{minute:02}:{second:02}+00:00" for minute in range(60) for second in range(60)}


class TimestampParser:
    """Converts timestamps to RFC 3339 in UTC, as `2024-10-12T10:49:54+00:00`, at the precision they came in.

    Taken are naive timestamps of a given zone (`2024-10-12 10:49:54`), timestamps with an offset or `Z`, dates (their
    midnight) and Unix times in seconds or milliseconds. In the hour that a zone runs through twice a naive timestamp is
    taken for its first pass, since nothing distinguishes them.
    """

    def __init__(self, zone: ZoneInfo = UTC_ZONE) -> None:
        """Prepare for one zone of naive timestamps."""
        self._zone = zone
        # An offset changes only at full minutes, and once an hour at most. So most hours are worked out once, by the
        # text of the hour and of the offset; minutes, where the hour is not enough.
        self._hours: dict[str, str] = {}
        self._minutes: dict[tuple[str, str | None, str | None], str] = {}
        # The same once more for the offset that a column's timestamps end on, so that each takes two looks only.
        self._by_suffix: dict[str, tuple[dict[str, str], Mapping[str, str]]] = {"": ({}, _ENDS)}

    def __call__(self, value: Any) -> str | None:  # noqa: ANN401
        """Convert one value."""
        try:
            return self._hours[value[:_HOUR] + value[_SECOND:]] + _ENDS[value[_HOUR:_SECOND]]
        except (KeyError, TypeError):
            return self._convert(value)

    def instant(self, value: Any) -> datetime | None:  # noqa: ANN401 - whatever a vendor or a person wrote
        """Return the instant that a value is, aware and in UTC; None if it is null or no timestamp."""
        try:
            written = self(value)
        except InvalidValueError:
            return None
        return None if written is None else parse_instant(written)

    def cells(self, cells: Sequence[str | None], *, otherwise: Callable[[str], Any]) -> list[Any]:
        """Convert many texts at once; empty ones and null become null.

        Args:
            cells: The texts.
            otherwise: Converts those that need more than a look at what was converted before.
        """
        suffix = (next(filter(None, cells), None) or "")[_SECOND:]
        if suffix not in self._by_suffix:
            suffix = self._with_suffix(suffix)
        hours, ends = self._by_suffix[suffix]
        hour, end = hours.get, ends.get

        def learn(cell: str) -> Any:  # noqa: ANN401
            value = otherwise(cell)
            start = self._hours.get(cell[:_HOUR] + suffix)
            if start is not None:
                _bounded(hours)[cell[:_HOUR]] = start
            return value

        return [
            None
            if not cell
            else before + after
            if (after := end(cell[_HOUR:])) and (before := hour(cell[:_HOUR]))
            else learn(cell)
            for cell in cells
        ]

    def _with_suffix(self, suffix: str) -> str:
        """Prepare for timestamps that end as a column's first does; return "" if that is no offset."""
        if _OFFSET.fullmatch(suffix) is None:
            return ""
        if len(self._by_suffix) >= _MAX_SUFFIXES:
            self._by_suffix = {"": self._by_suffix[""]}
        self._by_suffix[suffix] = {}, {end + suffix: in_utc for end, in_utc in _ENDS.items()}
        return suffix

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
                raise InvalidValueError
            value = text
        day, minute, second, fraction, offset = match.groups()
        if day < _FULL_MINUTES_FROM:
            instant = self._instant(f"{day}T{minute or '00:00'}:{second or '00'}", offset)
            return f"{instant.isoformat()}{f'.{fraction[:6]}' if fraction else ''}+00:00"
        key = (day, minute, offset)
        start = self._minutes.get(key)
        if start is None:
            start = self._instant(f"{day}T{minute or '00:00'}", offset).isoformat(timespec="minutes")
            if not (second and not fraction and self._cache_hour(value, day, start, offset)):
                _bounded(self._minutes)[key] = start
        fraction = f".{fraction[:6]}" if fraction else ""
        return f"{start}:{second or '00'}{fraction}+00:00"

    def _cache_hour(self, value: str, day: str, start: str, offset: str | None) -> bool:
        """Note what the hour of a timestamp becomes, if that is an hour as well; return whether it is."""
        hour = datetime.fromisoformat(f"{day}T{value[_HOUR - 2 : _HOUR]}:00").replace(tzinfo=self._zone_of(offset))
        shift = hour.utcoffset()
        if shift is None or shift % timedelta(hours=1) or (hour + _LAST_IN_HOUR).utcoffset() != shift:
            return False
        _bounded(self._hours)[value[:_HOUR] + value[_SECOND:]] = start[:_HOUR]
        return True

    def _instant(self, local: str, offset: str | None) -> datetime:
        """Return what a local time is in UTC, without a zone."""
        try:
            return to_utc(datetime.fromisoformat(local), self._zone_of(offset)).replace(tzinfo=None)
        except (ValueError, OverflowError):
            raise InvalidValueError from None

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
            raise InvalidValueError
        if not is_bounded(value):
            raise InvalidValueError
        try:
            is_seconds = value < _MILLISECONDS_FROM or int(value) in _YEAR_9999
            seconds = value if is_seconds else value / 1000
            stamp = datetime.fromtimestamp(0, timezone.utc) + timedelta(seconds=float(seconds))
        except (ValueError, OverflowError):
            raise InvalidValueError from None
        return stamp.isoformat()


def zulu(instant: datetime) -> str:
    """Write an instant as vendors' samples do: `2024-10-12T04:40:35Z`, with milliseconds where there are any."""
    plain = instant.astimezone(timezone.utc).replace(tzinfo=None)
    # Not strftime, which writes the year 999 with three digits.
    return plain.isoformat(timespec="milliseconds" if plain.microsecond // 1000 else "seconds") + "Z"


def parse_instant(text: str) -> datetime:
    """Read back an instant that a TimestampParser wrote, aware and in UTC."""
    return datetime.fromisoformat(text).astimezone(timezone.utc)
