"""Checks the bodies of requests by the vendor's article: an optional parameter, if sent, must hold a valid value."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

from qa_sandbox.vendors.maestroqa.dataset import SCORE_FILES
from qa_sandbox.vendors.maestroqa.export_jobs import ExportOptions, Kind

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_KEYS: dict[Kind, set[str]] = {
    "raw": {"startDate", "endDate", "name", "singleFileExport", "includeCalibrations", "includeGraderQA", "apiToken"},
    "groups": {"name", "includeUnavailable", "apiToken"},
    "audit_log": {"startDate", "endDate", "name", "apiToken"},
}
_INTERVALS = ("day", "week", "month")


class InvalidParameter(Exception):  # noqa: N818 -- the vendor's words
    """A parameter is missing, unknown, null or wrong.

    Attributes:
        name: Which.
    """

    def __init__(self, name: str) -> None:
        """A parameter by its name."""
        super().__init__(f"Invalid parameter: {name}")
        self.name = name


def parse_options(kind: Kind, body: dict[str, Any]) -> ExportOptions:
    """The export that a body asks for.

    Raises:
        InvalidParameter: The vendor would answer 422.
    """
    _check_keys(body, _KEYS[kind])
    if not isinstance(body.get("name", ""), str):
        raise InvalidParameter(name="name")
    if kind == "groups":
        return ExportOptions(kind, include_unavailable=_switch(body, "includeUnavailable"))
    start, end = _instant(body, "startDate"), _instant(body, "endDate")
    if start >= end:
        raise InvalidParameter(name="endDate")
    if kind == "audit_log":
        return ExportOptions(kind, start, end)
    return ExportOptions(
        kind,
        start,
        end,
        single_file=_choice(body, "singleFileExport", SCORE_FILES) if "singleFileExport" in body else None,
        calibrations=_choice(body, "includeCalibrations", ("all", "none", "only"), "none"),
        grader_qa=_switch(body, "includeGraderQA"),
    )


def usage_of(body: dict[str, Any]) -> tuple[list[str], str]:
    """The groups and the interval that a body asks for.

    Raises:
        InvalidParameter: The vendor would answer 422.
    """
    _check_keys(body, {"groupIds", "interval", "apiToken"})
    groups = body.get("groupIds")
    if not isinstance(groups, list) or not groups or not all(isinstance(group, str) for group in groups):
        raise InvalidParameter(name="groupIds")
    return groups, _choice(body, "interval", _INTERVALS)


def _check_keys(body: dict[str, Any], known: set[str]) -> None:
    if unknown := set(body) - known:
        raise InvalidParameter(min(unknown))


def _instant(body: dict[str, Any], name: str) -> datetime:
    text = body.get(name)
    if not isinstance(text, str) or not _STAMP.fullmatch(text):
        raise InvalidParameter(name)
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError as error:
        raise InvalidParameter(name) from error


def _switch(body: dict[str, Any], name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise InvalidParameter(name)
    return value


def _choice(body: dict[str, Any], name: str, choices: tuple[str, ...], default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str) or value not in choices:
        raise InvalidParameter(name)
    return value
