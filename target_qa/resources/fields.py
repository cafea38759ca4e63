"""The fields of what is sent to a vendor, and how values of any source become them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tap_qa import json_codec
from tap_qa.records.convert import InvalidValueError, to_number, to_text
from tap_qa.records.timestamps import TimestampParser, parse_instant, zulu

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

Values = dict[str, Any]
"""The fields of one thing to send, by name; what has no value is left out."""

_read_instant = TimestampParser()
_NO = frozenset({"", "0", "f", "false", "n", "no"})


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
    aliases: tuple[str, ...] = ()
    """Other columns that it is taken from, unless a mapping or a column of its own name says otherwise."""

    def value(self, record: Mapping[str, Any], column: str | None) -> Any:  # noqa: ANN401 - whatever it converts to
        """Return its value in a record, None if there is none.

        Raises:
            RecordRejectedError: It is required and missing, or of another form.
        """
        given = None if column is None else record.get(column)
        try:
            value = None if given is None else self.convert(given)
        except InvalidValueError:
            raise RecordRejectedError(self.name, f"is not {self.expected}") from None
        if value is None and self.required:
            raise RecordRejectedError(self.name, "is missing" if given is None else "is empty")
        return value


def text(value: Any) -> str | None:  # noqa: ANN401
    """Take a text, or a number as text; blanks alone are no text."""
    found = to_text(value)
    return found if found.strip() else None


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
    """Take a list of texts: an array, a text that holds a JSON array, or one with commas."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json_codec.decode(value.encode())
        except json_codec.BodyError:
            raise InvalidValueError from None
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        raise InvalidValueError
    return [found.strip() for item in value if item is not None and (found := text(item))] or None


def comma_separated(value: Any) -> str | None:  # noqa: ANN401
    """Take a list of texts in any of its forms and return it as one text with commas."""
    found = text_list(value)
    return None if found is None else ",".join(found)


def deletion_flag(value: Any) -> bool:  # noqa: ANN401
    """Take a truth value, or a time that stands for true, as `_sdc_deleted_at`."""
    return str(value).strip().lower() not in _NO
