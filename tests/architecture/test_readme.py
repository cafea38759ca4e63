"""What the README and its companions tell a newcomer is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.docs.plugin_facts import PluginFacts, tap_facts, target_facts

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE_BLOCK = re.compile(r"^ *```\w*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
ELLIPSIS = "` … `"


@pytest.fixture(scope="module")
def facts() -> PluginFacts:
    return tap_facts()


def test_the_first_two_code_blocks_are_all_that_a_newcomer_types() -> None:
    blocks = [block.strip() for block in CODE_BLOCK.findall(README)]
    assert blocks[:2] == ["pip install uv && uv run demo", "pip install uv && uv run pytest"]


def test_the_environment_variables_it_names_are_settings(facts: PluginFacts) -> None:
    texts = README + (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:TAP|TARGET)_QA_(?!_)[A-Z_]+[A-Z]", texts)) - {"TAP_QA_LOGLEVEL"}
    assert named <= {setting.variable for setting in (*facts.settings, *target_facts().settings)}


def test_the_example_environment_names_every_setting(facts: PluginFacts) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    settings = [each for each in (*facts.settings, *target_facts().settings) if not each.sdk]
    assert [each.variable for each in settings if f"{each.variable}=" not in example] == []


def test_the_settings_it_names_exist(facts: PluginFacts) -> None:
    named = {name for name in re.findall(r"`(\w+\.\w+)`", README) if name.split(".")[0] in facts.vendors}
    assert named <= {setting.name for setting in facts.settings}


def test_the_streams_it_names_exist(facts: PluginFacts) -> None:
    vendors = "|".join(facts.vendors)
    named = set(re.findall(rf"\b(?:{vendors})_\w+", README)) - {name for name in facts.vendors if "_" in name}
    assert named == {stream.name for stream in facts.streams} | {"maestroqa_tickets"}, "a stream of target-qa"


def test_the_messages_it_explains_are_the_taps_own() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tap_qa").rglob("*.py")))
    table = README.partition("## Troubleshooting")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
    parts = [part for cell in cells for part in cell.strip("`").split(ELLIPSIS) if not part.startswith("HTTP 4")]
    assert len(parts) > 9
    assert [part for part in parts if part not in code] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_its_links_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]
    dead = [each for each in targets if not (each[1:] in anchors if each.startswith("#") else (ROOT / each).exists())]
    assert dead == []


def test_adding_a_stream_takes_at_most_ten_steps() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## How to add a stream")[2]
    assert 1 <= len(re.findall(r"^\d+\. ", guide, re.MULTILINE)) <= 10
