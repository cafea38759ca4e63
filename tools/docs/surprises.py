"""The page of what surprised us, from one file; and where each row says that it is tested."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = "docs/surprises.yaml"
PAGE = "docs/surprises.md"
PARTS = {
    "loader": "Loaders",
    "Meltano": "Meltano and its SDK",
    "warehouse": "Warehouses and what computes beside them",
    "engine": "Engines and schedules",
    "zone": "Time zones",
    "statistics": "Statistics and charts",
    "files": "Files",
}
HEAD = f"""# What surprised us

Where `tap-qa` meets what others build, a good guess is often wrong: here is what one expects, and what happens. Each
row was run, in the versions named, and names what says so if it changes: a test, a script in
[findings](../findings/README.md), or the [loader table](loaders.md).

Written by `uv run python -m tools.docs` from `{SOURCE}`; a row without something that runs is refused.
"""


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


def surprises_page(root: Path) -> str:
    """Return the whole page."""
    rows = list(surprises(root))
    parts = [HEAD]
    for part, title in PARTS.items():
        cells = [
            (row.expect, row.seen, row.versions, row.answer, ", ".join(map(_link, row.proof)))
            for row in rows
            if row.part == part
        ]
        lines = [("one expects", "what happens", "versions", "what tap-qa does, or you can do", "what runs it")]
        lines += [("---",) * 5, *cells]
        table = "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
        parts.append(f"## {title}\n\n{table}\n")
    return "\n".join(parts)


def _link(proof: str) -> str:
    """Return a proof as a link with a short name."""
    kind, _, rest = proof.partition(":")
    if kind == "loaders":
        return f"[{rest.partition('=')[0]}](loaders.md)"
    if kind == "dbt":
        return f"`{rest}`"
    path, _, name = proof.partition("::")
    return f"[{name or PurePosixPath(path).stem}](../{path})"
