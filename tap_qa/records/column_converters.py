"""Finishing what a decoder could not: timestamps into UTC, numbers that stay as they stand.

It is done for a column of many rows at once, since a call of Python for each cell would cost more than to decode it.
A `ColumnConverter` takes the values of a column, null among them. It returns what they become, or None if they do not
change; it raises InvalidValueError if any of them is not for the fast path.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from itertools import chain, repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, Raw

from tap_qa import json_codec
from tap_qa.records.convert import InvalidValueError, to_date, to_fraction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tap_qa.records.timestamps import TimestampParser

ColumnConverter = Callable[["Sequence[Any]"], "Sequence[Any] | None"]

_CACHE_SIZE = 5_000
_PLAIN = b"0123456789.-,null"
_MAX_NUMBER_CHARACTERS = 300  # longer ones, as those with exponents of three digits, may be out of all bounds
_NUMBERS = re.compile(rb"(?:(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?|null),)*")
_UNBOUNDED_NUMBER = re.compile(rb"\d{%d}|[\[:,]\s*-?[\d.]+[eE]\+?\d{3}" % _MAX_NUMBER_CHARACTERS)
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class BoundedCache(dict[Any, Any]):
    """What a function made of the last values: the same few come again and again."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        """Start with none."""
        super().__init__()
        self._convert = convert

    def __missing__(self, value: Any) -> Any:  # noqa: ANN401
        """Make it now."""
        if len(self) >= _CACHE_SIZE:
            self.clear()
        result = self[value] = self._convert(value)
        return result


def stamps(timestamps: TimestampParser) -> ColumnConverter:
    """Finish instants."""
    return lambda values: timestamps.cells(values, otherwise=timestamps)


def dates() -> ColumnConverter:
    """Finish calendar dates."""
    known = BoundedCache(lambda text: None if text is None else to_date(text))
    look_up = known.__getitem__
    return lambda values: list(map(look_up, values))


def number_arrays() -> ColumnConverter:
    """Finish arrays of numbers, each of them as it was written, so that all numbers show a decimal point."""
    look_up = BoundedCache(_number_array).__getitem__
    return lambda values: list(map(look_up, map(bytes, values)))


def _number_array(text: bytes) -> Raw:
    values = json_codec.decode(text)
    if values is None:
        return Raw(text)
    if not isinstance(values, list) or any(isinstance(value, (str, bool)) for value in values):
        raise InvalidValueError
    return json_codec.encode([None if value is None else to_fraction(value) for value in values])


def numbers(values: Sequence[Any]) -> None:
    """Check numbers that stay as they were written; each is some valid JSON, which only may be of another type."""
    if max(map(len, values), default=0) > _MAX_NUMBER_CHARACTERS:
        raise InvalidValueError
    text = b",".join(values)
    if text.translate(None, _PLAIN) and _NUMBERS.fullmatch(text + b",") is None:
        raise InvalidValueError


def check_raw_json(values: Sequence[Any]) -> None:
    """Take whatever comes, digit by digit, if it is one line of JSON in which nothing may have to be repaired."""
    text = b",".join(values)
    if b"\n" in text or b"\r" in text or _ESCAPED_SURROGATE.search(text):
        raise InvalidValueError
    if _UNBOUNDED_NUMBER.search(b"," + text):
        raise InvalidValueError


def check_raw_objects(values: Sequence[Any]) -> None:
    """Take objects, or null, with all that is in them."""
    if any(bytes(value)[:1] not in {b"{", b"n"} for value in values):
        raise InvalidValueError
    check_raw_json(values)


def arrays_of(finish: ColumnConverter) -> ColumnConverter:
    """Finish arrays whose items are finished by `finish`."""

    def finish_all(arrays: Sequence[Any]) -> Sequence[Any] | None:
        items = list(chain.from_iterable(filter(None, arrays)))
        made = finish(items)
        if made is None:
            return None
        finished = iter(made)
        return [[next(finished) for _ in array] if array else array for array in arrays]

    return finish_all


class Structures:
    """Finishes structures, in place, field by field."""

    def __init__(self, finishes: Mapping[str, ColumnConverter], *, may_lack_fields: bool) -> None:
        """Prepare.

        Args:
            finishes: What finishes each field that needs it.
            may_lack_fields: Whether a field may be missing; else it is null then.
        """
        self._columns = [(field, attrgetter(field), finish) for field, finish in finishes.items()]
        self._may_lack_fields = may_lack_fields

    @property
    def have_work(self) -> bool:
        """Whether there is anything to finish."""
        return bool(self._columns)

    def finish(self, structures: Sequence[Any]) -> None:
        """Finish structures; null ones among them are left alone."""
        present = list(filter(None, structures))
        for field, read, finish in self._columns:
            having = [one for one in present if read(one) is not UNSET] if self._may_lack_fields else present
            made = finish(list(map(read, having)))
            if made is not None:
                deque(map(setattr, having, repeat(field), made), maxlen=0)
