"""How settings are declared, and the settings that all vendors share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from singer_sdk import typing as th

if TYPE_CHECKING:
    Properties = tuple[th.Property[Any], ...]

Config = Mapping[str, Any]


@dataclass(frozen=True)
class VendorSettings:
    """The settings of one vendor: one object of the config."""

    name: str
    """The key of its object in the config, and the first part of its streams' names."""

    title: str
    """Its name in messages and documents."""

    settings: Properties

    problems: Callable[[Config], Iterable[str]] = lambda _config: ()
    """Finds what a schema can't. Each problem starts with the name of the setting, without the vendor's."""


_MAXIMA = {"seconds": 86_400, "minutes": 10_080, "days": 36_500, "retries": 1_000, "size": 100_000}
"""More than a day, a week, a century … is a mistake, and more still is beyond what clocks and calendars hold."""


def text(  # noqa: PLR0913 - one keyword for each part of a declaration
    name: str,
    description: str,
    *,
    title: str,
    default: str | None = None,
    required: bool = False,
    secret: bool = False,
    options: list[str] | None = None,
) -> th.Property[Any]:
    """Declare a setting that is a text."""
    return th.Property(
        name,
        th.StringType(nullable=False, allowed_values=options),
        default=default,
        required=required,
        secret=secret,
        title=title,
        description=description,
    )


def integer(  # noqa: PLR0913 - as for text
    name: str,
    description: str,
    *,
    title: str,
    default: int | None = None,
    minimum: int = 1,
    maximum: int | None = None,
) -> th.Property[Any]:
    """Declare a setting that is a whole number; its name ends with the unit, which sets the maximum by default."""
    most = _MAXIMA[name.rpartition("_")[2]] if maximum is None else maximum
    kind = th.IntegerType(nullable=False, minimum=minimum, maximum=most)
    return th.Property(name, kind, default=default, title=title, description=description)


def boolean(name: str, description: str, *, title: str) -> th.Property[Any]:
    """Declare a switch that is off by default."""
    return th.Property(name, th.BooleanType(nullable=False), default=False, title=title, description=description)


def instant(name: str, description: str, *, title: str) -> th.Property[Any]:
    """Declare a date and time."""
    return th.Property(name, th.DateTimeType(nullable=False), title=title, description=description)


RETRIES: Properties = (
    integer("max_retries", "Maximum attempts per request, including the first.", title="Attempts", default=8),
    integer(
        "max_wait_minutes",
        "The longest that one Retry-After or rate-limit reset may make the tap sleep; more is an error.",
        title="Longest wait (minutes)",
        default=70,
        minimum=0,
    ),
    integer(
        "request_timeout_seconds",
        "Read timeout: longest pause without data in a response.",
        title="Request timeout (seconds)",
        default=120,
    ),
)
"""The retry policy of every client."""

SHARED: Properties = (
    instant(
        "start_date",
        "Earliest instant to read, as 2024-01-01T00:00:00Z. Without a zone it is UTC. Required for a sync.",
        title="Start date",
    ),
    instant(
        "end_date",
        "Makes a run a backfill: it reads from start_date to here, and neither uses nor moves bookmarks.",
        title="End date",
    ),
    integer(
        "lookback_days",
        "Every run reads again at least this many days before now. A vendor's object may hold its own.",
        title="Lookback (days)",
        default=3,
        minimum=0,
    ),
    *RETRIES,
    boolean(
        "emit_activate_version_messages",
        "Full-table streams announce a version once read completely; a target can then mark rows that vanished.",
        title="Announce versions",
    ),
)

LOOKBACK = integer(
    "lookback_days", "Overrides the shared lookback_days for this vendor.", title="Lookback (days)", minimum=0
)


def config_schema(shared: Properties, vendors: Iterable[VendorSettings], purpose: str) -> dict[str, Any]:
    """Return the JSON schema of a whole config.

    Args:
        shared: The settings at the top level.
        vendors: The vendors, one object each.
        purpose: Describes a vendor's object; `{title}` stands for the vendor.
    """
    objects = (
        th.Property(
            vendor.name,
            th.ObjectType(*vendor.settings, additional_properties=False),
            title=vendor.title,
            description=purpose.format(title=vendor.title),
        )
        for vendor in vendors
    )
    return th.PropertiesList(*shared, *objects).to_dict()


def zone(vendor_config: Config) -> ZoneInfo:
    """Return the zone of a vendor's timestamps that carry none."""
    return ZoneInfo(vendor_config.get("timezone") or "UTC")
