"""The report: for people, and as JSON. Both hold shapes and readings only, and are searched before they go out."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tap_qa.probes.answers import Outcome
from tap_qa.probes.shapes import text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from tap_qa.doctor.examination import Result, VendorResults
    from tap_qa.probes.probe import Probe

REPORT_VERSION = 1
_FORBIDDEN = (
    re.compile(r"\S@\S"),
    re.compile(r"eyJ[\w-]+\.[\w-]+"),
    re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
    re.compile(r"\d{6,}"),
    re.compile(r"\w://"),
)
"""What looks like an address, a token, an id or a URL."""


_PRIVATE = re.compile(r"(^|_)(ids?|urls?|keys?|tokens?|secrets?)$")
_MIN_CHARS = 4


def private_values(config: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids, addresses and keys in the settings: texts that no report may hold."""

    def find(value: Any, *, is_private: bool) -> Iterator[str]:  # noqa: ANN401 - JSON
        if isinstance(value, dict):
            for name, part in value.items():
                yield from find(part, is_private=is_private or _PRIVATE.search(name) is not None)
        elif isinstance(value, (list, tuple)):
            for part in value:
                yield from find(part, is_private=is_private)
        elif is_private and value is not None:
            yield str(value)

    return frozenset(text for text in find(dict(config), is_private=False) if len(text) >= _MIN_CHARS)


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
    answer = result.answer
    entry: dict[str, Any] = {
        "id": result.probe.id,
        "group": result.probe.group,
        "outcome": answer.outcome.value,
        "reading": answer.reading,
        "requests": result.requests,
        "seconds": round(result.seconds, 1),
        "evidence": dict(answer.evidence),
    }
    if answer.suggestion is not None:
        entry["suggest"] = {
            "setting": answer.suggestion.setting,
            "value": answer.suggestion.value,
            "loses_rows": answer.suggestion.loses_rows,
        }
    return entry


def _checked(entry: dict[str, Any], secrets: Collection[str]) -> dict[str, Any]:
    """Return an entry, or what is left of it if something in it must not go out."""
    text = json.dumps([entry["reading"], entry["evidence"], entry.get("suggest")], ensure_ascii=False)
    if not any(pattern.search(text) for pattern in _FORBIDDEN) and not any(secret in text for secret in secrets):
        return entry
    return {
        **{name: entry[name] for name in ("id", "group", "requests", "seconds")},
        "outcome": Outcome.FAILED.value,
        "reading": "withheld",
        "evidence": {},
    }


def as_text(report: dict[str, Any], titles: Mapping[str, str], probes: Mapping[str, Probe]) -> Iterator[str]:
    """Yield the lines of a JSON report for people."""
    found = [(probes[entry["id"]], entry) for vendor in report["vendors"] for entry in vendor["probes"]]
    width = max((len(probe.question) for probe, _ in found), default=0)
    for vendor in report["vendors"]:
        yield titles[vendor["vendor"]]
        for entry in vendor["probes"]:
            probe = probes[entry["id"]]
            yield f"  {probe.id:4} {probe.question:{width}}  {entry['outcome']}: {_meaning(probe, entry)}"
        yield ""
    for title, lines in (
        ("To do", [_to_do(entry) for _, entry in found if "suggest" in entry]),
        ("Not known yet", list(_open_questions(found))),
    ):
        if lines:
            yield from (f"{title}:", *lines, "")


def _meaning(probe: Probe, entry: Mapping[str, Any]) -> str:
    """Return a reading in words."""
    if entry["outcome"] != Outcome.ANSWERED.value:
        return str(entry["reading"])
    evidence = {name: text_of(value) for name, value in entry["evidence"].items()}
    text = probe.readings[entry["reading"]].format_map(evidence)
    return f"{text} -> see To do" if "suggest" in entry else text


def _to_do(entry: Mapping[str, Any]) -> str:
    suggest = entry["suggest"]
    until = " Until then rows could be lost or wrong." if suggest["loses_rows"] else ""
    return f"  {entry['id']:4} {suggest['setting']}: {suggest['value']}.{until}"


def _open_questions(found: Sequence[tuple[Probe, Mapping[str, Any]]]) -> Iterator[str]:
    for probe, entry in found:
        if entry["outcome"] == Outcome.UNDECIDED.value:
            watch = f", or `--watch {probe.id}`" if probe.watch and probe.read else ""
            yield f"  {probe.id:4} {probe.question}: needs {entry['reading']}{watch}. Today: {probe.today}."
