"""Different records with one key are told, once a stream; identical ones are not."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_harness.run import run_tap, select
from qa_sandbox.http import effects
from tap_qa.streams.key_conflicts import KeyConflicts
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa_sandbox.vendors.betterworks import Betterworks
    from tests.conftest import OpenSandbox

USERS = "betterworks_users"
ROWS = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["a", "b"]), st.integers(0, 2)), max_size=30)
Row = msgspec.defstruct("Row", [("id", int), ("part", int), ("text", str), ("_window_end", int)], rename={"id": "id"})


def told(conflicts: KeyConflicts, caplog: pytest.LogCaptureFixture) -> list[str]:
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        conflicts.log_count()
    return [record.getMessage() for record in caplog.records]


@given(rows=ROWS)
def test_as_many_are_told_as_differ_from_the_first_of_their_key(rows: list[tuple[int, str, int]]) -> None:
    expected = len({(key, text) for key, text, _ in rows}) - len({key for key, _, _ in rows})
    records: list[list[Any]] = [
        [Row(key, 7, text, window) for key, text, window in rows],
        [{"id": key, "part": 7, "text": text, "_window_end": window} for key, text, window in rows],
    ]
    for some in records:
        conflicts = KeyConflicts("s", ["id", "part"], varying="_window_end")
        assert list(conflicts.watched(iter(some))) == some
        assert conflicts.count == expected


def test_the_message_names_stream_count_and_key(caplog: pytest.LogCaptureFixture) -> None:
    conflicts = KeyConflicts("a_stream", ["id", "part"])
    list(conflicts.watched(iter([{"id": 1, "part": 2, "text": text} for text in "abba"])))
    [line] = told(conflicts, caplog)
    assert line.startswith("a_stream: 1 records share id, part with a record of this run that differs")


def test_nobody_looks_beyond_the_limit(caplog: pytest.LogCaptureFixture) -> None:
    conflicts = KeyConflicts("s", ["id"], limit=2)
    list(conflicts.watched(iter([{"id": 1, "text": str(number)} for number in range(5)])))
    assert conflicts.count == 1
    assert len(told(conflicts, caplog)) == 1


OUTPUTS: dict[str, dict[str, Any]] = {
    "lines": {},
    "stream maps": {"stream_maps": {USERS: {"title": "title"}}},
    "versions": {"emit_activate_version_messages": True},
}


@pytest.mark.parametrize("batches", [True, False])
@pytest.mark.parametrize("settings", OUTPUTS.values(), ids=OUTPUTS)
def test_a_run_tells_once_a_stream(
    settings: dict[str, Any], betterworks: Betterworks, open_sandbox: OpenSandbox, tmp_path: Path, *, batches: bool
) -> None:
    if batches:
        files = {"encoding": {"format": "jsonl", "compression": "gzip"}, "storage": {"root": tmp_path.as_uri()}}
        settings = {**settings, "batch_config": files}
    sandbox = open_sandbox(betterworks)

    def run(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> list[str]:
        fault = betterworks.faults.add(
            effects.swap_json(lambda body: {**body, "results": change(body["results"])}), path="/users", times=None
        )
        done = run_tap({**config_of(sandbox), **settings}, clock=betterworks.clock, catalog=select(USERS)).succeeded()
        betterworks.faults.remove(fault)
        return [line for line in done.lines(logging.WARNING) if "share id" in line]

    assert run(lambda rows: [*rows, *rows]) == []
    [line] = run(lambda rows: [*rows, *({**row, "title": "another"} for row in rows[:3])])
    assert f"{USERS}: 3 records share id " in line
