"""Reading answers, in terms of whether another try may bring a better one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from tap_qa.http import body as json_body
from tap_qa.http.failures import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from msgspec import Raw

    from tap_qa.http.call import Answer

T = TypeVar("T")


def decode_json(answer: Answer) -> Any:  # noqa: ANN401 - JSON is anything
    """Read an answer's body as JSON.

    Raises:
        UnreadableError: It is none. Worth a further try.
    """
    return _readable(answer, json_body.decode)


def split_json(answer: Answer) -> dict[str, Raw] | Raw | None:
    """Take an object apart, one level deep, or return an array as it is; None if the answer is neither.

    Raises:
        UnreadableError: It is no JSON. Worth a further try.
    """
    return _readable(answer, json_body.split)


def _readable(answer: Answer, read: Callable[[bytes], T]) -> T:
    try:
        return read(answer.body)
    except json_body.BodyError as error:
        what = f"an answer of {len(answer.body)} bytes that is not the JSON it should be: {error}"
        raise UnreadableError(what) from error
