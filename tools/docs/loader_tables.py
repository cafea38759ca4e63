"""The loader table, from what `loader-table` has found: see `sandbox/qa_loaders`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa_loaders.kills import SIGNALS
from qa_loaders.loaders import LOADERS
from qa_loaders.questions import TITLES
from qa_loaders.results import read_results
from tools.docs.markdown import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_loaders.questions import Results

KILLED = (
    "loader", "signal", "handed over", "exit status", "rows stored then", "rows its STATE speaks for",
    "of those missing", "the next run", "then missing", "rows more than keys", "broken lines", "left over",
)  # fmt: skip


def loader_blocks() -> dict[str, str]:
    """Return the generated blocks of `docs/loaders.md`, by name."""
    results = read_results()
    return {"loader table": _matrix(results), "loaders": _details(results), "kills": _kills(results)}


def _matrix(results: Results) -> str:
    shown = [loader for loader in LOADERS if "checks" in results[loader.name]]
    rows = [
        (title, *(_word(results[loader.name]["checks"][name]["verdict"]) for loader in shown))
        for name, title in TITLES.items()
    ]
    return table(("what is sent", *(loader.title for loader in shown)), rows)


def _word(verdict: str) -> str:
    return verdict if verdict == "ok" else f"**{verdict}**"


def _details(results: Results) -> str:
    parts = []
    for loader in LOADERS:
        found = results[loader.name]
        parts.append(f"### {loader.title}\n")
        if "not_installed" in found:
            parts.append(f"`{loader.pins[0]}` does not install: {found['not_installed']} {loader.advice}\n")
            continue
        versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
        parts.append(f"{versions}. {loader.advice}\n")
        wrong = [
            (title, _word(answer["verdict"]), answer["detail"])
            for name, title in TITLES.items()
            if (answer := found["checks"][name])["verdict"] != "ok"
        ]
        parts.append(table(("what is sent", "", "what is found"), wrong))
    return "\n".join(parts)


def _kills(results: Results) -> str:
    found = ((loader, results[loader.name].get(sign)) for loader in LOADERS for sign in SIGNALS)
    return table(KILLED, [tuple(_kill(loader.title, one)) for loader, one in found if one])


def _kill(title: str, one: dict[str, Any]) -> Iterator[str]:
    yield from (title, one["signal"])
    yield f"half of {one['rows']:,}"
    yield str(one["status"])
    yield from (f"{one[name]:,}" for name in ("stored", "confirmed", "lost"))
    yield f"status {one['next_status']}, {one['next_seconds']:.0f} s"
    yield from (f"{one[name]:,}" for name in ("missing", "doubled", "unreadable"))
    yield ", ".join(f"`{name}`" for name in one["leftovers"]) or "nothing"
