"""Reading and writing JSON bodies without losing a digit or a character.

Numbers with a fraction become `Decimal`, integers stay exact at any size. What a PostgreSQL text can't hold is mended
here, once for all vendors: NUL characters are dropped and lone surrogates become U+FFFD.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import msgspec

_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode
_SUSPECT = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]|\x00")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class BodyError(ValueError):
    """A body is not the JSON that it should be."""


def decode(body: bytes) -> Any:  # noqa: ANN401 - JSON is anything
    """Read a JSON text.

    Args:
        body: The bytes, in UTF-8, with or without a byte order mark.

    Raises:
        BodyError: It is no JSON; the message holds nothing of the body.
    """
    text = body[3:] if body.startswith(b"\xef\xbb\xbf") else body
    if _SUSPECT.search(text) is None:
        try:
            return _decode(text)
        except msgspec.DecodeError:
            pass
    # The slow way: NaN and Infinity become null, odd characters are mended.
    try:
        return mended(json.loads(text.decode("utf-8"), parse_float=Decimal, parse_constant=lambda _: None))
    except UnicodeDecodeError as error:
        msg = f"its byte {error.start} is not UTF-8"
        raise BodyError(msg) from None
    except (ValueError, RecursionError) as error:
        position = getattr(error, "pos", None)
        msg = "it is nested too deeply" if position is None else f"it is no JSON from character {position} on"
        raise BodyError(msg) from None


def encode(value: Any) -> bytes:  # noqa: ANN401 - JSON is anything
    """Write a JSON text in UTF-8; a Decimal keeps its digits."""
    return _encode(value)


def mended(value: Any) -> Any:  # noqa: ANN401
    """Return a JSON value with the characters replaced that no database takes."""
    if isinstance(value, str):
        return mended_text(value)
    if isinstance(value, list):
        return [mended(item) for item in value]
    if isinstance(value, dict):
        return {mended_text(key): mended(item) for key, item in value.items()}
    return value


def mended_text(text: str) -> str:
    """Drop NUL characters and replace lone surrogates by U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text.replace("\x00", ""))
