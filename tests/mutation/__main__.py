"""Break the code in one place after the other, and see whether the fast tests notice.

    python -m tests.mutation [--each 30] [--seed 1] [MODULE ...]

Of each module, so many mutants are drawn by the seed (0: all of them) and run by mutmut, whose settings are in
`pyproject.toml`. It ends with a table; `mutmut show NAME` shows one mutant.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path

MUTANTS = Path("mutants")
MAX_BYTES = 3 << 30
"""A mutant that never ends must not take all of the machine's memory before its time is over."""
CAUGHT = frozenset({1, 3})
UNCOVERED = frozenset({5, 33})
Results = dict[str, "int | None"]


def results() -> dict[str, Results]:
    """Return how the tests of each mutant ended, by module; None for those that were not run."""
    found = {}
    for path in sorted(MUTANTS.glob("tap_qa/**/*.meta")):
        ends: Results = json.loads(path.read_text())["exit_code_by_key"]
        if ends:
            found[str(path.relative_to(MUTANTS / "tap_qa")).removesuffix(".meta")] = ends
    return found


def drawn(module: str, names: Results, each: int, seed: int) -> list[str]:
    """Draw mutants of a module; the same ones for the same seed."""
    rng = random.Random(f"{seed} {module}")  # noqa: S311 - a sample
    return sorted(rng.sample(sorted(names), min(each or len(names), len(names))))


def table(samples: dict[str, list[str]]) -> list[str]:
    """Compose a line for each module, one for all of them, and the names of the survivors."""
    ends = _ends()
    lines, survivors, total = [f"{'module':24} mutants  caught  endless  survived  uncovered"], [], Counter[str]()
    for module, names in samples.items():
        count = Counter(_kind(ends[name]) for name in names)
        total += count
        lines.append(_line(module, count))
        survivors += [f"survived: {name}" for name in names if _kind(ends[name]) in {"survived", "uncovered"}]
    share = (total["caught"] + total["endless"]) / max(total.total(), 1)
    return [*survivors, *lines, _line("all", total), f"{share:.1%} caught"]


def _ends() -> Results:
    return {name: end for names in results().values() for name, end in names.items()}


def _run(*names: str, children: int = 2) -> None:
    subprocess.run([sys.executable, "-m", "mutmut", "run", f"--max-children={children}", *names], check=False)  # noqa: S603


def _kind(end: int | None) -> str:
    if end is None:
        return "not run"
    if end in CAUGHT:
        return "caught"
    if end in UNCOVERED:
        return "uncovered"
    return "survived" if end == 0 else "endless"


def _line(module: str, count: Counter[str]) -> str:
    kinds = (count["caught"], count["endless"], count["survived"], count["uncovered"])
    return f"{module:24} {count.total():7} {kinds[0]:7} {kinds[1]:8} {kinds[2]:9} {kinds[3]:10}"


def main() -> None:
    """Make the mutants, run a sample of them and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--each", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("modules", nargs="*", help="as jobs/queue.py; all that pyproject.toml names by default")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
    # A first run of very few makes all of them.
    _run("tap_qa.state.windows.x_midnight__mutmut_1")
    samples = {
        module: drawn(module, names, options.each, options.seed)
        for module, names in results().items()
        if not options.modules or module in options.modules
    }
    chosen = [name for names in samples.values() for name in names]
    _run(*chosen)
    # On a busy machine, a mutant's time may be over before its tests are.
    late = [name for name, end in _ends().items() if name in chosen and _kind(end) == "endless"]
    if late:
        _run(*late, children=1)
    sys.stdout.write("\n".join(table(samples)) + "\n")


if __name__ == "__main__":
    main()
