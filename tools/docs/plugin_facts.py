"""What the tap and the target say of themselves: what `meltano.yml`, documents and `.env.example` repeat."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SDK_SETTINGS = ("stream_maps", "stream_map_config", "faker_config", "flattening_", "batch_config")
SENTENCE_END = re.compile(r"(?<=\.) ")


@dataclass(frozen=True)
class Setting:
    """One setting, under its dotted name."""

    name: str
    schema: Mapping[str, Any]
    required: bool = False
    plugin: str = "tap-qa"

    @property
    def group(self) -> str:
        """The vendor or other object that it belongs to; empty for a setting of the whole tap."""
        return self.name.rpartition(".")[0]

    @property
    def sdk(self) -> bool:
        """Whether every tap made with the SDK has it."""
        return self.name.startswith(SDK_SETTINGS)

    @property
    def secret(self) -> bool:
        """Whether its value must never be shown."""
        return bool(self.schema.get("secret"))

    @property
    def description(self) -> str:
        """What it means."""
        return str(self.schema.get("description", ""))

    @property
    def default(self) -> Any:  # noqa: ANN401 - as the schema has it
        """Its value if none is given; None if there is none."""
        return self.schema.get("default")

    @property
    def options(self) -> list[Any]:
        """The only values that it takes; empty if any will do."""
        return [option for option in self.schema.get("enum", []) if option is not None]

    @property
    def type(self) -> str:
        """`string`, `integer`, `boolean`, `array`, `object` or `date-time`."""
        if self.schema.get("format") == "date-time":
            return "date-time"
        declared = self.schema.get("type", "string")
        names = [declared] if isinstance(declared, str) else [name for name in declared if name != "null"]
        return str(names[0])

    @property
    def variable(self) -> str:
        """The environment variable that Meltano's users set."""
        return f"{self.plugin}_{self.name}".replace("-", "_").replace(".", "_").upper()


@dataclass(frozen=True)
class StreamFacts:
    """One stream, as the catalog has it."""

    name: str
    description: str
    keys: tuple[str, ...]
    replication_key: str | None
    selected_by_default: bool
    vendor: str

    @property
    def summary(self) -> str:
        """The first sentence of the description."""
        return SENTENCE_END.split(self.description)[0]

    @property
    def replication(self) -> str:
        """How it is read."""
        return f"incremental by `{self.replication_key}`" if self.replication_key else "full table"


@dataclass(frozen=True)
class ProbeFacts:
    """One probe of the doctor, as `--list` has it."""

    vendor: str
    id: str
    group: str
    question: str
    readings: Mapping[str, str]
    today: str
    requests: tuple[str, ...]
    cost: str


@dataclass(frozen=True)
class PluginFacts:
    """All that a plugin says."""

    capabilities: tuple[str, ...]
    settings: tuple[Setting, ...]
    streams: tuple[StreamFacts, ...] = ()
    probes: tuple[ProbeFacts, ...] = ()

    @property
    def vendors(self) -> list[str]:
        """The vendors' names, in the order of their settings."""
        return list(dict.fromkeys(each.group for each in self.settings if each.group and not each.sdk))


@cache
def tap_facts() -> PluginFacts:
    """Ask the tap's own command line, as a user would."""
    facts = _facts("tap-qa")
    catalog = json.loads(_run("tap-qa", "--discover"))
    streams = sorted(
        (_stream(entry, facts.vendors) for entry in catalog["streams"]),
        key=lambda stream: (facts.vendors.index(stream.vendor), stream.name),
    )
    probes = json.loads(_run("tap-qa-doctor", "--list", "--format=json"))
    return PluginFacts(
        facts.capabilities, facts.settings, tuple(streams), tuple(ProbeFacts(**probe) for probe in probes)
    )


@cache
def target_facts() -> PluginFacts:
    """Ask the target's."""
    return _facts("target-qa")


def _facts(plugin: str) -> PluginFacts:
    about = json.loads(_run(plugin, "--about", "--format=json"))
    return PluginFacts(tuple(about["capabilities"]), tuple(_settings(about["settings"], plugin)))


def _run(plugin: str, *arguments: str) -> str:
    program = Path(sys.executable).with_name(plugin)
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout  # noqa: S603


def _settings(schema: Mapping[str, Any], plugin: str, prefix: str = "") -> Iterator[Setting]:
    required = schema.get("required", [])
    for name, inner in schema.get("properties", {}).items():
        # An object whose keys the user invents is one setting; one with keys of its own is a group of settings.
        if inner.get("properties") and not isinstance(inner.get("additionalProperties"), dict):
            yield from _settings(inner, plugin, f"{prefix}{name}.")
        else:
            yield Setting(f"{prefix}{name}", inner, required=name in required, plugin=plugin)


def _stream(entry: Mapping[str, Any], vendors: Iterable[str]) -> StreamFacts:
    about_all = next(each["metadata"] for each in entry["metadata"] if not each["breadcrumb"])
    return StreamFacts(
        name=entry["tap_stream_id"],
        description=entry["schema"].get("description", ""),
        keys=tuple(entry["key_properties"]),
        replication_key=entry.get("replication_key"),
        selected_by_default=bool(about_all.get("selected-by-default", True)),
        vendor=next(vendor for vendor in vendors if entry["tap_stream_id"].startswith(f"{vendor}_")),
    )
