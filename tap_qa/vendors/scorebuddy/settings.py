"""The settings of a Scorebuddy instance."""

from __future__ import annotations

from singer_sdk import typing as th

from tap_qa.config.properties import LOOKBACK, integer, text

TITLE = "Scorebuddy"
SETTINGS = (
    text(
        "url",
        "As https://www.cloud.scorebuddy.co.uk/1234567, with or without a slash or /api/v1 behind it.",
        title="Instance URL",
        required=True,
    ),
    text(
        "client_id", "Of an API client, made under Admin > Developers > API Clients.", title="Client ID", required=True
    ),
    text(
        "client_secret",
        "Shown once, when the API client is made.",
        title="Client secret",
        required=True,
        secret=True,
    ),
    text(
        "timezone",
        "IANA name of the zone of timestamps that carry none, as Europe/Dublin; for rows and for filters. Unset, they "
        "are read as UTC, and every window is asked for with 14 hours more at both ends.",
        title="Time zone",
    ),
    th.Property(
        "group_ids",
        th.ArrayType(th.IntegerType(nullable=False)),
        title="Groups",
        description="Only these groups, where the API can filter by group.",
    ),
    integer(
        "window_days",
        "Width of one window of evaluations, 1 to 31. A window is read completely before the bookmark moves.",
        title="Window (days)",
        default=7,
        maximum=31,
    ),
    integer(
        "export_page_size",
        "Rows per page of /export/questions; falls back to 100 if the instance rejects it.",
        title="Export page size",
        default=1000,
    ),
    LOOKBACK,
)
