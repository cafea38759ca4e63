"""What `hub/` says of tap and target is what they say, in the form that Meltano's Hub takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.docs.plugin_facts import PluginFacts, tap_facts, target_facts

ROOT = Path(__file__).parents[2]
HUB = ROOT / "hub"
REQUIRED = {"name", "namespace", "variant", "quality", "label", "logo_url", "settings", "pip_url", "repo"}
KINDS = {"array", "boolean", "date_iso8601", "decimal", "integer", "object", "options", "password", "string"}


@pytest.fixture(params=[("extractors", tap_facts), ("loaders", target_facts)], ids=["tap-qa", "target-qa"])
def plugin(request: pytest.FixtureRequest) -> tuple[dict[str, Any], PluginFacts]:
    kind, facts = request.param
    (path,) = (HUB / "_data" / "meltano" / kind).rglob("*.yml")
    definition: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert path.relative_to(HUB / "_data" / "meltano" / kind).parts == (
        definition["name"],
        f"{definition['variant']}.yml",
    )
    return definition, facts()


def test_a_definition_says_what_about_says(plugin: tuple[dict[str, Any], PluginFacts]) -> None:
    definition, facts = plugin
    assert definition["capabilities"] == list(facts.capabilities)
    assert [setting["name"] for setting in definition["settings"]] == [setting.name for setting in facts.settings]
    secret = [setting["name"] for setting in definition["settings"] if setting.get("sensitive")]
    assert secret == [setting.name for setting in facts.settings if setting.secret]
    shown = {setting["name"]: setting.get("value") for setting in definition["settings"]}
    assert {name: value for name, value in shown.items() if value is not None} == {
        setting.name: setting.default
        for setting in facts.settings
        if setting.default not in (None, {}, []) and not setting.group
    }


def test_a_definition_has_what_the_hub_wants(plugin: tuple[dict[str, Any], PluginFacts]) -> None:
    definition, _ = plugin
    assert definition.keys() >= REQUIRED
    assert {setting["kind"] for setting in definition["settings"]} <= KINDS
    assert all(setting["label"] and setting["description"] for setting in definition["settings"])
    assert (HUB / "static" / definition["logo_url"].lstrip("/")).is_file()
    names = {setting["name"] for setting in definition["settings"]}
    assert all(set(group) <= names for group in definition["settings_group_validation"])
