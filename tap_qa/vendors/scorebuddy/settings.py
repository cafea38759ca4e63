"""What a user says of a Scorebuddy instance."""

from __future__ import annotations

from typing import Any

from singer_sdk import typing as th

from tap_qa.settings import LOOKBACK, TIMEZONE

SETTINGS: tuple[th.Property[Any], ...] = (
    th.Property(
        "url",
        th.StringType(nullable=False),
        required=True,
        title="Instance URL",
        description="As https://www.cloud.scorebuddy.co.uk/1234567, with or without a slash or /api/v1 behind it.",
    ),
    th.Property(
        "client_id",
        th.StringType(nullable=False),
        required=True,
        title="Client ID",
        description="Of an API client, made under Admin > Developers > API Clients.",
    ),
    th.Property(
        "client_secret",
        th.StringType(nullable=False),
        required=True,
        secret=True,
        title="Client secret",
        description="Shown once, when the API client is made.",
    ),
    TIMEZONE,
    th.Property(
        "group_ids",
        th.ArrayType(th.IntegerType(nullable=False)),
        title="Groups",
        description="Only these groups, where the API can filter by group.",
    ),
    th.Property(
        "window_days",
        th.IntegerType(nullable=False, minimum=1, maximum=31),
        default=7,
        title="Window (days)",
        description="Width of one window of evaluations, 1 to 31. A window is read whole before the bookmark moves.",
    ),
    th.Property(
        "export_page_size",
        th.IntegerType(nullable=False, minimum=1),
        default=1000,
        title="Export page size",
        description="Rows per page of /export/questions; falls back to 100 if the instance refuses it.",
    ),
    LOOKBACK,
)
