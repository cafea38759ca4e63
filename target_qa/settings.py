"""The target's settings, and what is checked beyond their schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from singer_sdk import typing as th

from tap_qa.config.properties import RETRIES, boolean, text
from tap_qa.config.validation import access_problems, schema_problems
from target_qa.delivery.field_mapping import mapping_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from target_qa.resources.resource import VendorSinks

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
            "Stream to sink, as {public-daily_scores: {sink: canary_speech_scores, fields: {day: "
            "date_recorded}}}. A stream named like a sink, and a column named like a field, need none."
        ),
    ),
    boolean(
        "dry_run",
        "Print to the standard error what would be sent, call no vendor and confirm no state.",
        title="Dry run",
    ),
    text(
        "dead_letter_path",
        "Rejected records are appended to it, a JSON object a line with the reason.",
        title="File of rejected records",
        default="target-qa-refused.jsonl",
    ),
    *RETRIES,
)


def problems(
    config: Mapping[str, Any], config_schema: Mapping[str, Any], vendors: tuple[VendorSinks, ...]
) -> Iterator[str]:
    """Find everything that is wrong with a config; each problem is a line that names the setting, never a value."""
    yield from schema_problems(config, config_schema)
    for vendor in vendors:
        own = config.get(vendor.name)
        if isinstance(own, Mapping):
            yield from access_problems(vendor.name, own, config_schema)
    mapping = config.get("mapping")
    if isinstance(mapping, Mapping):
        yield from mapping_problems(mapping, vendors)
