"""JSON objects that people hand over: read strictly, since a lenient reader loses what they meant.

Nothing here quotes what it reads: it may hold secrets.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

_MAX_NAME_CHARS = 80


class JSONObjectError(ValueError):
    """A text is no JSON object; the message says why, as a sentence without a subject."""


def decode_utf8(data: bytes) -> str:
    """Return a text that is UTF-8, with or without a byte order mark.

    Raises:
        JSONObjectError: It is something else.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        problem = "is UTF-16 or UTF-32; save it as UTF-8."
        raise JSONObjectError(problem)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"is not UTF-8 in line {line}; save it as UTF-8."
        raise JSONObjectError(problem) from None


def parse_object(text: str) -> dict[str, Any]:
    """Return the object that a text holds.

    Raises:
        JSONObjectError: It holds none, a name twice, or a number that is none (NaN, Infinity).
    """
    value = parse_strictly(text)
    if not isinstance(value, dict):
        problem = "holds no JSON object."
        raise JSONObjectError(problem)
    return value


def parse_strictly(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Return what a JSON text holds.

    Raises:
        JSONObjectError: It is no JSON, holds a name twice in one object, or a number that is none.
    """
    if not text.strip():
        problem = "is empty."
        raise JSONObjectError(problem)
    try:
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        problem = f"is no JSON from line {error.lineno} on."
        raise JSONObjectError(problem) from None
    except RecursionError:
        problem = "is nested too deeply."
        raise JSONObjectError(problem) from None
    except JSONObjectError:
        raise
    except ValueError:  # a whole number of thousands of digits
        problem = "holds a number that is too long."
        raise JSONObjectError(problem) from None


def shown(name: object) -> str:
    """Return a name as a log may show it: short, and on one line."""
    text = f"{name!s:.{_MAX_NAME_CHARS}}"
    return text if text.isprintable() else ascii(text)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        problem = f"gives {shown(twice)} twice in one object; what the first one says would be lost."
        raise JSONObjectError(problem)
    return made


def _refuse_constant(name: str) -> NoReturn:
    problem = f"holds {name}, which is no number of JSON."
    raise JSONObjectError(problem)
