"""No row of docs/surprises.yaml stands without something that runs, and what it names is there."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from qa_loaders.results import read_results
from tools.docs.surprises import PARTS, Surprise, surprises

ROOT = Path(__file__).parents[2]
ROWS = list(surprises(ROOT))
PROOFS = sorted({proof for row in ROWS for proof in row.proof})
MIN_ROWS = 40
BARE_WORD = re.compile(r"(?:^|[:\[,{-])\s*(?:[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)\s*(?:[,\]}#]|$)", re.MULTILINE)


def _slug(row: Surprise) -> str:
    return f"{row.part}: {row.expect[:40]}"


@cache
def _functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@cache
def _unit_tests_of_marts() -> frozenset[str]:
    files = sorted((ROOT / "transform" / "models").rglob("*.yml"))
    found: list[dict[str, Any]] = []
    for file in files:
        found += yaml.safe_load(file.read_text(encoding="utf-8")).get("unit_tests", [])
    return frozenset(f"{test['model']}.{test['name']}" for test in found)


def exists(proof: str) -> bool:
    """Say whether what a row names is there, and whether the loader table says what the row says."""
    kind, _, rest = proof.partition(":")
    if kind == "dbt":
        return rest in _unit_tests_of_marts()
    if kind == "loaders":
        answer, _, verdict = rest.partition("=")
        loader, _, check = answer.partition(".")
        found = read_results().get(loader, {}).get("checks", {}).get(check, {})
        return bool(found.get("verdict") == verdict)
    path, _, name = proof.partition("::")
    if path.startswith("findings/"):
        return (ROOT / path).stat().st_mode & 0o111 != 0 and not name
    return path.startswith("tests/") and Path(path).name.startswith("test_") and name in _functions(ROOT / path)


def test_there_are_many_rows_of_each_part_that_a_user_touches() -> None:
    assert len(ROWS) >= MIN_ROWS
    assert {row.part for row in ROWS} == set(PARTS)
    assert len({row.expect for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=_slug)
def test_a_row_names_what_runs_it(row: Surprise) -> None:
    assert row.proof
    assert all((row.expect, row.seen, row.versions, row.answer))
    assert [proof for proof in row.proof if not exists(proof)] == []


@pytest.mark.parametrize(
    "proof",
    [
        "tests/architecture/test_surprises.py::test_that_nobody_wrote",
        "dbt:qa_agents.nothing",
        "loaders:jsonl.texts=loses",
        "loaders:jsonl.no-such-check=ok",
    ],
)
def test_what_does_not_exist_is_noticed(proof: str) -> None:
    assert not exists(proof)


@pytest.mark.slow
def test_the_tests_that_rows_name_are_collected() -> None:
    named = [proof for proof in PROOFS if proof.startswith("tests/")]
    command = [sys.executable, "-m", "pytest", "-n", "0", "-m", "", "--collect-only", *named]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - pytest
    assert done.returncode == 0, done.stdout[-2000:]
    collected = {line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line}
    assert set(named) <= collected


def test_no_yaml_of_ours_has_a_bare_yes_or_no() -> None:
    assert yaml.safe_load("[Yes, No]") == [True, False]
    folders = (ROOT / "transform", ROOT / "docs", ROOT / ".github", ROOT / "orchestrate")
    files = [ROOT / "meltano.yml", *(path for folder in folders for path in folder.rglob("*.y*ml"))]
    assert len(files) > 20
    found = {
        str(path.relative_to(ROOT)): BARE_WORD.findall(_without_strings(path.read_text(encoding="utf-8")))
        for path in files
    }
    assert {path: words for path, words in found.items() if words} == {}


def _without_strings(text: str) -> str:
    text = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", '""', text)
    return re.sub(r"^(\s*)(?:description|expect|seen|answer|versions|label): .*$", "", text, flags=re.MULTILINE)
