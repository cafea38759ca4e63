"""The definitions of tap and target for Meltano, as `meltano.yml` and the Hub have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from tools.docs.markdown import VENDORS

if TYPE_CHECKING:
    from tools.docs.plugin_facts import PluginFacts, Setting

SPELLINGS = {"id": "ID", "ids": "IDs", "url": "URL", "api": "API", "qm": "QM", "qa": "QA", "sdk": "SDK"}
KINDS = {"date-time": "date_iso8601", "number": "decimal"}


class _Indented(yaml.SafeDumper):
    """Writes lists the way people do, set in under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, indentless=False)


def extractor_definition(facts: PluginFacts) -> dict[str, Any]:
    """Return the part of the extractor's definition that the tap itself knows."""
    unsure = [stream.name for stream in facts.streams if not stream.selected_by_default]
    select = ["*.*", *(f"!{name}.*" for name in unsure)]
    return {**_definition_of(facts, "start_date"), "select": select}


def loader_definition(facts: PluginFacts) -> dict[str, Any]:
    """Return the part of the loader's definition that the target itself knows."""
    return _definition_of(facts)


def as_yaml(definition: dict[str, Any], indent: str = "") -> str:
    """Return a definition as text, each line set in by `indent`."""
    text = yaml.dump(definition, Dumper=_Indented, sort_keys=False, width=112, allow_unicode=True)
    return "".join(f"{indent}{line}" for line in text.splitlines(keepends=True))


def _definition_of(facts: PluginFacts, *always: str) -> dict[str, Any]:
    return {
        "capabilities": list(facts.capabilities),
        "settings": [_definition(setting) for setting in facts.settings],
        "settings_group_validation": [
            [*always, *(each.name for each in facts.settings if each.group == vendor and each.required)]
            for vendor in facts.vendors
        ],
    }


def _definition(setting: Setting) -> dict[str, Any]:
    definition: dict[str, Any] = {"name": setting.name, "label": _label(setting)}
    if setting.secret:
        definition |= {"kind": "password", "sensitive": True}
    elif setting.options:
        definition["kind"] = "options"
        definition["options"] = [{"label": _words(str(option)), "value": option} for option in setting.options]
    else:
        definition["kind"] = KINDS.get(setting.type, setting.type)
    # A default inside a vendor's object would make the object, and so demand the vendor's credentials.
    if setting.default not in (None, {}, []) and not setting.group:
        definition["value"] = setting.default
    definition["description"] = setting.description
    return definition


def _label(setting: Setting) -> str:
    own = str(setting.schema.get("title") or _words(setting.name.rpartition(".")[2]))
    return f"{VENDORS[setting.group]}: {own}" if setting.group in VENDORS else own


def _words(name: str) -> str:
    words = [SPELLINGS.get(word, word) for word in name.split("_")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])
