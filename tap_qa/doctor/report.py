"""The report: for people, and as JSON. Both hold shapes and readings only, and are searched before they go out."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tap_qa.probes.answers import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from tap_qa.doctor.examination import Result, VendorResults

REPORT_VERSION = 1
_FORBIDDEN = (
    re.compile(r"\S@\S"),
    re.compile(r"eyJ[\w-]+\.[\w-]+"),
    re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
    re.compile(r"\d{6,}"),
    re.compile(r"https?://"),
)
"""What looks like an address, a token, an id or a URL."""


def as_json(vendors: Sequence[VendorResults], *, version: str, day: date, secrets: Collection[str]) -> dict[str, Any]:
    """Return the report as JSON.

    Args:
        vendors: What was found.
        version: The tap's version.
        day: The date of the report.
        secrets: Values of settings that must not be in it.
    """
    return {
        "report": REPORT_VERSION,
        "tap_qa": version,
        "day": day.isoformat(),
        "vendors": [
            {"vendor": found.vendor, "probes": [_checked(_entry(result), secrets) for result in found.results]}
            for found in vendors
        ],
    }


def _entry(result: Result) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": result.probe.id,
        "group": result.probe.group,
        "outcome": result.answer.outcome.value,
        "reading": result.answer.reading,
        "requests": result.requests,
        "seconds": round(result.seconds, 1),
        "evidence": dict(result.answer.evidence),
    }
    if result.answer.suggestion is not None:
        entry["suggest"] = {"setting": result.answer.suggestion.setting, "value": result.answer.suggestion.value}
    return entry


def _checked(entry: dict[str, Any], secrets: Collection[str]) -> dict[str, Any]:
    """Return an entry, or what is left of it if something in it must not go out."""
    text = json.dumps([entry["reading"], entry["evidence"], entry.get("suggest")])
    if not any(pattern.search(text) for pattern in _FORBIDDEN) and not any(secret in text for secret in secrets):
        return entry
    return {
        **{name: entry[name] for name in ("id", "group", "requests", "seconds")},
        "outcome": Outcome.FAILED.value,
        "reading": "withheld",
        "evidence": {},
    }


def as_text(report: dict[str, Any], titles: dict[str, str], questions: dict[str, str]) -> Iterator[str]:
    """Yield the lines of a JSON report for people."""
    to_do, unknown = [], []
    for vendor in report["vendors"]:
        yield f"{titles[vendor['vendor']]}:"
        for probe in vendor["probes"]:
            suggest = probe.get("suggest")
            line = f"{probe['id']:4} {questions[probe['id']]:38} {probe['outcome']}: {probe['reading']}"
            if suggest:
                to_do.append(f"  {suggest['setting']}: {suggest['value']}")
                line += f" -> {suggest['setting']}: {suggest['value']}"
            if probe["outcome"] == Outcome.UNDECIDED.value:
                unknown.append(f"  {probe['id']:4} needs {probe['reading']}")
            yield line.rstrip()
        yield ""
    if to_do:
        yield from ("To do:", *to_do, "")
    if unknown:
        yield from ("Nobody knows yet:", *unknown, "")
    yield (
        "Nothing was sent anywhere. The JSON report (--format json, --output) holds no secret and no personal datum; "
        'read it, and attach it to an issue "vendor facts" if you like.'
    )
