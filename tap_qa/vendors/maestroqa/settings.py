"""What a user says of a MaestroQA account."""

from __future__ import annotations

from typing import Any

from singer_sdk import typing as th

from tap_qa.settings import LOOKBACK

ACCESS: tuple[th.Property[Any], ...] = (
    th.Property(
        "api_token",
        th.StringType(nullable=False),
        required=True,
        secret=True,
        title="API token",
        description="Made by an admin: Settings > Other Settings > API Tokens. It expires after 90 days by default.",
    ),
    th.Property(
        "url",
        th.StringType(nullable=False),
        default="https://app.maestroqa.com/api/v1",
        title="API URL",
        description="The root of the API, version included; https://app.rippit.com/api/v1 works, too.",
    ),
)
"""What is needed to reach an account, for reading as for writing."""

SETTINGS: tuple[th.Property[Any], ...] = (
    *ACCESS,
    th.Property(
        "window_days",
        th.IntegerType(nullable=False, minimum=1),
        default=7,
        title="Window (days)",
        description="How many days one export covers. The vendor expects 10,000 to 50,000 scores an export at most.",
    ),
    th.Property(
        "include_calibrations",
        th.StringType(nullable=False, allowed_values=["none", "only", "all"]),
        default="none",
        title="Calibrations",
        description="Whether score exports hold calibration grades: none, only those, or all grades.",
    ),
    th.Property(
        "include_grader_qa",
        th.BooleanType(nullable=False),
        default=False,
        title="Grader QA",
        description="Whether score exports hold the benchmark grades of grader QA.",
    ),
    th.Property(
        "include_unavailable_agents",
        th.BooleanType(nullable=False),
        default=False,
        title="Unavailable agents",
        description="Whether the agent groups export holds agents that are marked unavailable.",
    ),
    th.Property(
        "screen_capture_interval",
        th.StringType(nullable=False, allowed_values=["day", "week", "month"]),
        default="day",
        title="Screen capture interval",
        description="The interval that screen capture usage is asked for: day, week or month.",
    ),
    th.Property(
        "timezone",
        th.StringType(nullable=False),
        default="UTC",
        title="Time zone",
        description="Zone of stamps without an offset in the exports, an IANA name; the vendor documents none.",
    ),
    th.Property(
        "poll_seconds",
        th.IntegerType(nullable=False, minimum=1),
        default=5,
        title="Poll interval (seconds)",
        description="How often to look whether an export is done.",
    ),
    th.Property(
        "job_timeout_minutes",
        th.IntegerType(nullable=False, minimum=1),
        default=60,
        title="Job timeout (minutes)",
        description="How long an export may take before the stream fails.",
    ),
    LOOKBACK,
)
