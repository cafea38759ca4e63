"""What a column's type in its SCHEMA says of its values, whatever spelling a tap gives them."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

from tap_qa.records.convert import InvalidValueError, to_boolean, to_number
from tap_qa.records.timestamps import TimestampParser

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Schema = Any
"""A column's JSON schema: an object, if the tap keeps to the rules."""

_read_instant = TimestampParser()
_INTEGER = re.compile(r"0|-?[1-9]\d{0,99}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,6}0*)?)?(?: ?[Z+-].*)?", re.ASCII)
_MIDNIGHT = "T00:00:00"


def typed(value: Any, schema: Schema) -> Any:  # noqa: ANN401 - JSON is anything
    """Return a value with texts that stand for numbers as numbers, inside objects and lists, too.

    Taps of databases write decimals as texts and say so in the SCHEMA (`format: singer.decimal` and the like).

    Raises:
        InvalidValueError: What should be a number is none.
    """
    if isinstance(value, str):
        return to_number(value) if is_number(schema) else value
    if isinstance(value, dict):
        columns = _merged(schema, "properties")
        return {name: typed(part, columns.get(name)) for name, part in value.items()} if columns else value
    if isinstance(value, list):
        items = _merged(schema, "items")
        return [typed(item, items) for item in value] if items else value
    return value


def is_number(schema: Schema) -> bool:
    """Return whether a column holds nothing but numbers, be they written as texts."""
    if any(str(variant.get("format", "")).lower().endswith("decimal") for variant in _variants(schema)):
        return True
    return _holds_only(schema, {"number", "integer"})


def canonical_key(value: Any, schema: Schema) -> Any:  # noqa: ANN401 - JSON is anything
    """Return a value of a key in the one spelling that all taps' spellings of it share.

    An instant is written in UTC without a fraction of zeros, midnight as its date; a text that is an integer as one; a
    UUID in lower case; a truth value as such in a column of them. All other texts differ if a character does.
    """
    if _holds_only(schema, {"boolean"}):
        with contextlib.suppress(InvalidValueError):
            return to_boolean(value)
    if not isinstance(value, str):
        return value
    if is_number(schema):
        with contextlib.suppress(InvalidValueError):
            return to_number(value)
    if _INTEGER.fullmatch(value):
        return int(value)
    formats = {variant.get("format") for variant in _variants(schema)}
    if "uuid" in formats:
        return value.strip("{}").lower()
    text = value.strip().upper()
    is_instant = _INSTANT.fullmatch(text) or (_DATE.fullmatch(text) and formats & {"date", "date-time"})
    return (_canonical_instant(text) if is_instant else None) or value


def _canonical_instant(text: str) -> str | None:
    try:
        written = _read_instant(text)
    except InvalidValueError:
        return None
    if written is None:
        return None
    second, _, fraction = written.removesuffix("+00:00").partition(".")
    fraction = fraction.rstrip("0")
    return f"{second}.{fraction}Z" if fraction else f"{second}Z".removesuffix(f"{_MIDNIGHT}Z")


def _variants(schema: Schema) -> Iterator[Mapping[str, Any]]:
    if not isinstance(schema, dict):
        return
    yield schema
    for name in ("anyOf", "oneOf", "allOf"):
        several = schema.get(name)
        for variant in several if isinstance(several, list) else ():
            yield from _variants(variant)


def _holds_only(schema: Schema, kinds: set[str]) -> bool:
    types = {name for variant in _variants(schema) for name in _types(variant)} - {"null"}
    return bool(types) and types <= kinds


def _types(schema: Mapping[str, Any]) -> list[str]:
    declared = schema.get("type", [])
    return declared if isinstance(declared, list) else [declared]


def _merged(schema: Schema, name: str) -> dict[str, Any]:
    """Return what a schema's variants say under a name, as one object."""
    found: dict[str, Any] = {}
    for variant in _variants(schema):
        part = variant.get(name)
        found.update(part if isinstance(part, dict) else {})
    return found
