"""The loader table as docs/loaders.md shows it, from results.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_loaders.kills import SIGNALS
from qa_loaders.loaders import LOADERS
from qa_loaders.questions import TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qa_loaders.questions import Results

RESULTS = Path(__file__).with_name("results.json")
PAGE = "docs/loaders.md"


def read_results() -> Results:
    """Return what was found when the table was last written."""
    found: Results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    return found


def write_results(results: Results) -> None:
    """Keep what was found."""
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def loader_blocks() -> dict[str, str]:
    """Return the generated blocks of `docs/loaders.md`, by name."""
    results = read_results()
    return {"loader table": _matrix(results), "loaders": _details(results), "kills": _kills(results)}


def _matrix(results: Results) -> str:
    shown = [loader for loader in LOADERS if "checks" in results.get(loader.name, {})]
    head = ["what is sent", *(loader.title for loader in shown)]
    rows = [
        [title, *(_word(results[loader.name]["checks"][name]["verdict"]) for loader in shown)]
        for name, title in TITLES.items()
    ]
    return _table(head, rows)


def _word(verdict: str) -> str:
    return verdict if verdict == "ok" else f"**{verdict}**"


def _details(results: Results) -> str:
    parts = []
    for loader in LOADERS:
        found = results.get(loader.name)
        if found is None:
            continue
        parts.append(f"### {loader.title}\n")
        if "not_installed" in found:
            parts.append(f"`{loader.pins[0]}` does not install on Python {loader.python}: {found['not_installed']}\n")
        else:
            versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
            parts.append(f"{versions}. {loader.advice}\n")
            wrong = [
                [TITLES[name], _word(answer["verdict"]), answer["detail"]]
                for name, answer in found["checks"].items()
                if answer["verdict"] != "ok" and name in TITLES
            ]
            parts.append(
                (_table(["what is sent", "", "what is found"], wrong) if wrong else "All as it was sent.") + "\n"
            )
    return "\n".join(parts).rstrip("\n")


def _kills(results: Results) -> str:
    found = ((loader, results.get(loader.name, {}).get(sign)) for loader in LOADERS for sign in SIGNALS)
    rows = [list(_kill(loader.title, one)) for loader, one in found if one]
    head = ["loader", "signal", "rows sent", "exit status", "stored then", "its STATE speaks for", "of those lost",
            "the next run", "then missing", "doubled", "broken lines", "left over"]  # fmt: skip
    return _table(head, rows)


def _kill(title: str, one: dict[str, Any]) -> Iterator[str]:
    yield from (title, one["signal"])
    yield f"{one['rows'] // 2:,} of {one['rows']:,}"
    yield str(one["status"])
    yield from (f"{one[name]:,}" for name in ("stored", "confirmed", "lost"))
    yield f"status {one['next_status']}, {one['next_seconds']:.0f} s"
    yield from (f"{one[name]:,}" for name in ("missing", "doubled", "unreadable"))
    yield ", ".join(f"`{name}`" for name in one["leftovers"]) or "nothing"


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
