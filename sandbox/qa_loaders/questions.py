"""Asks a loader everything, and returns the answers as they are kept in results.json."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa_harness.clock import FakeClock, pace_by
from qa_harness.run import run_tap
from qa_loaders.checks import CHECKS, expected_rows, schemas
from qa_loaders.comparison import Found
from qa_loaders.trial import stop_when_read
from qa_sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from qa_loaders.checks import Row
    from qa_loaders.trial import Bench

logger = logging.getLogger("loader-table")
Answer = dict[str, str]
"""`verdict` (ok, differs, keeps, doubles, loses, stops) and `detail`, empty if there is no more to say."""

TWO_DAYS, STOPPED = "two-days", "stopped"
STOPPED_IN = "edits"
"""Whose first messages have come when the loader is stopped."""

TITLES = {
    TWO_DAYS: "all streams of the sandbox, first sync and the day after, value by value",
    **{check.name: check.title for check in CHECKS},
    STOPPED: "SIGTERM while the tap still has more to send",
}
"""The head of each row of the table, by the name of its check."""


@dataclass(frozen=True)
class Messages:
    """What is sent: files of one check, run after run, and what they should come to."""

    files: list[Path]
    expected: dict[str, dict[str, Row]]
    schemas: dict[str, Row]

    @classmethod
    def of(cls, files: list[Path]) -> Messages:
        """Work out what should be stored."""
        return cls(files, expected_rows(files), schemas(files))


def write_all(folder: Path, names: Collection[str]) -> dict[str, Messages]:
    """Write the messages of some checks."""
    found = {}
    for check in CHECKS:
        if check.name not in names and not (STOPPED in names and check.name == STOPPED_IN):
            continue
        place = folder / check.name
        place.mkdir(parents=True)
        found[check.name] = Messages.of(list(check.write(place)))
    return {**found, TWO_DAYS: Messages.of(write_two_days(folder))} if TWO_DAYS in names else found


def write_two_days(folder: Path) -> list[Path]:
    """Sync all simulated vendors, let a day pass, and sync again."""
    clock = FakeClock()
    files, state = [], None
    with Sandbox(clock=clock) as sandbox:
        pace_by(clock, sandbox)
        for day in range(2):
            run = run_tap(sandbox.config(), clock=clock, state=state).succeeded()
            path = folder / f"day-{day}.jsonl"
            path.write_bytes(run.stdout)
            files.append(path)
            state = run.state
            sandbox.pass_time(days=1)
    return files


def ask(bench: Callable[[str], Bench], sent: dict[str, Messages], names: Collection[str]) -> dict[str, Answer]:
    """Put some checks to a loader."""
    answers = {}
    for name in names:
        if name == STOPPED:
            answers[name] = _ask_to_stop(bench(name), sent[STOPPED_IN])
        else:
            answers[name] = _ask_one(bench(name), sent[name], strict_nulls=name == "nulls")
        logger.info("%s: %s", name, " ".join(answers[name].values()))
    return answers


def _ask_one(bench: Bench, messages: Messages, *, strict_nulls: bool) -> Answer:
    for path in messages.files:
        ended = bench.load(path)
        if ended.status:
            return {"verdict": "stops", "detail": ended.error}
    found = {
        stream: bench.compare(messages.expected[stream], schema, strict_nulls=strict_nulls)
        for stream, schema in messages.schemas.items()
    }
    if len(found) == 1:
        (one,) = found.values()
        return {"verdict": one.verdict, "detail": one.detail}
    return _summary(found)


def _summary(found: dict[str, Found]) -> Answer:
    """Return the answer of many streams: the worst verdict, and sums."""
    total = Found()
    for stream, one in found.items():
        total.rows += one.rows
        total.missing += one.missing
        total.repeated += one.repeated
        total.strange += one.strange
        for column, count in one.cells.items():
            total.cells[f"{stream}.{column}"] = count
    wrong = sum(total.cells.values())
    worst = "; ".join(f"{count:,} in `{column}`" for column, count in total.cells.most_common(3))
    told = [
        f"{total.rows:,} rows of {len(found)} streams",
        f"{total.missing:,} missing" if total.missing else "",
        f"{total.repeated:,} more than keys" if total.repeated else "",
        f"{total.strange:,} of no key" if total.strange else "",
        f"{wrong:,} values differ ({worst})" if wrong else "0 values differ",
    ]
    return {"verdict": total.verdict, "detail": ", ".join(filter(None, told))}


def _ask_to_stop(bench: Bench, messages: Messages) -> Answer:
    """Ask a loader to stop in the middle, with its input still open."""
    first = Messages.of(messages.files[:1])
    ended = bench.load(first.files[0], stop_when_read)
    ((stream, schema),) = first.schemas.items()
    missing = bench.compare(first.expected[stream], schema).missing
    stored = len(first.expected[stream]) - missing
    handed = "its STATE handed back" if ended.states else "no STATE"
    detail = f"status {ended.status}, {stored} of {stored + missing} rows stored, {handed}"
    if missing and ended.states:
        return {"verdict": "loses", "detail": detail}
    return {"verdict": "ok" if ended.status else "differs", "detail": detail}


Results = dict[str, dict[str, Any]]
"""By loader's name: `versions`, or `not_installed` with the reason; `checks`: answers by name; results by signal."""
