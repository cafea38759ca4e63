"""One stream's failure leaves the others alone, ends in one line each, and gives nothing away."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.destination import Destination
from qa_harness.run import run_process, run_tap, select
from qa_sandbox.http import effects
from qa_sandbox.vendors.betterworks.app import TOKEN
from qa_sandbox.vendors.scorebuddy.access import CLIENT_SECRET
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from qa_sandbox.vendors.betterworks import Betterworks
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

SCORES = "scorebuddy_scores"


def test_a_failed_stream_leaves_the_others_alone(
    scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy, betterworks)
    scorebuddy.faults.add(effects.reply(404, "no"), path="/teams$", times=None)
    scorebuddy.faults.add(effects.reply(400, "no"), path="/scores$", times=None)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock)
    assert run.status == 1
    assert run.failure is None
    by_default = {stream for stream in sandbox.streams if not stream.startswith("betterworks")}
    by_default |= {"betterworks_users", "betterworks_goals"}
    failed = {"scorebuddy_teams", SCORES}
    assert_equals_expected_records(Destination().take(run), sandbox, by_default - failed)
    # One line a stream, one more for each failure, and one that sums up.
    outcomes = [line for line in run.lines(logging.INFO) if ": complete;" in line or ": failed;" in line]
    assert {line.partition(":")[0] for line in outcomes} == by_default
    assert len(outcomes) == len(by_default)
    assert all(part in outcomes[0] for part in ("rows=", "windows=", "requests=", "seconds="))
    assert len(run.errors) == len(failed) + 1
    assert all(any(line.startswith(name) for line in run.errors) for name in failed)
    assert run.messages[-1]["type"] == "STATE"
    assert run.bookmark(SCORES) is None
    assert "Traceback" not in run.log_text(logging.INFO)


def test_the_rows_of_a_summary_are_what_was_delivered(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    line = next(line for line in run.lines() if "complete;" in line)
    calls = len(scorebuddy.request_log)
    assert f"rows={len(run.records(SCORES))} windows={len({str(state) for state in run.states})}" in line
    assert f"requests={calls}" in line


def test_a_failure_inside_a_window_keeps_the_windows_before_it(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = config_of(sandbox)
    config["scorebuddy"]["window_days"] = 3
    fault = scorebuddy.faults.add(effects.reply(400, "no"), path="/scores$", query="from_last_edit_date=2026-06-08")
    first = run_tap(config, clock=scorebuddy.clock, catalog=select(SCORES))
    assert (first.status, first.bookmark(SCORES)) == (1, "2026-06-08T06:00:00+00:00")
    scorebuddy.faults.remove(fault)
    scorebuddy.request_log.clear()
    second = run_tap(config, clock=scorebuddy.clock, state=first.state, catalog=select(SCORES)).succeeded()
    assert scorebuddy.request_log.matching("/scores$")[0].query["from_last_edit_date"] == "2026-06-08 06:00:00"
    assert_equals_expected_records(Destination().take(first).take(second), sandbox, [SCORES])


def test_a_state_is_the_last_line_also_if_a_window_breaks_off_or_there_is_no_bookmark(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.faults.add(effects.reply(409, "no"), path="/scores$", query="page=2", times=None)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES))
    assert run.status == 1
    assert run.records(SCORES)
    assert run.messages[-1]["type"] == "STATE"
    assert run.bookmark(SCORES) is None
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select("scorebuddy_groups")).succeeded()
    assert run.messages[-1]["type"] == "STATE"


@pytest.mark.parametrize("refuses", [True, False])
def test_a_missing_scope_fails_only_its_streams_and_is_named(
    refuses: bool,  # noqa: FBT001 - how the vendor answers
    scorebuddy: Scorebuddy,
    open_sandbox: OpenSandbox,
) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.rules.granted -= {"staff:read", "export:read"}
    scorebuddy.rules.refuses_scopes = refuses
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock)
    failed = {"scorebuddy_employees", "scorebuddy_supervisors", "scorebuddy_export_questions"}
    assert run.status == 1
    assert len(run.errors) == len(failed) + 1
    for name in failed:
        scope = "export:read" if "export" in name else "staff:read"
        assert any(name in line and scope in line and "403" in line for line in run.errors)
    assert_equals_expected_records(Destination().take(run), sandbox, set(sandbox.streams) - failed)


def test_only_the_scopes_of_selected_streams_are_asked_for(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES, "scorebuddy_teams")).succeeded()
    token = scorebuddy.request_log.matching("token$")[0]
    assert b"scope=scores%3Aread+teams%3Aread" in token.body
    assert len(scorebuddy.request_log.matching("token$")) == 1


def test_a_wrong_secret_is_one_error_and_one_request(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = config_of(sandbox)
    config["scorebuddy"]["client_secret"] = "not-the-right-one"  # noqa: S105
    run = run_tap(config, clock=scorebuddy.clock, catalog=select(SCORES, "scorebuddy_teams"))
    assert run.status == 1
    assert len(run.errors) == 2
    assert run.errors[0].startswith("scorebuddy_teams, scorebuddy_scores: Scorebuddy: HTTP 401")
    assert "scorebuddy.client_secret" in run.errors[0]
    assert len(scorebuddy.request_log) == 1
    assert "not-the-right-one" not in run.log_text()


def test_an_unforeseen_failure_is_one_line_without_what_it_quotes(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tap_qa.vendors.scorebuddy.streams.people import Groups  # noqa: PLC0415 - only here

    def broken(_: object) -> object:
        msg = "a value that may be private"
        raise RuntimeError(msg)

    monkeypatch.setattr(Groups, "paged_lists", broken)
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock)
    assert run.status == 1
    assert any("scorebuddy_groups: an unforeseen RuntimeError" in line for line in run.errors)
    assert "private" not in run.log_text(logging.INFO)
    assert "private" in run.log_text(logging.DEBUG)
    assert_equals_expected_records(Destination().take(run), sandbox, set(sandbox.streams) - {"scorebuddy_groups"})


@pytest.mark.parametrize(
    "change",
    [
        lambda body: {"error": {"type": "OOPS"}},  # noqa: ARG005
        lambda body: {**{f"{name}_v2": value for name, value in body.items()}},
        lambda body: {**body, "groups": None},
        lambda body: {**body, "groups": "none"},
        lambda body: {**body, "groups": [1, 2]},
        lambda body: {**body, "groups": [*body["groups"], 7]},
        lambda body: [],  # noqa: ARG005 - a bare list without rows is fine
        lambda body: 7,  # noqa: ARG005
        lambda body: {**body, "groups": [{**row, "group_id": None} for row in body["groups"]]},
        lambda body: {**body, "groups": [{**row, "group_id": {"id": 1}} for row in body["groups"]]},
        lambda body: {**body, "groups": [{"name": row["group_name"]} for row in body["groups"]]},
        lambda body: {**body, "total": 99},
        lambda body: {**body, "next_page": "not a page"},
        lambda body: {**body, "next_page": {"page": 2}},
    ],
)
def test_answers_of_another_shape_are_foreseen(change: Any, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:  # noqa: ANN401
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.faults.add(effects.swap_json(change), path="/groups$", times=None)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select("scorebuddy_groups"))
    assert run.failure is None
    assert "unforeseen" not in run.log_text(logging.INFO)
    if run.status == 0:
        assert change({"groups": [], "total": 0}) == []
    else:
        assert any("scorebuddy_groups" in line or "Scorebuddy" in line for line in run.errors)


def test_scorecards_without_their_id_are_foreseen_where_others_need_it(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)

    def without_ids(body: Any) -> None:  # noqa: ANN401
        for row in body["scorecards"]:
            row.pop("scorecard_id", None)

    scorebuddy.faults.add(effects.swap_json(without_ids), path="/scorecards$", times=None)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select("scorebuddy_scorecard_versions"))
    assert run.status == 1
    assert any("scorecard_id" in line for line in run.errors), run.errors
    assert "unforeseen" not in run.log_text(logging.INFO)


def test_no_secret_shows_anywhere(
    scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = open_sandbox(scorebuddy, betterworks)
    scorebuddy.faults.add(effects.reply(500, "private body"), path="/users$", times=2)
    scorebuddy.faults.add(effects.html(), path="/teams$", times=None)
    scorebuddy.faults.add(effects.redirect("https://elsewhere.example/?token=leak"), path="/groups$", times=None)
    scorebuddy.faults.add(effects.reset(), path="/staff/employees$", times=1)
    betterworks.faults.add(effects.reply(403, "private body"), path="/users", times=None)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock)
    tokens = {
        call.headers["authorization"].split()[-1] for call in scorebuddy.request_log if "authorization" in call.headers
    }
    assert tokens
    everything = run.log_text(logging.DEBUG) + run.stdout.decode()
    for secret in (CLIENT_SECRET, TOKEN, "private body", "token=leak", *tokens):
        assert secret not in everything
        assert secret not in str(run.state)
    monkeypatch.setenv("TAP_QA_LOGLEVEL", "DEBUG")
    process = run_process(config_of(sandbox), catalog=select("scorebuddy_groups", "betterworks_users"))
    for secret in (CLIENT_SECRET, TOKEN, "private body", "token=leak"):
        assert secret not in process.log_text(0) + process.stdout.decode()
