"""Reading Singer messages, without ever quoting one: they hold personal data."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING, Any, NoReturn

from singer_sdk.singerlib.encoding import GenericSingerReader
from typing_extensions import override

from tap_qa import json_codec
from target_qa.errors import InputError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator

_FORMS: dict[str, dict[str, type]] = {
    "SCHEMA": {"stream": str, "schema": dict},
    "RECORD": {"stream": str, "record": dict},
    "STATE": {"value": object},
    "ACTIVATE_VERSION": {"stream": str, "version": object},
    "BATCH": {"stream": str},
}
_NAMES: dict[type, str] = {str: "text", dict: "object"}


class LineReader(GenericSingerReader[bytes]):
    """Takes a line for a message, in UTF-8 whatever the locale; numbers keep their digits."""

    @property
    @override
    def default_input(self) -> IO[bytes]:
        if sys.stdin is None:
            _refuse("there is none: the standard input is closed.")
        return sys.stdin.buffer

    @override
    def process_lines(
        self, file_input: IO[bytes] | None, callbacks: dict[str, Callable[[dict[str, Any]], None]]
    ) -> Counter[str]:
        lines: Any = _lines(file_input or self.default_input)
        return super().process_lines(lines, callbacks)

    @override
    def deserialize_json(self, line: bytes) -> dict[str, Any]:
        try:
            line.decode("utf-8")
            found = json_codec.decode(line)
        except UnicodeDecodeError as error:
            _refuse(f"a line of it is not UTF-8, at byte {error.start}.")
        except json_codec.BodyError as error:
            _refuse(f"a line of it is no JSON: {error}.")
        if not isinstance(found, dict):
            _refuse("a line of it is no JSON object.")
        _check(found)
        return found

    @staticmethod
    @override
    def assert_line_requires(line_dict: dict[str, Any], requires: set[str]) -> None:
        """Do nothing: `deserialize_json` has looked at all of it."""


def _lines(source: Iterable[bytes] | Iterable[str]) -> Iterator[bytes]:
    """Yield the lines that are not blank, as bytes: a text's decoder has a locale's idea of them."""
    for line in getattr(source, "buffer", source):
        raw = line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line
        if raw.strip():
            yield raw


def _check(message: dict[str, Any]) -> None:
    """Refuse a message whose form is not that of its type."""
    kind = message.get("type")
    if kind is None:
        _refuse("a message lacks type.")
    form = _FORMS.get(kind) if isinstance(kind, str) else None
    if form is None:
        _refuse(f"a message is of an unknown type: {kind!s:.40}.")
    missing = sorted(set(form) - set(message))
    if missing:
        _refuse(f"a {kind} lacks {', '.join(missing)}.")
    for name, expected in form.items():
        if not isinstance(message[name], expected):
            _refuse(f"the {name} of a {kind} is no {_NAMES[expected]}.")
    if kind == "SCHEMA":
        _check_schema(message)


def _check_schema(message: dict[str, Any]) -> None:
    properties = message["schema"].get("properties")
    if not isinstance(properties, dict) or not all(isinstance(column, dict) for column in properties.values()):
        _refuse("the properties of a SCHEMA are no object of objects.")
    keys = message.get("key_properties")
    if keys is None:
        message["key_properties"] = []
    elif not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        _refuse("the key_properties of a SCHEMA are no list of texts.")


def _refuse(what: str) -> NoReturn:
    do = "Check the tap that it comes from; what came before it was sent."
    raise InputError("input", what, do)
