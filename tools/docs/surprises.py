"""The page of what surprised us, from one file; and where each row says that it is tested."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import yaml

from tools.docs.markdown import code, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = "docs/surprises.yaml"
PARTS = {
    "loader": "Loaders",
    "Meltano": "Meltano and its SDK",
    "warehouse": "Warehouses and what computes beside them",
    "engine": "Engines and schedules",
    "zone": "Time zones",
    "statistics": "Statistics and charts",
    "files": "Files",
}


@dataclass(frozen=True)
class Surprise:
    """One row: what is expected, what happens in which versions, what this project does, and what runs it."""

    part: str
    expect: str
    seen: str
    versions: str
    answer: str
    proof: tuple[str, ...]


def surprises(root: Path) -> Iterator[Surprise]:
    """Yield all rows."""
    for part, rows in yaml.safe_load((root / SOURCE).read_text(encoding="utf-8")).items():
        for row in rows:
            yield Surprise(part=part, **{**row, "proof": tuple(row["proof"])})


def surprises_text(root: Path) -> str:
    """Return a table for each part."""
    rows = list(surprises(root))
    head = ("one expects", "what happens", "versions", "what tap-qa does, or you can do", "what runs it")
    parts = [
        (title, [(row.expect, row.seen, row.versions, row.answer, _links(row)) for row in rows if row.part == part])
        for part, title in PARTS.items()
    ]
    return "\n".join(f"## {title}\n\n{table(head, cells)}" for title, cells in parts)


def _links(row: Surprise) -> str:
    return ", ".join(map(_link, row.proof))


def _link(proof: str) -> str:
    """Return a proof as a link with a short name."""
    kind, _, rest = proof.partition(":")
    if kind == "loaders":
        return f"[{rest.partition('=')[0]}](loaders.md)"
    if kind == "dbt":
        return code(rest)
    path, _, name = proof.partition("::")
    return f"[{name or PurePosixPath(path).stem}](../{path})"
