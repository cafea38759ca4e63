"""The settings of a Betterworks account, and the paths of its lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from singer_sdk import typing as th

from tap_qa.config.properties import LOOKBACK, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TITLE = "Betterworks"
_RELATIVE_PATH = re.compile(r"/?[\w\-~%]+(?:/[\w\-~%]+)*/?")

PATHS = {
    "betterworks_users": "users/",
    "betterworks_goals": "goals/filter/",
    "betterworks_departments": "departments/",
    "betterworks_conversation_templates": "conversation_templates/",
    "betterworks_conversations": "conversations/",
    "betterworks_feedback_templates": "feedback_templates/",
    "betterworks_feedback": "feedback/",
    "betterworks_recognition": "recognition/",
    "betterworks_calibration_cycles": "calibration_cycles/",
    "betterworks_calibration_records": "calibration_records/",
}
"""Where the lists are. Only `goals/filter/` is in the vendor's own samples, and `users/` in part; the others follow the
vendor's naming, and `betterworks.paths` corrects them."""

ACCESS = (
    text(
        "api_token",
        "An API key, made under Admin > Platform Configuration > Betterworks API for a Super Admin.",
        title="API token",
        required=True,
        secret=True,
    ),
    text(
        "url", "The root of the API, version included.", title="API URL", default="https://app.betterworks.com/api/v1"
    ),
)
"""What access to an account needs, for reading as for writing."""

SETTINGS = (
    *ACCESS,
    th.Property(
        "paths",
        th.ObjectType(additional_properties=th.StringType(nullable=False)),
        default={},
        title="Paths",
        description="Stream name to path below the URL, for lists whose path no public source confirms.",
    ),
    LOOKBACK,
)


def problems(config: Mapping[str, Any]) -> Iterator[str]:
    """Find paths of streams that don't exist, and paths that lead away from the API."""
    paths = config.get("paths")
    if not isinstance(paths, dict):
        return
    for name, path in paths.items():
        if stream_of(name) not in PATHS:
            yield f"paths.{name!s:.80} names no stream of Betterworks."
        elif not isinstance(path, str) or _RELATIVE_PATH.fullmatch(path) is None:
            yield f"paths.{name} must be a path below betterworks.url, as {PATHS[stream_of(name)]}"


def stream_of(name: str) -> str:
    """Return the name of a stream, also if it came without the vendor's."""
    return name if name.startswith("betterworks_") else f"betterworks_{name}"


def path_of(stream: str, config: Mapping[str, Any]) -> str:
    """Return the path of a stream's list."""
    given = {stream_of(name): path for name, path in config.get("paths", {}).items()}
    return f"{given.get(stream, PATHS[stream]).strip('/')}/"
