"""Settings from environment variables, for `--config ENV`: vendors' settings have variables of their own.

`TAP_QA_SCOREBUDDY_CLIENT_ID` is the `client_id` in the object `scorebuddy`, as in Meltano; the SDK itself knows the
settings at the top only.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from singer_sdk.configuration._dict_config import parse_environment_config  # the SDK's own reading of one variable

from tap_qa.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_DOTENV = Path(".env")


def config_from_environment(schema: Mapping[str, Any], prefix: str, vendors: Collection[str]) -> dict[str, Any]:
    """Return what the environment, and a file `.env` in the current folder, say of the settings.

    A setting of a vendor that has a variable of its own goes before the same one in the variable of the whole object.

    Args:
        schema: The JSON schema of the config.
        prefix: What all variables start with, as `TAP_QA_`.
        vendors: The settings that are a vendor's object.

    Raises:
        SettingsError: A variable does not hold what its setting takes; the message names the variable only.
    """
    parse_environment_config({}, prefix, _DOTENV if _DOTENV.is_file() else None)
    config = dict(_found(schema["properties"], prefix))
    for vendor in vendors:
        own = dict(_found(schema["properties"][vendor]["properties"], f"{prefix}{vendor.upper()}_"))
        if own:
            whole = config.get(vendor)
            config[vendor] = {**(whole if isinstance(whole, dict) else {}), **own}
    return config


def _found(properties: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, schema in properties.items():
        variable = f"{prefix}{name.upper()}"
        if variable not in os.environ:
            continue
        try:
            yield from parse_environment_config({"properties": {name: schema}}, prefix).items()
        except ValueError:
            message = f"the environment variable {variable} does not hold what the setting takes."
            raise SettingsError("config", message, "Numbers are plain, lists and objects are JSON.") from None
