"""The target's settings: their schema, and what is checked beyond it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from singer_sdk import typing as th

from tap_qa.settings import HTTP, schema_problems, url_problems
from target_qa.routes import mapping_problems

if TYPE_CHECKING:
    from target_qa.destination import VendorSinks

SHARED: tuple[th.Property[Any], ...] = (
    th.Property(
        "mapping",
        th.ObjectType(
            additional_properties=th.ObjectType(
                th.Property("sink", th.StringType(nullable=False), title="Sink"),
                th.Property(
                    "fields",
                    th.ObjectType(additional_properties=th.StringType(nullable=False)),
                    title="Fields",
                    description="Column of the stream to field of the sink.",
                ),
                additional_properties=False,
            )
        ),
        default={},
        title="Mapping",
        description=(
            "Stream to where it goes, as {public-daily_scores: {sink: canary_speech_scores, fields: {day: "
            "date_recorded}}}. A stream called like a sink, and a column called like a field, need none."
        ),
    ),
    th.Property(
        "dry_run",
        th.BooleanType(nullable=False),
        default=False,
        title="Dry run",
        description="Print to the standard error what would be sent, call no vendor and confirm no state.",
    ),
    th.Property(
        "dead_letter_path",
        th.StringType(nullable=False),
        default="target-qa-refused.jsonl",
        title="File of refused records",
        description="Records that were refused are appended to it, a JSON object a line with the reason.",
    ),
    *HTTP,
)


def schema(vendors: tuple[VendorSinks, ...]) -> dict[str, Any]:
    """Return the JSON schema of the whole config."""
    objects = (
        th.Property(
            vendor.name,
            th.ObjectType(*vendor.settings, additional_properties=False),
            title=vendor.title,
            description=f"Access to {vendor.title}; leave the object out if you send it nothing.",
        )
        for vendor in vendors
    )
    return th.PropertiesList(*SHARED, *objects).to_dict()


def problems(
    config: Mapping[str, Any], config_schema: Mapping[str, Any], vendors: tuple[VendorSinks, ...]
) -> Iterator[str]:
    """Find everything that is wrong with a config; each problem is a line that names the setting, never a value."""
    yield from schema_problems(config, config_schema)
    for vendor in vendors:
        own = config.get(vendor.name)
        if isinstance(own, Mapping):
            yield from (f"{vendor.name}.{problem}" for problem in url_problems(own))
    mapping = config.get("mapping")
    if isinstance(mapping, Mapping):
        yield from mapping_problems(mapping, vendors)
