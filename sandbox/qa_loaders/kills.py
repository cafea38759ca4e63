"""Many rows through a loader that is stopped half-way, and the next run: what is lost, doubled or stuck afterwards."""

from __future__ import annotations

import contextlib
import json
import signal
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any

import psycopg

from qa_harness.given_rows import STREAM, write_messages
from qa_loaders.checks import ANSWERS, INSTANT, NUMBER, TEXT
from tap_qa.singer.schemas import with_unmapped

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from qa_loaders.stores import Row
    from qa_loaders.trial import Bench

WINDOWS = 40
SIGNALS = {"SIGKILL": signal.SIGKILL, "SIGTERM": signal.SIGTERM}
_COLUMNS = {"edited_at": INSTANT, "score": NUMBER, "comment": TEXT, "answers": ANSWERS}


@dataclass(frozen=True)
class Counts:
    """What is stored: rows, and how many keys of those that were sent are there."""

    rows: int
    keys: int
    unreadable: int
    missing_of_confirmed: int = 0

    @property
    def doubled(self) -> int:
        """Rows beyond one a key."""
        return self.rows - self.unreadable - self.keys


@dataclass(frozen=True)
class KillResult:
    """One kill and the next run.

    Attributes:
        signal: What the loader was sent, once it had been handed half of the messages.
        rows: How many rows the whole has.
        status: The exit status of the stopped run.
        confirmed: How many rows the last STATE that it handed back speaks for.
        lost: How many of those are not stored.
        stored: Rows that are stored after the stop.
        next_status, next_seconds: How the next run ended, which reads on from that STATE.
        missing, doubled, unreadable: After the next run: keys that lack, rows beyond one a key, broken lines.
        leftovers: Tables and files that nobody asked for.
    """

    signal: str
    rows: int
    status: int
    confirmed: int
    lost: int
    stored: int
    next_status: int
    next_seconds: float
    missing: int
    doubled: int
    unreadable: int
    leftovers: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as results.json keeps it."""
        return {**asdict(self), "next_seconds": round(self.next_seconds, 1)}


def write_rows(path: Path, rows: int) -> None:
    """Write the messages of one run: windows of evaluations, each followed by its STATE."""
    with path.open("wb") as file:
        write_messages(
            file,
            schema=with_unmapped({"type": "object", "properties": {"id": {"type": "integer"}, **_COLUMNS}}),
            replication_key="edited_at",
            windows=_windows(rows),
        )


def _windows(rows: int) -> Iterator[list[bytes]]:
    each = rows // WINDOWS
    for first in range(0, rows, each):
        yield [_row(number) for number in range(first, min(first + each, rows))]


def _row(number: int) -> bytes:
    row = {
        "id": number,
        "edited_at": f"2026-01-{number % 28 + 1:02}T12:00:00Z",
        "score": number % 201 / 2,
        "comment": f"Evaluation {number}:\ngreeted, listened, closed.",
        "answers": [{"question": "Q1", "points": 0.5}, {"question": "Q2", "points": None}],
    }
    return json.dumps(row).encode()


def kill(bench: Bench, messages: Path, rows: int, name: str) -> KillResult:
    """Stop a loader half-way, then let the next run read on from the STATE that was handed back."""
    stopped = bench.load(messages, _half(SIGNALS[name]))
    rest = messages.with_name(f"{bench.loader.name}-{name}.jsonl")
    confirmed = _write_rest(messages, rest, stopped.states[-1] if stopped.states else None)
    after = _count(bench, rows, confirmed)
    following = bench.load(rest)
    rest.unlink()
    end = _count(bench, rows, rows)
    return KillResult(
        signal=name,
        rows=rows,
        status=stopped.status,
        confirmed=confirmed,
        lost=after.missing_of_confirmed,
        stored=after.rows,
        next_status=following.status,
        next_seconds=following.seconds,
        missing=rows - end.keys,
        doubled=end.doubled,
        unreadable=end.unreadable,
        leftovers=tuple(_leftovers(bench)),
    )


def _half(sign: signal.Signals) -> Any:  # noqa: ANN401 - what `Bench.load` takes to feed a loader
    def feed(process: subprocess.Popen[bytes], file: IO[bytes]) -> None:
        left = file.seek(0, 2) // 2
        file.seek(0)
        assert process.stdin is not None  # noqa: S101 - for the type checker
        with contextlib.suppress(BrokenPipeError):
            while left > 0:
                piece = file.read(min(left, 1 << 16))
                process.stdin.write(piece)
                left -= len(piece)
            process.stdin.flush()
        process.send_signal(sign)

    return feed


def _write_rest(messages: Path, rest: Path, state: Any) -> int:  # noqa: ANN401 - JSON
    """Write what a run sends that starts with this state, and return how many rows the state speaks for."""
    confirmed = rows = 0
    with messages.open("rb") as source, rest.open("wb") as target:
        for line in source:
            if line.startswith(b'{"type":"SCHEMA"'):
                target.write(line)
                begin = target.tell()
                continue
            rows += line.startswith(b'{"type":"RECORD"')
            target.write(line)
            if state and line.startswith(b'{"type":"STATE"') and json.loads(line)["value"] == state:
                confirmed = rows
                target.seek(begin)
                target.truncate()
    return confirmed


def _count(bench: Bench, rows: int, confirmed: int) -> Counts:
    seen = bytearray(rows)
    total = unreadable = 0
    for row in bench.loader.rows(bench.place, STREAM):
        total += 1
        number = _id(row)
        if number is None:
            unreadable += 1
        else:
            seen[number] = 1
    return Counts(total, sum(seen), unreadable, confirmed - sum(seen[:confirmed]))


def _id(row: Row) -> int | None:
    try:
        return int(row["id"])
    except (KeyError, TypeError, ValueError):
        return None


def _leftovers(bench: Bench) -> Iterator[str]:
    place = bench.place
    if place.server is None:
        yield from sorted(path.name for path in place.folder.iterdir() if not path.name.startswith((STREAM, "data.db")))
        return
    with psycopg.connect(place.server.url) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = %s", [place.schema])
        yield from sorted(name for (name,) in tables if name != STREAM)
