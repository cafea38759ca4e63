"""Finishing what a decoder could not: stamps into UTC, numbers that stay as they stand.

It is done for a column of many rows at once, since a call of Python for each cell would cost more than to decode it.
A `Finish` takes the values of a column, null among them. It returns what they become, or None if they stay as they
are; it raises MisfitError if any of them is not for the quick way.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from itertools import chain, repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, Raw

from tap_qa.http import body as json_body
from tap_qa.http.body import MOST_DIGITS
from tap_qa.values import MisfitError, to_date, to_fraction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tap_qa.values import Instants

Finish = Callable[["Sequence[Any]"], "Sequence[Any] | None"]

_MOST_KNOWN = 5_000
_PLAIN = b"0123456789.-,null"
_NUMBERS = re.compile(rb"(?:(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,4})?|null),)*")
_ENDLESS_NUMBER = re.compile(rb"\d{%d}" % MOST_DIGITS)
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Known(dict[Any, Any]):
    """What a function made of the last values: the same few come again and again."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        """Start with none."""
        super().__init__()
        self._convert = convert

    def __missing__(self, value: Any) -> Any:  # noqa: ANN401
        """Make it now."""
        if len(self) >= _MOST_KNOWN:
            self.clear()
        result = self[value] = self._convert(value)
        return result


def stamps(instants: Instants) -> Finish:
    """Finish instants."""
    return lambda values: instants.cells(values, otherwise=instants)


def dates() -> Finish:
    """Finish calendar dates."""
    known = Known(lambda text: None if text is None else to_date(text))
    look_up = known.__getitem__
    return lambda values: list(map(look_up, values))


def number_arrays() -> Finish:
    """Finish arrays of numbers, each of them as it was written, so that all numbers show a decimal point."""
    look_up = Known(_number_array).__getitem__
    return lambda values: list(map(look_up, map(bytes, values)))


def _number_array(text: bytes) -> Raw:
    values = json_body.decode(text)
    if values is None:
        return Raw(text)
    if not isinstance(values, list) or any(isinstance(value, (str, bool)) for value in values):
        raise MisfitError
    return json_body.encode([None if value is None else to_fraction(value) for value in values])


def numbers(values: Sequence[Any]) -> None:
    """Check numbers that stay as they were written; each is some valid JSON, which only may be of another type."""
    if max(map(len, values), default=0) > MOST_DIGITS:
        raise MisfitError
    text = b",".join(values)
    if text.translate(None, _PLAIN) and _NUMBERS.fullmatch(text + b",") is None:
        raise MisfitError


def as_they_stand(values: Sequence[Any]) -> None:
    """Take whatever comes, digit by digit, if it is one line of JSON in which nothing may have to be mended."""
    text = b",".join(values)
    if b"\n" in text or b"\r" in text or _ESCAPED_SURROGATE.search(text):
        raise MisfitError
    if len(text) > MOST_DIGITS and _ENDLESS_NUMBER.search(text):
        raise MisfitError


def objects_as_they_stand(values: Sequence[Any]) -> None:
    """Take objects, or null, with all that is in them."""
    if any(bytes(value)[:1] not in {b"{", b"n"} for value in values):
        raise MisfitError
    as_they_stand(values)


def arrays_of(finish: Finish) -> Finish:
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

    def __init__(self, finishes: Mapping[str, Finish], *, may_lack_fields: bool) -> None:
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
