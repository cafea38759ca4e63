"""Tables and code of Markdown, and the names that documents share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

COMMAND = "uv run python -m tools.docs"
VENDORS = {
    "scorebuddy": "Scorebuddy",
    "maestroqa": "MaestroQA",
    "cxone": "NICE CXone",
    "betterworks": "Betterworks",
    "canary_speech": "Canary Speech",
}


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table; a cell's bars are escaped and its lines joined."""
    lines = (f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows)
    return "\n".join([f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *lines]) + "\n"


def code(text: str) -> str:
    """Return a text as code, whichever characters it has."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
