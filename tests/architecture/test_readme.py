"""What the README and the pages of docs/ tell a newcomer is so."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tools.docs.plugin_facts import PluginFacts, tap_facts, target_facts
from tools.docs.tables import documents

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*documents(ROOT), *(ROOT / name for name in ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = "".join(path.read_text(encoding="utf-8") for path in documents(ROOT))
MESSAGE_TABLE = re.compile(r"^\| message \|.*\n(?:\|.*\n)+", re.MULTILINE)
LINK = re.compile(r"\]\(([^)]+)\)")
CODE_BLOCK = re.compile(r"^ *```\w*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
ELLIPSIS = "` … `"


@pytest.fixture(scope="module")
def facts() -> PluginFacts:
    return tap_facts()


def test_the_first_two_code_blocks_are_all_that_a_newcomer_types() -> None:
    blocks = [block.strip() for block in CODE_BLOCK.findall(README)]
    assert blocks[:2] == ["pip install uv && uv run demo", "pip install uv && uv run pytest"]


def test_the_environment_variables_it_names_are_settings(facts: PluginFacts) -> None:
    texts = PAGES + (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:TAP|TARGET)_QA_(?!_)[A-Z_]+[A-Z]", texts)) - {"TAP_QA_LOGLEVEL"}
    assert named <= {setting.variable for setting in (*facts.settings, *target_facts().settings)}


def test_the_example_environment_names_every_setting(facts: PluginFacts) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    settings = [each for each in (*facts.settings, *target_facts().settings) if not each.sdk]
    assert [each.variable for each in settings if f"{each.variable}=" not in example] == []


def test_the_settings_it_names_exist(facts: PluginFacts) -> None:
    named = {name for name in re.findall(r"`(\w+\.\w+)`", PAGES) if name.split(".")[0] in facts.vendors}
    assert named <= {setting.name for setting in (*facts.settings, *target_facts().settings)}


def test_the_streams_it_names_exist(facts: PluginFacts) -> None:
    vendors = "|".join(facts.vendors)
    named = set(re.findall(rf"[`\[]((?:{vendors})_\w+[^\W_])[`\]]", PAGES)) - set(facts.vendors)
    assert named == {stream.name for stream in facts.streams} | {"maestroqa_tickets", "betterworks_checkins"}, (
        "streams of target-qa"
    )


def test_the_messages_that_pages_explain_are_our_own() -> None:
    packages = (ROOT / "tap_qa", ROOT / "report" / "qa_report")
    code = "".join(_literals(path) for package in packages for path in sorted(package.rglob("*.py")))
    cells = re.findall(r"^\| (`.*?`) \|", "".join(MESSAGE_TABLE.findall(PAGES)), re.MULTILINE)
    parts = [part for cell in cells for part in cell.strip("`").split(ELLIPSIS) if not part.startswith("HTTP 4")]
    assert len(parts) > 20
    assert [part for part in parts if part not in code] == []


def _literals(path: Path) -> str:
    """Return the texts of a module, each as one, however many lines its source gives it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return "\n".join(
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_its_links_lead_somewhere(document: Path) -> None:
    targets = [target for target in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not _exists(document, target)] == []


def _exists(document: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = document.parent / name if name else document
    return path.exists() and (not anchor or anchor in _anchors(path))


@cache
def _anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        linked = {
            (page.parent / target.partition("#")[0]).resolve() for target in LINK.findall(page.read_text("utf-8"))
        }
        waiting += [path for path in linked - seen if path.suffix == ".md" and path.exists() and path not in waiting]
    assert [page for page in documents(ROOT) if page not in seen] == []


def test_adding_a_stream_takes_at_most_ten_steps() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## How to add a stream")[2]
    assert 1 <= len(re.findall(r"^\d+\. ", guide, re.MULTILINE)) <= 10
