"""Tables and other blocks that the documents repeat from the tap and the target, and where they stand."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tools.docs.loader_tables import loader_blocks
from tools.docs.markdown import COMMAND, VENDORS, code, table
from tools.docs.stream_pages import raw_relations
from tools.docs.surprises import surprises_text
from tools.simulation.report import tables as simulated
from tools.transform.diagram import mart_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from tools.docs.plugin_facts import PluginFacts, ProbeFacts, Setting, StreamFacts

LIVE_RUNS: Mapping[str, str] = {}
"""What a doctor's report of a live tenant showed, by vendor; none has come yet."""
_BLOCK = re.compile(rf"(<!-- ([\w ]+): written by `{COMMAND}` -->\n).*?(<!-- end of \2 -->)", re.DOTALL)


def documents(root: Path) -> list[Path]:
    """Return the files that people read and that may hold generated blocks."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def blocks(root: Path, tap: PluginFacts, target: PluginFacts) -> dict[str, str]:
    """Return the text of every generated block, by name."""
    own = [setting for setting in tap.settings if not setting.sdk]
    by_vendor = {
        f"{kind} of {vendor}": table
        for vendor in tap.vendors
        for kind, table in (
            ("settings", setting_table(each for each in own if each.group == vendor)),
            ("streams", stream_table((each for each in tap.streams if each.vendor == vendor), "../streams")),
            ("probes", probe_table(each for each in tap.probes if each.vendor == vendor)),
        )
    }
    return {
        "vendors": _vendor_table(tap),
        "streams": stream_table(tap.streams, "streams"),
        "settings": setting_table(each for each in own if not each.group),
        "sdk settings": setting_table(setting for setting in tap.settings if setting.sdk),
        "target settings": setting_table(setting for setting in target.settings if not setting.sdk),
        **by_vendor,
        "raw relations": raw_relations(root, tap),
        **mart_blocks(root),
        **loader_blocks(),
        "surprises": surprises_text(root),
        "simulation": simulated(),
    }


def pages(root: Path, texts: Mapping[str, str]) -> dict[Path, str]:
    """Return the documents with their blocks filled.

    Raises:
        ValueError: A document names a block that nobody writes, or a block stands nowhere.
    """
    filled = {path: path.read_text(encoding="utf-8") for path in documents(root)}
    named = [block for text in filled.values() for _, block, _ in _BLOCK.findall(text)]
    if set(named) != set(texts):
        msg = f"Blocks that stand nowhere, or that nobody writes: {sorted(set(named) ^ set(texts))}"
        raise ValueError(msg)

    def fill(found: re.Match[str]) -> str:
        return f"{found[1]}\n{texts[found[2]]}\n{found[3]}"

    return {path: _BLOCK.sub(fill, text) for path, text in filled.items()}


def _vendor_table(tap: PluginFacts) -> str:
    return table(("vendor", "streams", "run against a live tenant"), _vendor_rows(tap))


def _vendor_rows(tap: PluginFacts) -> Iterator[tuple[str, str, str]]:
    for vendor, title in VENDORS.items():
        streams = [stream for stream in tap.streams if stream.vendor == vendor]
        by_default = sum(stream.selected_by_default for stream in streams)
        others = len(streams) - by_default
        count = f"{by_default}, and {others} to select" if others else str(by_default)
        yield f"[{title}](docs/vendors/{vendor}.md)", count, LIVE_RUNS.get(vendor, "never")


def stream_table(streams: Iterable[StreamFacts], folder: str) -> str:
    """Return a table of streams that leads to their pages in `folder`."""
    rows = [
        (
            f"[{stream.name}]({folder}/{stream.name}.md)",
            stream.summary + ("" if stream.selected_by_default else " **Not selected by default.**"),
            ", ".join(code(key) for key in stream.keys),
            stream.replication,
        )
        for stream in streams
    ]
    return table(("stream", "what it holds", "primary key", "replication"), rows)


def probe_table(probes: Iterable[ProbeFacts]) -> str:
    """Return a table of the doctor's probes."""
    rows = [
        (probe.id, probe.question, "; ".join(map(_any_evidence, probe.readings.values())), probe.today, probe.cost)
        for probe in probes
    ]
    return table(("probe", "what is asked", "what the answer may be", "as long as nobody knows", "costs"), rows)


def _any_evidence(reading: str) -> str:
    """Return a reading with dots where its evidence goes."""
    return reading.format_map(_Dots())


class _Dots(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def setting_table(settings: Iterable[Setting]) -> str:
    """Return a table of settings."""
    rows = [
        (
            f"`{setting.name}`{' *' if setting.required else ''}",
            _type(setting),
            "" if setting.default is None else f"`{plain(setting.default)}`",
            setting.description,
        )
        for setting in settings
    ]
    return table(("setting", "type", "default", "meaning"), rows)


def _type(setting: Setting) -> str:
    if setting.options:
        return ", ".join(f"`{option}`" for option in setting.options)
    return f"{setting.type}, secret" if setting.secret else setting.type


def plain(value: Any) -> str:  # noqa: ANN401 - any default
    """Return a default as people write it: a text bare, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
