"""The files that a run is given: each a JSON object, or an error of one line that does not quote it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from singer_sdk.singerlib import Catalog

from tap_qa.errors import SettingsError, StateError

if TYPE_CHECKING:
    from collections.abc import Iterable


def check_configs(paths: Iterable[str]) -> None:
    """Make sure that each path is a file with a JSON object; `ENV` is none.

    Raises:
        SettingsError: One is not.
    """
    for path in paths:
        if path == "ENV":
            continue
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError("config", f"the file can't be read ({type(error).__name__}).") from None
        _object(SettingsError, "config", text)


def checked_state(file: IO[str] | None) -> IO[str] | None:
    """Return a state file that can be read again, once it is known to hold an object.

    A whole STATE message, as the tap itself writes it, and what `meltano state get` prints are taken for the state in
    them: read as they are, they would count as no state at all.

    Raises:
        StateError: It does not.
    """
    if file is None:
        return None
    state = _object(StateError, "state", file.read())
    wrapped = state.get("value") if state.get("type") == "STATE" else state.get("singer_state")
    return io.StringIO(json.dumps(wrapped if isinstance(wrapped, dict) else state))


def checked_catalog(file: IO[str] | None) -> IO[str] | None:
    """Return a catalog file that can be read again, once it is known to be a Singer catalog.

    Raises:
        SettingsError: It is none.
    """
    if file is None:
        return None
    text = file.read()
    catalog = _object(SettingsError, "catalog", text)
    try:
        Catalog.from_dict(catalog)
    except Exception:  # noqa: BLE001 - whatever the SDK stumbles over
        raise SettingsError("catalog", "it is no Singer catalog.", "Make one with --discover.") from None
    return io.StringIO(text)


def _object(kind: type[SettingsError], name: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise kind(name, f"the file is no JSON from line {line} on.") from None
    if not isinstance(value, dict):
        raise kind(name, "the file holds no JSON object.")
    return value
