"""Odd data, odd states and company: rows arrive all the same."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.destination import Destination
from qa_harness.run import run_process, run_tap, select
from qa_sandbox.http import effects
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from qa_harness.run import Run
    from qa_sandbox.vendors.betterworks import Betterworks
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

SCORES, GOALS = "scorebuddy_scores", "betterworks_goals"
ODD = r"a\u0000b\ud800c\u2028d\ud83d\ude00e"
MENDED = "ab\ufffdc\u2028d😀e"


def test_odd_texts_arrive(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.faults.add(
        effects.swap(
            lambda body: re.sub(
                rb'"reference":\s*"[^"]*"', f'"reference":"{ODD}"'.encode().replace(b"\\", b"\\\\"), body
            )
        ),
        path="/scores$",
        times=None,
    )
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    rows = run.records(SCORES)
    assert {row["score_id"] for row in rows} == {key for (key,) in sandbox.expected_records(SCORES)}
    assert {row["reference"] for row in rows} <= {MENDED, None}
    assert MENDED in {row["reference"] for row in rows}


@pytest.mark.parametrize("number", [b"NaN", b"-Infinity"])
def test_numbers_that_are_none_are_null(number: bytes, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    change = effects.swap(lambda body: re.sub(rb'"total_score":\s*[\d.]+', b'"total_score":' + number, body))
    scorebuddy.faults.add(change, path="/scores$", times=None)
    rows = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded().records(SCORES)
    assert {row["score_id"] for row in rows} == {key for (key,) in sandbox.expected_records(SCORES)}
    assert {row["total_score"] for row in rows} == {None}


def test_a_row_of_the_future_comes_in_its_time(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    score = scorebuddy.dataset.add(scorebuddy.clock.now() + timedelta(days=20))
    first = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    assert first.bookmark(SCORES) == "2026-06-15T05:59:58+00:00"
    assert score.id not in {row["score_id"] for row in first.records(SCORES)}
    scorebuddy.clock.advance(timedelta(days=21))
    second = run_tap(config_of(sandbox), clock=scorebuddy.clock, state=first.state, catalog=select(SCORES)).succeeded()
    assert_equals_expected_records(Destination().take(first).take(second), sandbox, [SCORES])


def test_rows_without_a_date_arrive(betterworks: Betterworks, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(betterworks)

    def undated(goal: dict[str, Any]) -> dict[str, Any]:
        return {**goal, "updated": None, "children": [undated(child) for child in goal.get("children", [])]}

    betterworks.faults.add(
        effects.swap_json(lambda body: {**body, "results": [undated(goal) for goal in body["results"]]}),
        path="goals/filter",
        times=None,
    )
    first = run_tap(config_of(sandbox), clock=betterworks.clock, catalog=select(GOALS)).succeeded()
    second = run_tap(config_of(sandbox), clock=betterworks.clock, state=first.state, catalog=select(GOALS)).succeeded()
    for run in (first, second):
        assert {row["id"] for row in run.records(GOALS)} == {key for (key,) in sandbox.expected_records(GOALS)}
    assert second.bookmark(GOALS)


def test_leftovers_in_the_state_are_ignored(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    first = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    state = first.state
    state["bookmarks"][SCORES] |= {
        "progress_markers": {"Note": "killed", "replication_key": "x", "replication_key_value": "2999-01-01T00:00:00Z"},
        "replication_key_signpost": "2999-01-01T00:00:00Z",
        "starting_replication_value": None,
    }
    state["bookmarks"]["a_stream_of_old"] = {"replication_key_value": "2020-01-01T00:00:00Z"}
    sandbox.pass_time(days=1)
    second = run_tap(config_of(sandbox), clock=scorebuddy.clock, state=state, catalog=select(SCORES)).succeeded()
    assert second.bookmark(SCORES) == "2026-06-16T05:59:58+00:00"
    assert_equals_expected_records(Destination().take(first).take(second), sandbox, [SCORES])


def test_two_runs_at_once_do_no_harm(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    runs: list[Run] = []
    threads = [
        threading.Thread(target=lambda: runs.append(run_process(config_of(sandbox), catalog=select(SCORES))))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    destination = Destination()
    for run in runs:
        destination.take(run.succeeded())
    assert_equals_expected_records(destination, sandbox, [SCORES])


def test_a_row_of_many_megabytes_arrives_whole(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    text = b"x" * (20 << 20)
    grown = effects.swap(lambda body: re.sub(rb'"reference":\s*"[^"]*"', b'"reference":"' + text + b'"', body, count=1))
    scorebuddy.faults.add(grown, path="/scores$", times=1)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    assert max(len(row["reference"] or "") for row in run.records(SCORES)) == len(text)


def test_a_row_that_the_vendor_deleted_stays_and_stops_nothing(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    first = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    gone = max(scorebuddy.dataset.instance.scores)
    del scorebuddy.dataset.instance.scores[gone]
    scorebuddy.dataset.changed()
    sandbox.pass_time(days=1)
    second = run_tap(config_of(sandbox), clock=scorebuddy.clock, state=first.state, catalog=select(SCORES)).succeeded()
    assert gone in {row["score_id"] for row in first.records(SCORES)}
    assert gone not in {row["score_id"] for row in second.records(SCORES)}
    held = Destination().take(first).take(second).tables[SCORES]
    assert set(held) - {(gone,)} == set(sandbox.expected_records(SCORES))
    assert (gone,) in held
