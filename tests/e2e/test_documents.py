"""What documents show is what a newcomer gets: their commands run as they stand, and their rows are the sandbox's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tests.conftest import SMALL
from tests.support.clocks import machine_clock
from tools.docs.tables import documents

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"^ *```(bash|json)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
ASSIGNMENT = re.compile(r"^[A-Z_]+=(?:'[^']*'|\"[^\"]*\"|\S*)\s+")

PAGES = (
    "docs/quick-start.md",
    "docs/doctor.md",
    "docs/backfill.md",
    "docs/privacy.md",
    "docs/target-qa.md",
    "docs/scale.md",
)
"""Those whose commands run here, in this order."""

RUN_HERE = {"tap-qa", "tap-qa-doctor", "tap-something", "tail"}
"""What runs here as it stands; a target behind a pipe is one that confirms every state."""

RUN_ELSEWHERE = {
    ".venv/bin/pip": ".ci/run",
    ".venv/bin/tap-qa": ".ci/run",
    ".venv-docs/bin/python": ".ci/run",
    ".venv-transform/bin/python": ".ci/run",
    "dagster": "tests/e2e/test_many_workers.py",
    "dagster-daemon": "tests/e2e/test_many_workers.py",
    "dbt": "tests/transform/test_marts.py",
    "demo": "tests/e2e/test_demo.py",
    "loader-table": "tests/loaders/test_trials.py",
    "pip": ".ci/run",
    "pytest": ".ci/run",
    "python3": ".ci/run",
    "qa-report": "tests/report/test_command.py",
    "uv": ".ci/run",
}
"""Who runs what does not run here."""

NOT_RUN = {"cd", "cp", "export"}
"""Steps around the servers of an engine; tests/e2e/test_many_workers.py has them in Python."""

SCORE = {
    "id": 1,
    "assessment_id": "a1",
    "date_recorded": "2026-04-01T12:00:00Z",
    "score_id": "quality",
    "score_type": "NUMBER",
    "score_data": 87.5,
}
SCORES: dict[str, Any] = {
    "type": "SCHEMA",
    "stream": "canary_speech_scores",
    "key_properties": ["id"],
    "schema": {"properties": {name: {} for name in SCORE}},
}
SOURCE = f"""\
#!{sys.executable}
import json
print(json.dumps({SCORES}))
print(json.dumps({{"type": "RECORD", "stream": "canary_speech_scores", "record": {SCORE}}}))
"""
TARGET = f"""\
#!{sys.executable}
import json, sys
for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "STATE":
        print(json.dumps(message["value"]))
"""
UV = '#!/bin/sh\n[ "$1" = run ] && shift && exec "$@"\nexit 64\n'


class Command(NamedTuple):
    """One command of a page, and the program at its beginning."""

    page: str
    text: str

    @property
    def program(self) -> str:
        """What it starts, without variables before it and `uv run`."""
        text = self.text
        while found := ASSIGNMENT.match(text):
            text = text[found.end() :]
        return text.removeprefix("uv run ").split()[0]


def blocks(page: str, language: str) -> Iterator[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return (body for kind, body in BLOCK.findall(text) if kind == language)


def commands(page: str) -> Iterator[Command]:
    """Yield a page's commands; comments and what a comment shows of the output are none."""
    for block in blocks(page, "bash"):
        for line in block.replace("\\\n", " ").splitlines():
            text = re.sub(r"(?:^|\s+)# .*", "", line.strip())
            yield from (Command(page, part.strip()) for part in text.split(" && ") if part.strip())


def all_commands() -> list[Command]:
    pages = [path.relative_to(ROOT).as_posix() for path in documents(ROOT)]
    return [command for page in pages for command in commands(page)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the pages speak of, and programs in place of those that they leave open."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in {
        "uv": UV,
        "tap-something": SOURCE,
        "target-something": TARGET,
        "target-postgres": TARGET,
    }.items():
        program = programs / name
        program.write_text(text)
        program.chmod(0o755)
    return tmp_path


def run(command: Command, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(folder / "programs"), str(BIN), os.environ["PATH"]])
    return subprocess.run(  # noqa: S603 - our own commands
        ["bash", "-o", "pipefail", "-c", command.text],  # noqa: S607
        cwd=folder,
        env={**os.environ, "PATH": path},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def json_block(page: str, holding: str) -> dict[str, Any]:
    return next(parsed for block in blocks(page, "json") if holding in (parsed := json.loads(block.replace("…", "x"))))


@pytest.mark.slow
def test_the_commands_of_the_pages_run_in_order(folder: Path) -> None:
    vendor = Scorebuddy(machine_clock(), SMALL)
    shown = json_block("docs/quick-start.md", "scorebuddy")
    output: dict[str, list[str]] = {}
    with Sandbox([vendor], clock=vendor.clock) as sandbox:
        config = sandbox.config()
        assert shown.keys() == config.keys()
        assert shown["scorebuddy"].keys() <= {*config["scorebuddy"], "timezone"}
        (folder / "config.json").write_text(json.dumps(config))
        (folder / "target.json").write_text("{}")
        (folder / "target-qa.json").write_text(json.dumps(json_block("docs/target-qa.md", "dry_run")))
        (folder / "maps.json").write_text(json.dumps(json_block("docs/privacy.md", "stream_maps")))
        for command in (command for page in PAGES for command in commands(page)):
            if command.program not in RUN_HERE:
                continue
            done = run(command, folder)
            assert done.returncode == 0, f"{command.page}: {command.text}\n{done.stderr}"
            output.setdefault(command.page, []).append(done.stdout)
    states = (folder / "states.jsonl").read_text().splitlines()
    assert "scorebuddy_scores" in json.loads((folder / "state.json").read_text())["bookmarks"]
    assert len(states) > 2, "each sync and each target adds its own"
    hashed, mapped = output["docs/privacy.md"][-2:]
    assert '"type":"RECORD"' in hashed
    assert not re.search(r"\w@\w", hashed + mapped), "an address"
    assert '"reference"' in hashed
    assert '"reference"' not in "".join(line for line in mapped.splitlines() if '"scorebuddy_scores"' in line)


def test_every_command_of_a_page_is_run_by_some_test() -> None:
    known = RUN_HERE | RUN_ELSEWHERE.keys() | NOT_RUN | {"meltano"}
    assert [command for command in all_commands() if command.program not in known] == []
    assert [command for command in all_commands() if command.program in RUN_HERE and command.page not in PAGES] == []
    assert [path for path in RUN_ELSEWHERE.values() if not (ROOT / path).exists()] == []


def test_the_plugins_commands_and_jobs_that_pages_name_are_meltanos() -> None:
    project = yaml.safe_load((ROOT / "meltano.yml").read_text(encoding="utf-8"))
    plugins = [plugin for kind in project["plugins"].values() for plugin in kind]
    known = {plugin["name"] for plugin in plugins} | {job["name"] for job in project["jobs"]}
    known |= {f"{plugin['name']}:{name}" for plugin in plugins for name in plugin.get("commands", {})}
    named = {
        word
        for command in all_commands()
        if command.program == "meltano"
        for word in command.text.partition("meltano ")[2].split()[1:]
        if not word.startswith("--") and word != "test"
    }
    assert {"tap-qa", "target-postgres", "tap-qa:doctor"} <= named <= known


@pytest.mark.slow
def test_the_example_rows_are_the_sandboxs() -> None:
    command = [sys.executable, "-m", "tools.docs", "--check", "--examples"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - our own command
    assert done.stdout == ""
