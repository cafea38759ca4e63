"""The definitions that Meltano's Hub would publish, in the places that they have in its repository."""

from __future__ import annotations

import re
from importlib.metadata import metadata
from typing import TYPE_CHECKING, Any

from tools.docs.definitions import as_yaml, extractor_definition, loader_definition
from tools.docs.markdown import COMMAND

if TYPE_CHECKING:
    from pathlib import Path

    from tools.docs.plugin_facts import PluginFacts

FOLDER = "hub"
LOGO = "/assets/logos/{kind}/qa.svg"
_PACKAGE = "tap-qa"


def hub_files(root: Path, tap: PluginFacts, target: PluginFacts) -> dict[Path, str]:
    """Return the text of both definitions."""
    urls = dict(line.split(", ", 1) for line in metadata(_PACKAGE).get_all("Project-URL") or [])
    variant = urls["Repository"].rstrip("/").split("/")[-2]
    plugins = {
        "extractors": {
            **_described("tap-qa", "Contact-centre QA", str(metadata(_PACKAGE)["Summary"]), urls),
            "commands": {"doctor": {"executable": "tap-qa-doctor", "args": "--config=ENV"}},
            **extractor_definition(tap),
        },
        "loaders": {
            **_described("target-qa", "Contact-centre QA", "Scores to Canary Speech, tickets to MaestroQA", urls),
            **loader_definition(target),
        },
    }
    return {
        root / FOLDER / "_data" / "meltano" / kind / plugin["name"] / f"{variant}.yml": f"# Written by `{COMMAND}`.\n"
        + as_yaml({**plugin, "variant": variant, "logo_url": LOGO.format(kind=kind)})
        for kind, plugin in plugins.items()
    }


def _described(name: str, label: str, description: str, urls: dict[str, str]) -> dict[str, Any]:
    classifiers = "\n".join(metadata(_PACKAGE).get_all("Classifier") or [])
    return {
        "name": name,
        "namespace": name.replace("-", "_"),
        "label": label,
        "description": description,
        "docs": urls["Documentation"],
        "repo": urls["Repository"],
        "pip_url": _PACKAGE,
        "executable": name,
        "maintenance_status": "beta",
        "quality": "unknown",  # the Hub's own judgement
        "keywords": ["api", "meltano_sdk", "contact centre", "quality assurance"],
        "supported_python_versions": re.findall(r":: (3\.\d+)$", classifiers, re.MULTILINE),
    }
