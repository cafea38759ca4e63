"""The command `loader-table`: what Singer loaders make of the tap's messages, from runs of the real ones.

    uv run loader-table                        # all loaders; says what is not as the table has it, and ends with 1
    uv run loader-table duckdb-1 jsonl --write # some; `python -m tools.docs` puts their answers into docs/loaders.md
    uv run loader-table --kill --rows 1000000  # a million rows, and a stop in the middle

Each loader is installed in an environment of its own below a temporary folder, and gets the same messages, which the
tap itself has written. It needs uv and the package index; PostgreSQL comes with the sandbox.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qa_loaders import kills
from qa_loaders.environment import InstallError, install
from qa_loaders.loaders import LOADERS, Loader
from qa_loaders.questions import TITLES, ask, write_all
from qa_loaders.results import read_results, write_results
from qa_loaders.trial import Bench
from qa_sandbox.demo.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

logger = logging.getLogger("loader-table")
ROWS = 100_000


def main(arguments: list[str] | None = None) -> None:
    """Run what the command line says."""
    names = [loader.name for loader in LOADERS]
    parser = argparse.ArgumentParser(prog="loader-table", description=__doc__.splitlines()[0])
    parser.add_argument("loaders", nargs="*", metavar="loader", help=f"of {', '.join(names)}; default all")
    parser.add_argument("--only", nargs="*", default=list(TITLES), metavar="check", help=f"of {', '.join(TITLES)}")
    parser.add_argument("--kill", action="store_true", help="stop loaders half-way through many rows, instead")
    parser.add_argument("--signals", nargs="*", choices=kills.SIGNALS, default=list(kills.SIGNALS), help="for --kill")
    parser.add_argument("--rows", type=int, default=ROWS, help=f"rows for --kill; default {ROWS}")
    parser.add_argument("--write", action="store_true", help="keep what is found, for docs/loaders.md")
    parser.add_argument("--folder", type=Path, help="where environments are made, and kept; default a temporary folder")
    chosen = parser.parse_args(arguments)
    unknown = ({*chosen.loaders} - {*names}) | ({*chosen.only} - {*TITLES})
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    logging.basicConfig(format="%(message)s")
    logger.setLevel(logging.INFO)
    loaders = [loader for loader in LOADERS if loader.name in (chosen.loaders or names)]
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loader-table-")))
        run = (
            _kill(loaders, chosen.signals, chosen.rows, scratch, chosen.folder)
            if chosen.kill
            else _ask(loaders, chosen.only, scratch, chosen.folder)
        )
        changed = []
        for name, answers in run:
            # Read anew, so that two runs side by side keep each other's.
            results = read_results()
            known = results.get(name, {})
            changed += _changes(name, known, answers)
            if chosen.write:
                write_results({**results, name: _merged(known, answers)})
    if not chosen.write:
        for line in changed:
            logger.warning("CHANGED %s", line)
        sys.exit(bool(changed))


def _ask(
    loaders: list[Loader], names: list[str], scratch: Path, folder: Path | None
) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield what each loader does with the checks."""
    with _taps_log_off():
        sent = write_all(scratch / "messages", names)
    with Postgres() as server:
        for loader in loaders:
            try:
                environment = install(loader, folder or scratch)
            except InstallError as error:
                logger.info("%s: %s", loader.name, error)
                yield loader.name, {"not_installed": str(error)}
                continue
            packages = tuple(pin.partition("==")[0] for pin in loader.pins if "==" in pin)
            logger.info("== %s", loader.title)
            answers = ask(partial(Bench.of, loader, environment, server, scratch), sent, names)
            yield loader.name, {"versions": environment.versions((*packages, "singer-sdk")), "checks": answers}


def _kill(
    loaders: list[Loader], signals: list[str], rows: int, scratch: Path, folder: Path | None
) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield what each of the loaders that are to be killed is left with."""
    messages = scratch / "rows.jsonl"
    with _taps_log_off():
        kills.write_rows(messages, rows)
    with Postgres() as server:
        for loader in (loader for loader in loaders if loader.is_killed):
            environment = install(loader, folder or scratch)
            for sign in signals:
                bench = Bench.of(loader, environment, server, scratch, sign.lower())
                found = kills.kill(bench, messages, rows, sign).as_json()
                logger.info("%s: %s", loader.name, found)
                yield loader.name, {sign: found}


@contextlib.contextmanager
def _taps_log_off() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _changes(name: str, known: Mapping[str, object], found: Mapping[str, object]) -> list[str]:
    """Return what differs from what the table says; details of a verdict, seconds and sizes may."""
    was, now = ({each: answer["verdict"] for each, answer in _checks(source).items()} for source in (known, found))
    changed = [f"{name}: {each}: {was.get(each)} is {now[each]}" for each in now if was.get(each) != now[each]]
    if "not_installed" in found and "not_installed" not in known:
        changed.append(f"{name}: does not install")
    return changed


def _merged(known: Mapping[str, object], found: dict[str, object]) -> dict[str, object]:
    """Return what is known of a loader with what was found now in its place."""
    if "not_installed" in found:
        return found
    return {**known, **found, "checks": {**_checks(known), **_checks(found)}}


def _checks(answers: Mapping[str, object]) -> dict[str, dict[str, str]]:
    found = answers.get("checks", {})
    assert isinstance(found, dict)  # noqa: S101 - for the type checker
    return found


if __name__ == "__main__":
    main()
