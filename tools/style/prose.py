"""The prose that a user reads, in pieces: documents, descriptions of columns, and texts in the code."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGES = ("tap_qa", "target_qa", "report/qa_report")
_DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
_GENERATED = ("docs/streams/",)
_MIN_WORDS = 4  # fewer are a name or a key
_NOT_PROSE = re.compile(r"```.*?^ *```$|<!--.*?-->|https?://\S+", re.DOTALL | re.MULTILINE)
_SQL = re.compile(r"^select ", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_CODE = re.compile(r"``.+?``|`[^`]+`|\b\w+[:_]\w+\b")


@dataclass(frozen=True)
class Prose:
    """One text, with the place that it stands at."""

    place: str
    text: str


def prose(root: Path) -> Iterator[Prose]:
    """Yield all of it."""
    for path in [*(root / name for name in _DOCUMENTS), *sorted((root / "docs").rglob("*.md"))]:
        name = path.relative_to(root).as_posix()
        if not name.startswith(_GENERATED):
            yield from _pieces_of_markdown(name, path.read_text(encoding="utf-8"))
    for path in sorted((root / "schemas").rglob("*.json")):
        for text in _descriptions(json.loads(path.read_text(encoding="utf-8"))):
            yield Prose(path.relative_to(root).as_posix(), without_code(text))
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            yield from (Prose(f"{name}:{line}", without_code(text)) for line, text in _texts(path))


def without_code(text: str) -> str:
    """Return a text with a number in the place of each piece of code."""
    number = count(1)
    return _CODE.sub(lambda _: f"«{next(number)}»", text)


def _pieces_of_markdown(name: str, text: str) -> Iterator[Prose]:
    """Yield paragraphs, items and cells, each with its line."""
    plain = _NOT_PROSE.sub(lambda found: "\n" * found[0].count("\n"), text)
    plain = _LINK.sub(r"\1", without_code(plain))
    line = 1
    for paragraph in re.split(r"(\n\s*\n|\n(?=\s*[-|]|\s*\d+\. ))", plain):
        pieces = paragraph.split("|") if paragraph.lstrip().startswith("|") else [paragraph]
        yield from (Prose(f"{name}:{line}", piece.strip()) for piece in pieces if piece.strip(" -\n"))
        line += paragraph.count("\n")


def _descriptions(schema: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(schema, dict):
        if isinstance(schema.get("description"), str):
            yield schema["description"]
        for inner in schema.values():
            yield from _descriptions(inner)


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield a module's texts of some words that are neither docstring nor SQL, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    statements = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in statements:
            continue
        if len(node.value.split()) >= _MIN_WORDS and not _SQL.search(node.value):
            yield node.lineno, node.value
