"""Reading JSON bodies without losing a digit or a character, and without touching more of them than need be.

Numbers with a fraction become `Decimal`, integers stay exact at any size. What a PostgreSQL text can't hold is repaired
here, once for all vendors: NUL characters are dropped and lone surrogates become U+FFFD.
"""

from __future__ import annotations

import codecs
import json
import math
import re
import sys
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Raw

_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_split_object = msgspec.json.Decoder(dict[str, Raw]).decode
_whole = msgspec.json.Decoder(Raw).decode
_split_array = msgspec.json.Decoder(list[Raw]).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode
# Broken UTF-8, too deep a nesting and an exponent of twenty digits come as exceptions of their own.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ARRAY = re.compile(rb"\s*\[")
_PIECE_BYTES = 1 << 16
_Utf8Decoder = codecs.getincrementaldecoder("utf-8")
_NUL = b"\\u0000"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


MAX_INTEGER_DIGITS = 4000
"""An integer of more digits is out of all bounds: Python, which most targets are written in, reads none of 4,301."""

_MAX_INTEGER_BITS = 13_288  # of the largest integer of 4,000 digits
_SAFE_EXPONENT = 300
_MAX_FLOAT = Decimal(sys.float_info.max)


class BodyError(ValueError):
    """A body is not the JSON that it should be."""


def decode(body: bytes | Raw) -> Any:  # noqa: ANN401 - JSON is anything
    """Read a JSON text.

    Args:
        body: The bytes, in UTF-8, with or without a byte order mark.

    Raises:
        BodyError: It is no JSON; the message holds nothing of the body.
    """
    text = _text(body)
    if not _may_have_nul(text):
        try:
            return _decode(text)
        except UNREADABLE:
            pass
    # The slow way: NaN and Infinity become null, numbers out of all bounds become texts, odd characters are repaired.
    try:
        return _sanitize(
            json.loads(text.decode("utf-8"), parse_int=_integer, parse_float=_decimal, parse_constant=_null)
        )
    except UnicodeDecodeError as error:
        msg = f"its byte {error.start} is not UTF-8"
        raise BodyError(msg) from None
    except (ValueError, RecursionError) as error:
        position = getattr(error, "pos", None)
        msg = "it is nested too deeply" if position is None else f"it is no JSON from character {position} on"
        raise BodyError(msg) from None


def split(body: bytes) -> dict[str, Raw] | Raw | None:
    """Take a JSON object apart, one level deep; its parts stay bytes, and so does an array as a whole.

    Returns:
        The parts, or the array; None if the text is neither an object nor an array.

    Raises:
        BodyError: It is no JSON, as far as that shows without a look into the parts.
    """
    text = _text(body)
    if not _may_have_nul(text):
        try:
            _check(text)  # the parts' bytes are not looked at below, and must not turn out unreadable later on
            return _whole(text) if _ARRAY.match(text) else _split_object(text)
        except UNREADABLE:
            pass
    value = decode(text)
    if isinstance(value, dict):
        return {name: encode(part) for name, part in value.items()}
    return encode(value) if isinstance(value, list) else None


def _may_have_nul(text: bytes) -> bool:
    return b"\\" in text and _NUL in text  # a single byte is found much faster, and mostly is not there


def _text(body: bytes | Raw) -> bytes:
    text = body if isinstance(body, bytes) else bytes(body)
    return text.removeprefix(_BYTE_ORDER_MARK)


def _check(text: bytes) -> None:
    """Make sure that a text is UTF-8, a piece at a time: as a whole it may take four times the memory of its bytes."""
    if text.isascii():
        return
    decoder = _Utf8Decoder()
    for start in range(0, len(text), _PIECE_BYTES):
        decoder.decode(text[start : start + _PIECE_BYTES])
    decoder.decode(b"", final=True)


def split_array(part: Raw) -> list[Raw]:
    """Take an array apart that `split` found.

    Raises:
        BodyError: It is none.
    """
    try:
        return _split_array(part)
    except UNREADABLE:
        msg = "what should be an array is none"
        raise BodyError(msg) from None


def encode(value: Any) -> Raw:  # noqa: ANN401 - any JSON
    """Write a JSON text in UTF-8; a Decimal keeps its digits."""
    return Raw(_encode(value))


def is_bounded(number: float | Decimal) -> bool:
    """Return whether every reader of JSON can hold a number: Python and databases read `1e999` as infinity."""
    if isinstance(number, int):
        return number.bit_length() <= _MAX_INTEGER_BITS
    if isinstance(number, float):
        return math.isfinite(number)
    if number.adjusted() <= _SAFE_EXPONENT:
        return True
    _, digits, exponent = number.as_tuple()
    return len(digits) <= MAX_INTEGER_DIGITS if exponent == 0 else number.copy_abs() <= _MAX_FLOAT


def bounded(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a value in which numbers out of all bounds are texts; containers are changed in place."""
    if isinstance(value, (int, float, Decimal)):
        return value if is_bounded(value) else str(value)
    containers = [value]
    while containers:  # no recursion: values may be nested deeply
        container = containers.pop()
        if not isinstance(container, (dict, list)):
            continue
        items: Any = container.items() if isinstance(container, dict) else enumerate(container)
        for place, item in items:
            if isinstance(item, (dict, list)):
                containers.append(item)
            elif isinstance(item, (int, float, Decimal)) and not is_bounded(item):
                container[place] = str(item)
    return value


def _null(_text: str) -> None:
    return None


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= MAX_INTEGER_DIGITS else text


def _decimal(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _sanitize(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return sanitize_text(value)
    if isinstance(value, list):
        return [_sanitize(item) for item in value]
    if isinstance(value, dict):
        return {sanitize_text(key): _sanitize(item) for key, item in value.items()}
    return value


def sanitize_text(text: str) -> str:
    """Drop NUL characters and replace lone surrogates by U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text.replace("\x00", ""))
