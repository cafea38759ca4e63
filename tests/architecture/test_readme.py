"""What the README and its companions tell a newcomer is so."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from qa_sandbox.clock import SandboxClock
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from qa_sandbox.vendors.scorebuddy.seed_data import Size
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


@pytest.mark.slow
def test_the_recipe_for_personal_data_hides_it_and_survives_nulls(tmp_path: Path) -> None:
    recipe = yaml.safe_load(README.partition("```yaml\n")[2].partition("```")[0])
    config = tmp_path / "config.json"
    clock = SandboxClock()
    with Sandbox([Scorebuddy(clock, Size(days=5)), "betterworks"], clock=clock) as sandbox:
        hidden = {row["last_name"] for row in sandbox.expected_records("scorebuddy_employees").values()}
        config.write_text(json.dumps({**sandbox.config(), **recipe}), encoding="utf-8")
        done = subprocess.run(  # noqa: S603
            [Path(sys.executable).with_name("tap-qa"), "--config", config], capture_output=True, text=True, check=True
        )
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    mapped = [
        each["record"] for each in messages if each["type"] == "RECORD" and each["stream"] in recipe["stream_maps"]
    ]
    assert len(mapped) > 100
    values = {value for record in mapped for value in record.values() if isinstance(value, str)}
    assert hidden.isdisjoint(values)
    assert not any("@" in value for value in values)
    assert all("_unmapped" not in record for record in mapped)
