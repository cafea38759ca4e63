"""The pages of the site: which files they are, where they stand, and their links from there."""

from __future__ import annotations

import os
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FROM_ELSEWHERE = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "findings/README.md": "findings.md",
}
"""Documents outside `docs/`, and the pages that they become."""

CHAPTERS = {
    "Start": ["quick-start", "vendors/*", "settings"],
    "Data": ["streams", "data-model", "marts", "report", "privacy"],
    "Operation": ["how-a-sync-works", "backfill", "scale", "loaders", "target-qa", "performance"],
    "Help": ["troubleshooting", "doctor", "surprises", "upgrade"],
    "Project": ["changelog", "architecture", "contributing", "security", "findings"],
}
"""The pages in the order of the navigation; those of `streams/` are below `streams`."""

_LINK = re.compile(r"(\]\()([^)\s]+)(\))")
_FENCE = re.compile(r"(^ *```.*?^ *```$)", re.DOTALL | re.MULTILINE)


def assemble(root: Path, target: Path, repository: str) -> None:
    """Write the pages to an empty folder, with a table of contents and links that hold there.

    Args:
        root: The checkout.
        target: The folder.
        repository: Address of the repository, for links to files that are no pages.
    """
    places = _places(root)
    for source, place in places.items():
        path = target / place
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix != ".md":
            path.write_bytes((root / source).read_bytes())
            continue
        text = _relinked((root / source).read_text(encoding="utf-8"), source, places, repository)
        path.write_text(text + _contents_below(place), encoding="utf-8")


def _places(root: Path) -> dict[str, str]:
    """Return the place in the site of each file that goes there, by its path in the repository."""
    own = (path for path in sorted((root / "docs").rglob("*")) if path.is_file())
    return {
        **{path.relative_to(root).as_posix(): path.relative_to(root / "docs").as_posix() for path in own},
        **{source: place for source, place in FROM_ELSEWHERE.items() if (root / source).exists()},
    }


def _relinked(text: str, source: str, places: Mapping[str, str], repository: str) -> str:
    def relink(found: re.Match[str]) -> str:
        name, mark, anchor = found[2].partition("#")
        if "://" in name or not name:
            return found[0]
        meant = os.path.normpath(PurePosixPath(source).parent / name)
        if meant in places:
            here = PurePosixPath(places[source]).parent
            return f"{found[1]}{os.path.relpath(places[meant], here)}{mark}{anchor}{found[3]}"
        return f"{found[1]}{repository}/blob/main/{meant}{mark}{anchor}{found[3]}"

    parts = _FENCE.split(text)  # every other one is a block of code
    return "".join(part if index % 2 else _LINK.sub(relink, part) for index, part in enumerate(parts))


def _contents_below(place: str) -> str:
    if place == "streams.md":
        return _contents("", ["streams/*"])
    if place == "index.md":
        return "".join(_contents(chapter, pages) for chapter, pages in CHAPTERS.items())
    return ""


def _contents(caption: str, pages: list[str]) -> str:
    options = [":hidden:", ":glob:", *([f":caption: {caption}"] if caption else [])]
    return "\n".join(["", "```{toctree}", *options, "", *pages, "```", ""])
