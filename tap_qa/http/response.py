"""Reads response bodies as JSON; its errors say whether a retry may help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from tap_qa import json_codec
from tap_qa.http.attempt_errors import BrokenTextError, UnreadableResponseError
from tap_qa.http.text_repair import repairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from msgspec import Raw

    from tap_qa.http.request import Response

T = TypeVar("T")


def decode_json(response: Response) -> Any:  # noqa: ANN401 - JSON is anything
    """Read a response's body as JSON.

    Raises:
        BrokenTextError: It is, but for bytes that are no UTF-8, which this response may not replace.
        UnreadableResponseError: It is none. Worth a retry.
    """
    return _readable(response, json_codec.decode)


def split_json(response: Response) -> dict[str, Raw] | Raw | None:
    """Split an object into its fields, undecoded, or return an array as it is; None if the response is neither.

    Raises:
        BrokenTextError: It is JSON, but for bytes that are no UTF-8, which this response may not replace.
        UnreadableResponseError: It is no JSON. Worth a retry.
    """
    return _readable(response, json_codec.split)


def _readable(response: Response, read: Callable[[bytes], T]) -> T:
    try:
        return read(response.body)
    except json_codec.BodyError as error:
        failure = error
    what = f"an answer of {len(response.body)} bytes that is not the JSON it should be: {failure}"
    for repaired in repairs(response.body):
        if repaired.replaced_bytes and not response.may_replace_bytes:
            raise BrokenTextError(what) from failure
        try:
            value = read(repaired.body)
        except json_codec.BodyError:
            continue
        response.repaired_texts.update(repaired.texts)
        return value
    raise UnreadableResponseError(what) from failure
