"""Reading Singer messages, without ever quoting one: they hold personal data."""

from __future__ import annotations

import sys
from typing import IO, Any, NoReturn

from singer_sdk.singerlib.encoding import GenericSingerReader
from typing_extensions import override

from tap_qa import json_codec
from target_qa.errors import InputError


class LineReader(GenericSingerReader[str]):
    """Takes a line for a message; numbers keep their digits."""

    @property
    @override
    def default_input(self) -> IO[str]:
        return sys.stdin

    @override
    def deserialize_json(self, line: str) -> dict[str, Any]:
        try:
            found = json_codec.decode(line.encode("utf-8", "replace"))
        except json_codec.BodyError as error:
            _refuse(f"a line of it is no JSON: {error}.")
        if not isinstance(found, dict):
            _refuse("a line of it is no JSON object.")
        return found

    @staticmethod
    @override
    def assert_line_requires(line_dict: dict[str, Any], requires: set[str]) -> None:
        missing = requires - set(line_dict)
        if missing:
            kind = str(line_dict.get("type", "message"))
            _refuse(f"a {kind:.20} lacks {', '.join(sorted(missing))}.")

    @override
    def _process_unknown_message(self, message_dict: dict[str, Any]) -> None:
        _refuse(f"a message is of an unknown type: {message_dict['type']!s:.40}.")


def _refuse(what: str) -> NoReturn:
    do = "Check the tap that it comes from; what came before it was sent."
    raise InputError("input", what, do)
