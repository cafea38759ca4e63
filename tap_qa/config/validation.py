"""Everything that is wrong with a config, one line each; a line names the setting, never a value."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from jsonschema import Draft7Validator
from singer_sdk.helpers._batch import BatchConfig

from tap_qa.config.given_values import character_problems
from tap_qa.config.json_object import shown
from tap_qa.config.spelling import unknown_setting
from tap_qa.http.url_policy import base_url_problem
from tap_qa.state.date_range import parse_date_setting

if TYPE_CHECKING:
    from datetime import datetime

    from jsonschema import ValidationError

    from tap_qa.config.properties import VendorSettings


def config_errors(
    config: Mapping[str, Any], config_schema: Mapping[str, Any], vendors: Iterable[VendorSettings], now: datetime
) -> Iterator[str]:
    """Find everything that is wrong with a config; each problem is a line that names the setting, never a value.

    Args:
        config: What the user gave.
        config_schema: What it should look like.
        vendors: All that there are.
        now: This machine's time, in UTC.
    """
    yield from schema_problems(config, config_schema)
    yield from _date_problems(config, now)
    yield from _batch_problems(config)
    for vendor in vendors:
        own = config.get(vendor.name)
        if isinstance(own, Mapping):
            yield from access_problems(vendor.name, own, config_schema)
            for problem in (*_zone_problems(own), *vendor.problems(own)):
                yield f"{vendor.name}.{problem}"


def access_problems(vendor: str, own: Mapping[str, Any], config_schema: Mapping[str, Any]) -> Iterator[str]:
    """Find what is wrong with a vendor's URLs and secrets, a line each."""
    declared = config_schema["properties"][vendor]["properties"]
    for problem in (*_url_problems(own), *character_problems(own, declared)):
        yield f"{vendor}.{problem}"


def unknown_settings(config: Mapping[str, Any], config_schema: Mapping[str, Any]) -> Iterator[str]:
    """Find names at the top of a config that are no settings, a line each; those in objects are the schema's affair."""
    known = config_schema["properties"]
    inner = [f"{name}.{key}" for name, declared in known.items() for key in declared.get("properties", ())]
    flattening = [name for name in config if name.startswith("flattening_") and name not in known]
    if flattening:
        yield f"{', '.join(map(shown, flattening))}: flattening is not supported; remove it, and flatten in the loader."
    for name in config:
        if name not in known and name not in flattening:
            yield unknown_setting("", name, [*known, *inner])


_FIRST_YEAR, _LAST_YEAR = 1900, 2200  # beyond them, windows and zones run out of the calendar
_EXTRAS = {"parquet": "pyarrow", "s3": "s3fs"}
"""Extras of this package, with a module that each brings."""

_LIMITS = {"minimum": "at least", "maximum": "at most"}


def schema_problems(config: Mapping[str, Any], config_schema: Mapping[str, Any]) -> Iterable[str]:
    """Find what a schema has to say against a config, a line each."""
    return dict.fromkeys(_schema_problems(config, config_schema))  # each missing property is an error that names all


def _schema_problems(config: Mapping[str, Any], config_schema: Mapping[str, Any]) -> Iterator[str]:
    for error in sorted(
        Draft7Validator(_repaired(config_schema)).iter_errors(config), key=lambda found: list(map(str, found.path))
    ):
        path = ".".join(map(shown, error.path))
        prefix = f"{path}." if path else ""
        if error.validator == "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            for name in missing:
                yield f"{prefix}{name} is missing; it is required."
        elif error.validator == "additionalProperties":
            for name in error.instance:
                if name not in error.schema.get("properties", {}):
                    yield unknown_setting(prefix, name, error.schema.get("properties", {}))
        else:
            yield f"{path} {_value_problem(error)}"


def _value_problem(error: ValidationError) -> str:
    wanted: Any = error.validator_value
    match error.validator:
        case "type":
            return f"must be of type {wanted if isinstance(wanted, str) else ' or '.join(wanted)}."
        case "enum":
            return f"must be one of {', '.join(map(str, wanted))}."
        case "anyOf":
            return "is of a wrong form."
        case "minimum" | "maximum":
            return f"must be {_LIMITS[error.validator]} {wanted}."
        case _:
            return f"must keep to {error.validator} {wanted}."


def _repaired(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Return a schema in which each option is one: the SDK's has `null` for `{"type": "null"}` in its stream maps."""
    if not isinstance(schema, Mapping):
        return schema
    made = {name: _repaired(part) for name, part in schema.items()}
    if isinstance(made.get("anyOf"), list):
        made["anyOf"] = [{"type": part} if isinstance(part, str) else _repaired(part) for part in made["anyOf"]]
    return made


def _batch_problems(config: Mapping[str, Any]) -> Iterator[str]:
    batch = config.get("batch_config")
    if not isinstance(batch, Mapping) or not batch:
        return
    try:
        BatchConfig.from_dict(dict(batch))
    except (TypeError, ValueError, KeyError):
        yield "batch_config needs an encoding with its format, and a storage with its root."
        return
    uses = {"parquet": batch["encoding"]["format"] == "parquet", "s3": str(batch["storage"]["root"]).startswith("s3:")}
    for extra, module in _EXTRAS.items():
        if uses[extra] and importlib.util.find_spec(module) is None:
            yield f"batch_config asks for {extra}, which needs the extra {extra}: install tap-qa[{extra}]."


def _date_problems(config: Mapping[str, Any], now: datetime) -> Iterator[str]:
    dates: dict[str, datetime] = {}
    for name in ("start_date", "end_date"):
        text = config.get(name)
        if not isinstance(text, str):
            continue
        try:
            date = parse_date_setting(text)
        except ValueError:
            yield f"{name} is not a date and time of ISO 8601, as 2024-01-01T00:00:00Z."
            continue
        if _FIRST_YEAR <= date.year <= _LAST_YEAR:
            dates[name] = date
        else:
            yield f"{name} must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}."
    if "start_date" in dates and dates["start_date"] > now:
        yield "start_date lies in the future."
    if len(dates) > 1 and dates["end_date"] <= dates["start_date"]:
        yield "end_date must be later than start_date."


def _url_problems(own: Mapping[str, Any]) -> Iterator[str]:
    """Find what is wrong with a vendor's URLs, a line each."""
    for name in ("url", "token_url"):
        url = own.get(name)
        if isinstance(url, str) and (problem := base_url_problem(url)):
            yield f"{name} {problem}."


def _zone_problems(own: Mapping[str, Any]) -> Iterator[str]:
    name = own.get("timezone")
    if isinstance(name, str) and name not in available_timezones():
        yield "timezone is not the name of a time zone, as Europe/Dublin (an IANA name)."
