"""Settings from environment variables, for `--config ENV`: those in objects have variables of their own.

`TAP_QA_SCOREBUDDY_CLIENT_ID` is the `client_id` in the object `scorebuddy`, as in Meltano; the SDK itself knows the
settings at the top only, takes any word for false, and looks for files `.env` in the folders above, too.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dotenv.main import DotEnv

from tap_qa.config.given_values import merge
from tap_qa.config.json_object import JSONObjectError, decode_utf8, parse_strictly, shown
from tap_qa.config.spelling import is_meant
from tap_qa.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DOTENV = Path(".env")
_SWITCH = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
_INTEGER = re.compile(r"[+-]?[0-9]{1,30}")
_OF_SDK = ("LOGLEVEL", "LOG_CONFIG")


def load_dotenv() -> None:
    """Add what a file `.env` in the current folder says to the environment, where that says nothing.

    Raises:
        SettingsError: The file can't be read.
    """
    if not _DOTENV.is_file():
        return
    try:
        text = decode_utf8(_DOTENV.read_bytes())
    except OSError as error:
        raise SettingsError(".env", f"the file can't be read ({type(error).__name__}).") from None
    except JSONObjectError as error:
        raise SettingsError(".env", f"the file {error}") from None
    for name, value in DotEnv(None, stream=io.StringIO(text)).dict().items():
        if value and not os.environ.get(name):
            os.environ[name] = value


def config_from_environment(schema: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return what the environment, and a file `.env` in the current folder, say of the settings.

    A setting that has a variable of its own goes before the same one in the variable of a whole object. A variable
    that is set to nothing counts as not set.

    Args:
        schema: The JSON schema of the config.
        prefix: What all variables start with, as `TAP_QA_`.

    Raises:
        SettingsError: A variable does not hold what its setting takes; the message names the variable only.
    """
    load_dotenv()
    config: dict[str, Any] = {}
    for variable, path, declared in _variables(schema, prefix):
        text = os.environ.get(variable, "").strip()
        if not text:
            continue
        try:
            value = _parse(text, declared)
        except ValueError:
            what = f"the environment variable {variable} does not hold what the setting takes."
            do = "Numbers are plain, switches true or false, lists and objects JSON."
            raise SettingsError("config", what, do) from None
        for name in reversed(path):
            value = {name: value}
        config = merge(config, value)
    return config


def variable_problems(schema: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Find variables that look like settings and are none, a line each: they would be passed over in silence."""
    variables = list(_variables(schema, prefix))
    known = {variable for variable, _, _ in variables} | {f"{prefix}{name}" for name in _OF_SDK}
    # Two underscores start the variables of Meltano's own settings of a plugin, as TAP_QA__SELECT; and what an object
    # holds whose names are the user's, `meltano invoke` sets as variables of their own, beside that of the object.
    others = [f"{prefix}_"]
    if os.environ.get("MELTANO_PROJECT_ROOT"):
        others += [f"{name}_" for name, _, of in variables if isinstance(of.get("additionalProperties"), dict)]
    for name in sorted(os.environ):
        if name.startswith(prefix) and not name.startswith(tuple(others)) and name not in known:
            yield f"the environment variable {shown(name)} is not a setting; {is_meant(name, sorted(known))}"


def _variables(
    schema: Mapping[str, Any], prefix: str, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...], Mapping[str, Any]]]:
    """Yield variables with the path of their settings and what is declared of them; objects before what is in them."""
    for name, declared in schema.get("properties", {}).items():
        own = (*path, name)
        yield prefix + "_".join(own).upper().replace("-", "_"), own, declared
        yield from _variables(declared, prefix, own)


def _parse(text: str, declared: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as declared
    kinds = _kinds(declared)
    if "string" in kinds:
        return text
    if "boolean" in kinds:
        if text.lower() not in _SWITCH:
            raise ValueError
        return _SWITCH[text.lower()]
    if "integer" in kinds:
        if not _INTEGER.fullmatch(text):
            raise ValueError
        return int(text)
    value = parse_strictly(text)
    if not isinstance(value, list if "array" in kinds else dict):
        raise ValueError  # noqa: TRY004 - a text of the wrong form
    return value


def _kinds(declared: Mapping[str, Any]) -> set[str]:
    kinds = declared.get("type", [])
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    for option in (*declared.get("anyOf", ()), *declared.get("oneOf", ())):
        found |= _kinds(option)
    return found
