"""Runs of the target in this process, and the Singer lines that it takes."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tap_qa.errors import TapQAError
from target_qa.target import TargetQA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tap_qa.runtime.clock import Clock

Message = dict[str, Any]
Record = dict[str, Any]


@dataclass
class Run:
    """What a run left behind."""

    states: list[Any] = field(default_factory=list)
    failure: BaseException | None = None
    log: str = ""
    stderr: str = ""

    @property
    def told(self) -> str:
        """The failure's text."""
        assert isinstance(self.failure, TapQAError), repr(self.failure)
        return str(self.failure)

    def succeeded(self) -> Run:
        """Return this run if it did."""
        assert self.failure is None, repr(self.failure)
        return self


def run_target(
    config: dict[str, Any], messages: Iterable[Message], *, clock: Clock, kind: type[TargetQA] = TargetQA
) -> Run:
    """Run the target over messages until they end or it fails."""
    run = Run()
    out, err = io.StringIO(), io.StringIO()
    lines = io.StringIO("".join(json.dumps(message) + "\n" for message in messages))
    clocked: type[TargetQA] = type("ClockedTargetQA", (kind,), {"clock": clock})
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _heard() as log, _own_signals():
        try:
            clocked(config=config).listen(lines)
        except BaseException as failure:  # noqa: BLE001 - a kill is one of them
            run.failure = failure
    run.states = [json.loads(line) for line in out.getvalue().splitlines()]
    run.log, run.stderr = log.getvalue(), err.getvalue()
    return run


def schema(stream: str, columns: Iterable[str], keys: Sequence[str] = ("id",)) -> Message:
    """Make a SCHEMA message; types don't matter to the target."""
    return {
        "type": "SCHEMA",
        "stream": stream,
        "schema": {"type": "object", "properties": {column: {} for column in columns}},
        "key_properties": list(keys),
    }


def record(stream: str, **values: Any) -> Message:  # noqa: ANN401 - JSON is anything
    """Make a RECORD message."""
    return {"type": "RECORD", "stream": stream, "record": values}


def state(value: Any) -> Message:  # noqa: ANN401 - JSON is anything
    """Make a STATE message."""
    return {"type": "STATE", "value": value}


def table(stream: str, rows: Sequence[Record], keys: Sequence[str] = ("id",)) -> list[Message]:
    """Make the messages of a whole table."""
    columns = dict.fromkeys(column for row in rows for column in row)
    return [schema(stream, columns, keys), *(record(stream, **row) for row in rows), state({"rows": len(rows)})]


@contextlib.contextmanager
def _heard() -> Iterator[io.StringIO]:
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


@contextlib.contextmanager
def _own_signals() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
