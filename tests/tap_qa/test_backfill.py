"""Runs between two dates: they leave the bookmark alone and resume where they broke off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from qa_harness.destination import Destination
from qa_harness.run import Run, run_tap, select
from qa_sandbox.http import effects
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from qa_sandbox.sandbox import Sandbox
    from qa_sandbox.vendors.betterworks import Betterworks
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

START, END = "2026-06-04T00:00:00+00:00", "2026-06-11T12:00:00+00:00"
SCORES = "scorebuddy_scores"


def backfill_of(sandbox: Sandbox, *, days: int = 2) -> dict[str, Any]:
    config = {**config_of(sandbox), "start_date": START, "end_date": END}
    config["scorebuddy"]["window_days"] = days
    return config


def asked(vendor: Scorebuddy) -> list[tuple[str, str]]:
    windows = [
        (call.query["from_last_edit_date"], call.query["to_last_edit_date"])
        for call in vendor.request_log.matching("/scores$")
        if "from_score_date" not in call.query
    ]
    return list(dict.fromkeys(windows))


def progress(run: Run) -> list[str]:
    values = [state["bookmarks"][SCORES].get("backfill", {}).get("finished_to") for state in run.states]
    return list(dict.fromkeys(value for value in values if value))


def test_a_backfill_reads_its_span_and_nothing_else(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(backfill_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    assert asked(scorebuddy) == [
        ("2026-06-04 00:00:00", "2026-06-06 00:00:00"),
        ("2026-06-06 00:00:00", "2026-06-08 00:00:00"),
        ("2026-06-08 00:00:00", "2026-06-10 00:00:00"),
        ("2026-06-10 00:00:00", "2026-06-11 12:00:00"),
    ]
    truth = sandbox.expected_records(SCORES)
    wanted = {key for key, row in truth.items() if START <= row["last_edit_date"] <= END}
    assert wanted
    assert set(Destination().take(run).tables[SCORES]) == wanted


def test_a_backfill_neither_reads_nor_moves_the_bookmark(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    bookmark = {"replication_key": "last_edit_date", "replication_key_value": "2026-06-09T00:00:00+00:00"}
    state = {"bookmarks": {SCORES: dict(bookmark)}}
    run = run_tap(backfill_of(sandbox), clock=scorebuddy.clock, state=state, catalog=select(SCORES)).succeeded()
    assert asked(scorebuddy)[0][0] == "2026-06-04 00:00:00"
    for value in run.states:
        assert {name: value["bookmarks"][SCORES][name] for name in bookmark} == bookmark
    assert progress(run) == [
        "2026-06-06T00:00:00+00:00",
        "2026-06-08T00:00:00+00:00",
        "2026-06-10T00:00:00+00:00",
        "2026-06-11T12:00:00+00:00",
    ]
    assert run.state["bookmarks"][SCORES]["backfill"]["start_date"] == START
    assert run.state["bookmarks"][SCORES]["backfill"]["end_date"] == END


def test_a_broken_backfill_goes_on_at_its_last_finished_window(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = backfill_of(sandbox)
    broken = scorebuddy.faults.add(effects.reply(400, "no"), path="/scores$", query="from_last_edit_date=2026-06-08")
    first = run_tap(config, clock=scorebuddy.clock, catalog=select(SCORES))
    assert first.status == 1
    assert progress(first)[-1] == "2026-06-08T00:00:00+00:00"
    scorebuddy.faults.remove(broken)
    scorebuddy.request_log.clear()
    second = run_tap(config, clock=scorebuddy.clock, state=first.state, catalog=select(SCORES)).succeeded()
    assert asked(scorebuddy)[0][0] == "2026-06-08 00:00:00"
    wanted = {key for key, row in sandbox.expected_records(SCORES).items() if START <= row["last_edit_date"] <= END}
    assert set(Destination().take(first).take(second).tables[SCORES]) == wanted


def test_a_finished_backfill_starts_anew_and_one_of_other_bounds_at_its_start(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = backfill_of(sandbox)
    state = run_tap(config, clock=scorebuddy.clock, catalog=select(SCORES)).succeeded().state
    scorebuddy.request_log.clear()
    run_tap(config, clock=scorebuddy.clock, state=state, catalog=select(SCORES)).succeeded()
    assert asked(scorebuddy)[0][0] == "2026-06-04 00:00:00"
    scorebuddy.request_log.clear()
    other = {**config, "start_date": "2026-06-05T00:00:00Z"}
    run_tap(other, clock=scorebuddy.clock, state=state, catalog=select(SCORES)).succeeded()
    assert asked(scorebuddy)[0][0] == "2026-06-05 00:00:00"


def test_daily_sync_between_backfill_runs_keeps_both_states(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    broken = scorebuddy.faults.add(effects.reply(400, "no"), path="/scores$", query="from_last_edit_date=2026-06-08")
    first = run_tap(backfill_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES))
    scorebuddy.faults.remove(broken)
    daily = run_tap(config_of(sandbox), clock=scorebuddy.clock, state=first.state, catalog=select(SCORES)).succeeded()
    assert daily.bookmark(SCORES) == "2026-06-15T05:59:58+00:00"
    assert daily.state["bookmarks"][SCORES]["backfill"]["finished_to"] == "2026-06-08T00:00:00+00:00"
    scorebuddy.request_log.clear()
    run_tap(backfill_of(sandbox), clock=scorebuddy.clock, state=daily.state, catalog=select(SCORES)).succeeded()
    assert asked(scorebuddy)[0][0] == "2026-06-08 00:00:00"


def test_a_backfill_up_to_the_future_reads_up_to_now(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = {**backfill_of(sandbox, days=7), "end_date": "2026-07-01T00:00:00Z"}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    assert asked(scorebuddy)[-1][1] == "2026-06-15 05:59:58"
    # What the future brings is still to be read, so this backfill is not over.
    scorebuddy.clock.advance(timedelta(days=1))
    scorebuddy.request_log.clear()
    run_tap(config, clock=scorebuddy.clock, state=run.state, catalog=select(SCORES)).succeeded()
    starts = [datetime.fromisoformat(start) for start, _ in asked(scorebuddy)]
    assert min(starts) <= datetime.fromisoformat("2026-06-15 05:59:58")


def test_the_newest_rows_of_a_backfill_are_not_lost_if_they_come_late(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    late = scorebuddy.dataset.add(scorebuddy.clock.now() - timedelta(minutes=1))
    scorebuddy.dataset.delete(late.id)
    config = {**backfill_of(sandbox, days=7), "end_date": "2026-06-20T00:00:00Z"}
    state = run_tap(config, clock=scorebuddy.clock, catalog=select(SCORES)).succeeded().state
    scorebuddy.dataset.instance.scores[late.id] = late
    scorebuddy.dataset.changed()
    scorebuddy.clock.advance(timedelta(hours=1))
    run = run_tap(config, clock=scorebuddy.clock, state=state, catalog=select(SCORES)).succeeded()
    assert late.id in {row["score_id"] for row in run.records(SCORES)}


def test_a_filtered_list_passes_on_what_changed_between_the_dates(
    betterworks: Betterworks, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(betterworks)
    config = {**config_of(sandbox), "start_date": START, "end_date": END}
    run = run_tap(config, clock=betterworks.clock, catalog=select("betterworks_goals")).succeeded()
    got = {(row["id"],) for row in run.records("betterworks_goals")}
    wanted = {
        key for key, row in sandbox.expected_records("betterworks_goals").items() if START <= row["updated"] <= END
    }
    assert wanted
    assert got == wanted
    assert "replication_key_value" not in run.state["bookmarks"]["betterworks_goals"]
