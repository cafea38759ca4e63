"""The file of the records that were refused, one JSON object a line, for somebody to repair and send again."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tap_qa import json_codec
from tap_qa.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWNER_ONLY = 0o600


class DeadLetters:
    """Appends to a file that comes into being with its first line, for its owner's eyes: it holds personal data."""

    def __init__(self, path: str) -> None:
        """Prepare.

        Raises:
            SettingsError: Nothing can be written there.
        """
        self.path = Path(path).expanduser()
        folder = self.path.parent
        if (
            self.path.is_dir()
            or not folder.is_dir()
            or not os.access(self.path if self.path.exists() else folder, os.W_OK)
        ):
            raise SettingsError(
                "dead_letter_path", "no file can be written there.", "Name a file in a folder that exists."
            )

    def add(self, line: Mapping[str, Any]) -> None:
        """Append a line, and have it on the disk before returning.

        Raises:
            SettingsError: It can't be written, or for all to read; the record must not be passed over then.
        """
        try:
            text = bytes(json_codec.encode(line)) + b"\n"
        except RecursionError:
            text = bytes(json_codec.encode({**line, "record": None})) + b"\n"
        try:
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
            with open(file, "ab", closefd=True) as out:  # noqa: PTH123 - only os.open sets the mode at birth
                if stat.S_ISREG(os.fstat(file).st_mode):  # the mode of a pipe or device is somebody else's
                    os.fchmod(file, _OWNER_ONLY)
                out.write(text)
                out.flush()
                if stat.S_ISREG(os.fstat(file).st_mode):
                    os.fsync(file)
        except OSError as error:
            raise SettingsError(
                "dead_letter_path",
                f"a refused record can't be written there for its owner's eyes only ({error.strerror}).",
                "Make room for it, or name a file of your own.",
            ) from error
