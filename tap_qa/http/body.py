"""Reading JSON bodies without losing a digit or a character, and without touching more of them than need be.

Numbers with a fraction become `Decimal`, integers stay exact at any size. What a PostgreSQL text can't hold is mended
here, once for all vendors: NUL characters are dropped and lone surrogates become U+FFFD.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Raw

_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_split_object = msgspec.json.Decoder(dict[str, Raw]).decode
_split_array = msgspec.json.Decoder(list[Raw]).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode
# Broken UTF-8, too deep a nesting and an exponent of twenty digits come as exceptions of their own.
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NUL = b"\\u0000"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class BodyError(ValueError):
    """A body is not the JSON that it should be."""


def decode(body: bytes | Raw) -> Any:  # noqa: ANN401 - JSON is anything
    """Read a JSON text.

    Args:
        body: The bytes, in UTF-8, with or without a byte order mark.

    Raises:
        BodyError: It is no JSON; the message holds nothing of the body.
    """
    text = bytes(body).removeprefix(_BYTE_ORDER_MARK)
    if _NUL not in text:
        try:
            return _decode(text)
        except _UNREADABLE:
            pass
    # The slow way: NaN, Infinity and numbers out of all bounds become null, odd characters are mended.
    try:
        return _mended(json.loads(text.decode("utf-8"), parse_float=_decimal, parse_constant=lambda _: None))
    except UnicodeDecodeError as error:
        msg = f"its byte {error.start} is not UTF-8"
        raise BodyError(msg) from None
    except (ValueError, RecursionError) as error:
        position = getattr(error, "pos", None)
        msg = "it is nested too deeply" if position is None else f"it is no JSON from character {position} on"
        raise BodyError(msg) from None


def split(body: bytes | Raw) -> dict[str, Raw] | list[Raw] | None:
    """Take a JSON object or array apart, one level deep; its parts stay bytes.

    Returns:
        The parts; None if the text is neither an object nor an array.

    Raises:
        BodyError: It is no JSON, as far as that shows without a look into the parts.
    """
    text = bytes(body).removeprefix(_BYTE_ORDER_MARK)
    if _NUL not in text:
        try:
            text.decode()  # the parts' bytes are not looked at below, and must not turn out unreadable later on
            return _split_array(text) if text.lstrip()[:1] == b"[" else _split_object(text)
        except _UNREADABLE:
            pass
    value = decode(text)
    if isinstance(value, dict):
        return {name: encode(part) for name, part in value.items()}
    return [encode(part) for part in value] if isinstance(value, list) else None


def split_array(part: Raw) -> list[Raw] | None:
    """Take a JSON array apart; None if it is none."""
    parts = split(part)
    return parts if isinstance(parts, list) else None


def encode(value: Any) -> Raw:  # noqa: ANN401
    """Write a value that `decode` read."""
    return Raw(_encode(value))


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None


def _mended(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return mended_text(value)
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {mended_text(key): _mended(item) for key, item in value.items()}
    return value


def mended_text(text: str) -> str:
    """Drop NUL characters and replace lone surrogates by U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text.replace("\x00", ""))
