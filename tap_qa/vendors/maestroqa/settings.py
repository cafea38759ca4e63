"""The settings of a MaestroQA account."""

from __future__ import annotations

from tap_qa.config.properties import LOOKBACK, boolean, integer, text

TITLE = "MaestroQA"
ACCESS = (
    text(
        "api_token",
        "Made by an admin: Settings > Other Settings > API Tokens. It expires after 90 days by default.",
        title="API token",
        required=True,
        secret=True,
    ),
    text(
        "url",
        "The root of the API, version included; https://app.rippit.com/api/v1 works, too.",
        title="API URL",
        default="https://app.maestroqa.com/api/v1",
    ),
)
"""What access to an account needs, for reading as for writing."""

SETTINGS = (
    *ACCESS,
    integer(
        "window_days",
        "How many days one export covers. The vendor expects 10,000 to 50,000 scores an export at most.",
        title="Window (days)",
        default=7,
    ),
    text(
        "include_calibrations",
        "Whether score exports hold calibration grades: none, only those, or all grades.",
        title="Calibrations",
        default="none",
        options=["none", "only", "all"],
    ),
    boolean("include_grader_qa", "Whether score exports hold the benchmark grades of grader QA.", title="Grader QA"),
    boolean(
        "include_unavailable_agents",
        "Whether the agent groups export holds agents that are marked unavailable.",
        title="Unavailable agents",
    ),
    text(
        "screen_capture_interval",
        "The interval that screen capture usage is requested for: day, week or month.",
        title="Screen capture interval",
        default="day",
        options=["day", "week", "month"],
    ),
    text(
        "timezone",
        "Zone of timestamps without an offset in the exports, an IANA name; the vendor documents none.",
        title="Time zone",
        default="UTC",
    ),
    integer("poll_seconds", "Seconds between two status polls.", title="Poll interval (seconds)", default=5),
    integer(
        "job_timeout_minutes",
        "How long an export may take before the stream fails.",
        title="Job timeout (minutes)",
        default=60,
    ),
    LOOKBACK,
)
