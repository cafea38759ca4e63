"""The files that a run is given: each a JSON object in UTF-8, or an error of one line that does not quote it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tap_qa.config.catalog_file import modernized
from tap_qa.config.given_values import merge
from tap_qa.config.json_object import JSONObjectError, decode_utf8, parse_object
from tap_qa.errors import SettingsError, StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Config = dict[str, Any]


_LAST_LINE = "A target prints one state after another; give its last line only."
_REASONS = {
    FileNotFoundError: "does not exist",
    IsADirectoryError: "is a folder",
    PermissionError: "must not be read by this user",
}


def read_configs(paths: Sequence[str], drop_unset: Callable[[Config], Config]) -> Config:
    """Return what all files say, merged object by object; a later file goes before an earlier one. `ENV` is none.

    Args:
        paths: As given on the command line.
        drop_unset: Leaves out what counts as not given.

    Raises:
        SettingsError: One can't be read, or is no JSON object.
    """
    config: Config = {}
    files = [path for path in paths if path != "ENV"]
    for number, path in enumerate(files, 1):
        # The path is not shown: it may be the config itself, given by mistake.
        name = "config" if len(files) == 1 else f"config, file {number}"
        if path.lstrip().startswith("{"):
            raise SettingsError(name, "the path of a file is needed, not what the file holds.")
        try:
            data = Path(path).read_bytes()
        except (OSError, ValueError) as error:
            raise SettingsError(name, _unreadable(error)) from None
        config = merge(config, drop_unset(_object(SettingsError, name, data)))
    return config


def checked_state(file: IO[str] | None) -> IO[str] | None:
    """Return a state file that can be read again, once it is known to hold an object.

    A whole STATE message, as the tap itself writes it, and what `meltano state get` prints are taken for the state in
    them: read as they are, they would count as no state at all.

    Raises:
        StateError: It does not.
    """
    if file is None:
        return None
    data = _bytes(StateError, "state", file)
    state = _object(StateError, "state", data, hint=_state_hint)
    wrapped = state.get("value") if state.get("type") == "STATE" else state.get("singer_state")
    return io.StringIO(json.dumps(wrapped if isinstance(wrapped, dict) else state))


def checked_catalog(file: IO[str] | None) -> IO[str] | None:
    """Return a catalog file that can be read again, once it is known to be a Singer catalog.

    Raises:
        SettingsError: It is none.
    """
    if file is None:
        return None
    catalog = _object(SettingsError, "catalog", _bytes(SettingsError, "catalog", file))
    return io.StringIO(json.dumps(modernized(catalog)))


def _bytes(kind: type[SettingsError], name: str, file: IO[str]) -> bytes:
    """Read a file that the command line opened as text, in whatever encoding this machine prefers, as it is."""
    raw: Any = getattr(file, "buffer", None)
    try:
        data: bytes = raw.read() if raw is not None else file.read().encode()
    except (OSError, ValueError) as error:
        raise kind(name, _unreadable(error)) from None
    return data


def _unreadable(error: Exception) -> str:
    """Say why a file can't be read, without its path."""
    reason = next((text for kind, text in _REASONS.items() if isinstance(error, kind)), None)
    return f"the file {reason}." if reason else f"the file can't be read ({type(error).__name__})."


def _object(
    kind: type[SettingsError], name: str, data: bytes, *, hint: Callable[[bytes], str] = lambda _data: ""
) -> dict[str, Any]:
    try:
        return parse_object(decode_utf8(data))
    except JSONObjectError as error:
        raise kind(name, f"the file {error}", hint(data)) from None


def _state_hint(data: bytes) -> str:
    """Return what to do if a file holds several states, one a line, as a target prints them."""
    lines = data.strip().splitlines()
    try:
        is_log = len(lines) > 1 and all(parse_object(decode_utf8(line)) for line in (lines[0], lines[-1]))
    except JSONObjectError:
        return ""
    return _LAST_LINE if is_log else ""
