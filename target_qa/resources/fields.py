"""The fields of what is sent to a vendor, and how values of any source become them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tap_qa import json_codec
from tap_qa.records.convert import InvalidValueError, to_number, to_text
from tap_qa.records.timestamps import TimestampParser, parse_instant, zulu
from target_qa.resources.columns import typed

if TYPE_CHECKING:
    from collections.abc import Callable

Values = dict[str, Any]
"""The fields of one thing to send, by name; what has no value is left out."""

_read_instant = TimestampParser()
_MAX_ID_DIGITS = 100
_LEADING_ELSEWHERE = frozenset({".", ".."})


class RecordRejectedError(Exception):
    """A record can't be sent; its text says why, without a value."""

    def __init__(self, field: str, reason: str) -> None:
        """Note the field, as the sink calls it, and what is wrong with it."""
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class Field:
    """One field that a vendor takes."""

    name: str
    convert: Callable[[Any], Any]
    """Turns a source's value that is not null into what is sent, or raises InvalidValueError; None means no value."""

    expected: str
    """What its values must be, to follow "is not"."""

    required: bool = True

    def value(self, given: Any, schema: Any) -> Any:  # noqa: ANN401 - whatever it converts to
        """Return what is sent, None if there is nothing to send.

        Args:
            given: What the record holds.
            schema: The column's JSON schema.

        Raises:
            RecordRejectedError: It is required and missing, or of another form.
        """
        try:
            given = typed(given, schema)
            value = None if given is None else self.convert(given)
        except InvalidValueError:
            raise RecordRejectedError(self.name, f"is not {self.expected}") from None
        if value is None and self.required:
            raise RecordRejectedError(self.name, "is missing" if given is None else "is empty")
        return value


def text(value: Any) -> str | None:  # noqa: ANN401
    """Take a text, or a number as text, `123.0` as `123`; blanks alone are no text."""
    if isinstance(value, (float, Decimal)):
        exact = Decimal(str(value))
        if exact.is_finite() and exact.adjusted() < _MAX_ID_DIGITS and exact == exact.to_integral_value():
            value = int(exact)
    found = to_text(value)
    return found if found.strip() else None


def path_id(value: Any) -> str | None:  # noqa: ANN401
    """Take a text that can stand in a URL's path: `.` and `..` would lead to something else."""
    found = text(value)
    if found is not None and found.strip() in _LEADING_ELSEWHERE:
        raise InvalidValueError
    return found


def number(value: Any) -> int | Decimal | None:  # noqa: ANN401
    """Take a number, or a text that is one."""
    return to_number(value)


def instant(value: Any) -> str | None:  # noqa: ANN401
    """Take a date and time, or a date; without a zone it is UTC. Returns it as `2020-01-01T12:00:00Z`."""
    given = value.isoformat() if isinstance(value, date) else value
    if not isinstance(given, str):
        raise InvalidValueError
    written = _read_instant(given)
    if written is None:
        return None
    return zulu(parse_instant(written))


def json_value(value: Any) -> Any:  # noqa: ANN401
    """Take any value; a text that holds a JSON object, as some taps give a JSON column, is that object."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    if value.lstrip().startswith("{"):
        try:
            return json_codec.decode(value.encode())
        except json_codec.BodyError:
            return value
    return value


def json_object(value: Any) -> dict[str, Any] | None:  # noqa: ANN401
    """Take a JSON object, also as a text."""
    found = json_value(value)
    if found is None or isinstance(found, dict):
        return found
    raise InvalidValueError


def text_list(value: Any) -> list[str] | None:  # noqa: ANN401
    """Take a list of texts: an array, a text that holds a JSON array, or one with commas, quoted as in CSV or not."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json_codec.decode(value.encode())
        except json_codec.BodyError:
            raise InvalidValueError from None
    if isinstance(value, str):
        value = _split(value)
    if not isinstance(value, list):
        raise InvalidValueError
    return [found.strip() for item in value if item is not None and (found := text(item))] or None


def _split(value: str) -> list[str]:
    if value.lstrip().startswith("{"):  # an array as PostgreSQL writes it: its rules of quoting are others
        raise InvalidValueError
    try:
        return next(csv.reader([value], skipinitialspace=True, strict=True), [])
    except csv.Error:
        raise InvalidValueError from None


def comma_separated(value: Any) -> str | None:  # noqa: ANN401
    """Take a list of texts in any of its forms and return it as one text with commas, which no item may hold."""
    found = text_list(value)
    if found is not None and any("," in item for item in found):
        raise InvalidValueError
    return None if found is None else ",".join(found)
