"""The tap's settings: their schema, and what is checked beyond it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from jsonschema import Draft7Validator
from singer_sdk import typing as th
from singer_sdk.helpers._batch import BatchConfig

from tap_qa.http.urls import base_url_problem

if TYPE_CHECKING:
    from tap_qa.vendor import Vendor

HTTP = (
    th.Property(
        "max_retries",
        th.IntegerType(nullable=False, minimum=1),
        default=8,
        title="Tries",
        description="Tries per request, the first included.",
    ),
    th.Property(
        "max_wait_minutes",
        th.IntegerType(nullable=False, minimum=0),
        default=70,
        title="Longest wait (minutes)",
        description="The longest that one Retry-After or rate-limit reset may make the tap sleep; more is an error.",
    ),
    th.Property(
        "request_timeout_seconds",
        th.IntegerType(nullable=False, minimum=1),
        default=120,
        title="Request timeout (seconds)",
        description="How long to wait for an answer to go on.",
    ),
)
"""How patient every client is."""

SHARED = (
    th.Property(
        "start_date",
        th.DateTimeType(nullable=False),
        title="Start date",
        description="Earliest instant to read, as 2024-01-01T00:00:00Z. Without a zone it is UTC. Required for a sync.",
    ),
    th.Property(
        "end_date",
        th.DateTimeType(nullable=False),
        title="End date",
        description="Makes a run a backfill: it reads from start_date to here, and neither uses nor moves bookmarks.",
    ),
    th.Property(
        "lookback_days",
        th.IntegerType(nullable=False, minimum=0),
        default=1,
        title="Lookback (days)",
        description="Every run reads again at least this many days before now. A vendor's object may hold its own.",
    ),
    *HTTP,
    th.Property(
        "emit_activate_version_messages",
        th.BooleanType(nullable=False),
        default=False,
        title="Announce versions",
        description="Full-table streams announce a version once read whole; a target can then mark rows that vanished.",
    ),
)

LOOKBACK = th.Property(
    "lookback_days",
    th.IntegerType(nullable=False, minimum=0),
    title="Lookback (days)",
    description="Overrides the shared lookback_days for this vendor.",
)

TIMEZONE = th.Property(
    "timezone",
    th.StringType(nullable=False),
    default="UTC",
    title="Time zone",
    description="IANA name of the zone of stamps that carry none, as Europe/Dublin; for rows and for filters.",
)


def schema(vendors: tuple[Vendor, ...]) -> dict[str, Any]:
    """Return the JSON schema of the whole config."""
    objects = (
        th.Property(
            vendor.name,
            th.ObjectType(*vendor.settings, additional_properties=False),
            title=vendor.title,
            description=f"Settings of {vendor.title}; leave the object out if you don't use it.",
        )
        for vendor in vendors
    )
    return th.PropertiesList(*SHARED, *objects).to_dict()


def without_nulls(config: Mapping[str, Any], vendors: tuple[Vendor, ...]) -> dict[str, Any]:
    """Return a config without settings that are null, in the objects of vendors too: they count as not given."""
    given = {name: value for name, value in config.items() if value is not None}
    for vendor in vendors:
        own = given.get(vendor.name)
        if isinstance(own, Mapping):
            given[vendor.name] = {name: value for name, value in own.items() if value is not None}
    return given


def problems(
    config: Mapping[str, Any], config_schema: Mapping[str, Any], vendors: tuple[Vendor, ...], now: datetime
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
            for problem in (*url_problems(own), *_zone_problems(own), *vendor.problems(own)):
                yield f"{vendor.name}.{problem}"


_LIMITS = {"minimum": "at least", "maximum": "at most"}


def schema_problems(config: Mapping[str, Any], config_schema: Mapping[str, Any]) -> Iterator[str]:
    """Find what a schema has to say against a config, a line each."""
    for error in sorted(
        Draft7Validator(config_schema).iter_errors(config), key=lambda found: list(map(str, found.path))
    ):
        path = ".".join(map(str, error.path))
        prefix = f"{path}." if path else ""
        if error.validator == "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            for name in missing[:1] if len(missing) == 1 else missing:
                yield f"{prefix}{name} is missing; it is required."
        elif error.validator == "additionalProperties":
            for name in error.instance:
                if name not in error.schema.get("properties", {}):
                    yield f"{prefix}{name!s:.80} is not a setting; is it misspelt?"
        elif error.validator == "type":
            wanted = (
                error.validator_value if isinstance(error.validator_value, str) else " or ".join(error.validator_value)
            )
            yield f"{path} must be of type {wanted}."
        elif error.validator == "enum":
            yield f"{path} must be one of {', '.join(map(str, error.validator_value))}."
        elif error.validator in _LIMITS:
            yield f"{path} must be {_LIMITS[error.validator]} {error.validator_value}."
        else:
            yield f"{path} must keep to {error.validator} {error.validator_value}."


def _batch_problems(config: Mapping[str, Any]) -> Iterator[str]:
    batch = config.get("batch_config")
    if not isinstance(batch, Mapping) or not batch:
        return
    try:
        BatchConfig.from_dict(dict(batch))
    except (TypeError, ValueError, KeyError):
        yield "batch_config needs an encoding with its format, and a storage with its root."


def _date_problems(config: Mapping[str, Any], now: datetime) -> Iterator[str]:
    dates: dict[str, datetime] = {}
    for name in ("start_date", "end_date"):
        text = config.get(name)
        if not isinstance(text, str):
            continue
        try:
            dates[name] = instant(text)
        except ValueError:
            yield f"{name} is not a date and time, as 2024-01-01T00:00:00Z."
    if "start_date" in dates and dates["start_date"] > now:
        yield "start_date lies in the future."
    if len(dates) > 1 and dates["end_date"] <= dates["start_date"]:
        yield "end_date must be later than start_date."


def url_problems(own: Mapping[str, Any]) -> Iterator[str]:
    """Find what is wrong with a vendor's URLs, a line each."""
    for name in ("url", "token_url"):
        url = own.get(name)
        if isinstance(url, str) and (problem := base_url_problem(url)):
            yield f"{name} {problem}."


def _zone_problems(own: Mapping[str, Any]) -> Iterator[str]:
    name = own.get("timezone")
    if isinstance(name, str) and name not in available_timezones():
        yield "timezone is not the name of a time zone, as Europe/Dublin (an IANA name)."


def instant(text: str) -> datetime:
    """Read a date and time in any ISO form; without a zone it is UTC.

    Raises:
        ValueError: It is none.
    """
    import pendulum  # noqa: PLC0415 - a tenth of the start-up, and only a sync has dates to read

    parsed = pendulum.parse(text.strip(), tz="UTC")
    if not isinstance(parsed, pendulum.DateTime):
        msg = "not a date and time"
        raise ValueError(msg)  # noqa: TRY004 - a value of the wrong form, not an argument of the wrong type
    return datetime.fromtimestamp(parsed.timestamp(), timezone.utc)


def zone(own: Mapping[str, Any]) -> ZoneInfo:
    """Return the zone of a vendor's naive stamps."""
    return ZoneInfo(own.get("timezone") or "UTC")


@dataclass(frozen=True)
class Dates:
    """The part of the settings that says which time to read."""

    start: datetime
    end: datetime | None
    lookback: timedelta
    naive: tuple[str, ...]
    """Names of the settings that came without a zone."""

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Dates:
        """Read them from a config that was checked."""
        end = config.get("end_date")
        return cls(
            start=instant(config["start_date"]),
            end=None if end is None else instant(end),
            lookback=timedelta(days=config.get("lookback_days", 1)),
            naive=tuple(name for name in ("start_date", "end_date") if name in config and _is_naive(config[name])),
        )


def _is_naive(text: str) -> bool:
    return not text.rstrip().upper().endswith("Z") and not any(sign in text.strip()[10:] for sign in "+-")
