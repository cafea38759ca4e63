"""The tap against the Canary Speech sandbox."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.destination import Destination
from qa_harness.run import Run, run_tap, select
from qa_sandbox.http import effects
from qa_sandbox.vendors.canary_speech import CanarySpeech
from qa_sandbox.vendors.canary_speech.dataset import CanarySpeechDataset, Score
from tap_qa.vendors.canary_speech.client import DEFAULT_TOKEN_SECONDS, lifetime_seconds
from tests.support.expected_records import assert_equals_expected_records

if TYPE_CHECKING:
    from qa_harness.clock import FakeClock
    from qa_sandbox.sandbox import Sandbox
    from tests.conftest import OpenSandbox

SCORES, OF_ASSESSMENTS = "canary_speech_scores", "canary_speech_assessment_scores"
BOTH = (SCORES, OF_ASSESSMENTS)
SHARED = {"start_date", "end_date", "emit_activate_version_messages"}


@pytest.fixture
def canary(clock: FakeClock) -> CanarySpeech:
    return CanarySpeech(clock, CanarySpeechDataset(clock, days=20, subjects=3))


@pytest.fixture
def sandbox(canary: CanarySpeech, open_sandbox: OpenSandbox) -> Sandbox:
    return open_sandbox(canary)


def sync(sandbox: Sandbox, state: dict[str, Any] | None = None, **changes: Any) -> Run:  # noqa: ANN401 - settings
    own = {name: value for name, value in changes.items() if name not in SHARED}
    shared = {name: value for name, value in changes.items() if name not in own}
    config = sandbox.config()
    config = {**config, **shared, "canary_speech": {**config["canary_speech"], **own}}
    return run_tap(config, clock=sandbox.clock, state=state, catalog=select(*BOTH))


@pytest.mark.parametrize("start_inclusive", [True, False])
def test_all_scores_are_read(sandbox: Sandbox, canary: CanarySpeech, start_inclusive: bool) -> None:  # noqa: FBT001
    canary.start_inclusive = start_inclusive
    run = sync(sandbox).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, BOTH)
    assert len(canary.request_log.matching("query-subject-scores")) > 3


def test_the_next_run_reads_what_is_new(sandbox: Sandbox, canary: CanarySpeech) -> None:
    destination = Destination().take(sync(sandbox).succeeded())
    for _ in range(3):
        sandbox.pass_time(days=1)
        canary.request_log.clear()
        destination.take(sync(sandbox, destination.state).succeeded())
        asked = [call.query["start"] for call in canary.request_log.matching("query-subject-scores")]
        assert min(asked) >= f"{sandbox.clock.now() - timedelta(days=30, seconds=10):%Y-%m-%dT%H:%M:%SZ}"
    assert_equals_expected_records(destination, sandbox, BOTH)


def test_a_state_follows_each_window_and_ends_where_the_vendor_is(sandbox: Sandbox) -> None:
    start = sandbox.clock.now() - timedelta(days=200)
    run = sync(sandbox, start_date=start.isoformat()).succeeded()
    marks = [state.get("bookmarks", {}).get(SCORES, {}).get("replication_key_value") for state in run.states]
    moved = [mark for mark in dict.fromkeys(marks) if mark]
    assert len(moved) == 3
    assert sandbox.clock.now() - timedelta(seconds=10) < datetime.fromisoformat(moved[-1]) < sandbox.clock.now()


def test_a_score_that_is_computed_late_is_caught_by_the_lookback(sandbox: Sandbox, canary: CanarySpeech) -> None:
    destination = Destination().take(sync(sandbox).succeeded())
    sandbox.pass_time(days=20)
    destination.take(sync(sandbox, destination.state).succeeded())
    like = canary.dataset.project.scores[0]
    late = sandbox.clock.now() - timedelta(days=29)
    canary.dataset.add(
        Score("late", like.subject_id, like.survey_id, (), late, sandbox.clock.now(), "x", "number", {"value": 1})
    )
    canary.dataset.advance()
    destination.take(sync(sandbox, destination.state).succeeded())
    assert ("late",) in destination.tables[SCORES]


def test_a_backfill_keeps_to_its_bounds_and_off_the_bookmark(sandbox: Sandbox) -> None:
    now = sandbox.clock.now()
    run = sync(
        sandbox, start_date=(now - timedelta(days=9)).isoformat(), end_date=(now - timedelta(days=4)).isoformat()
    ).succeeded()
    days = [datetime.fromisoformat(row["date_recorded"]) for row in run.records(SCORES)]
    assert days
    assert now - timedelta(days=9, seconds=1) <= min(days) <= max(days) <= now - timedelta(days=4)
    assert run.bookmark(SCORES) is None
    assert run.state["bookmarks"][SCORES]["backfill"]["finished_to"]


def test_more_than_100_scores_of_one_instant_fail_the_stream_alone(sandbox: Sandbox, canary: CanarySpeech) -> None:
    like = canary.dataset.project.scores[0]
    for number in range(101):
        values = (like.subject_id, like.survey_id, (), like.recorded_at, like.computed_at, "x", "number", {"value": 1})
        canary.dataset.add(Score(f"twin-{number}", *values))
    run = sync(sandbox)
    assert run.status == 1
    assert any("share the instant" in line for line in run.errors)
    assert run.bookmark(SCORES) is None
    assert run.records(OF_ASSESSMENTS)
    assert len(canary.request_log.matching("query-subject-scores")) < 12


def test_results_of_every_form_come_through(sandbox: Sandbox, canary: CanarySpeech) -> None:
    like = canary.dataset.project.scores[0]
    forms = {"n": 1.5, "s": "low", "o": {"a": [1, None]}, "l": [1, "x"], "b": True, "z": None}
    for name, form in forms.items():
        values = (like.subject_id, like.survey_id, (), like.recorded_at, like.computed_at, "x", "any", {"value": form})
        canary.dataset.add(Score(name, *values))
    run = sync(sandbox).succeeded()
    found = {row["uuid"]: row["score_data"]["value"] for row in run.records(SCORES) if row["uuid"] in forms}
    assert {**found, "n": float(found["n"])} == forms


def test_new_fields_keep_the_vendors_names(sandbox: Sandbox, canary: CanarySpeech) -> None:
    def changed(body: Any) -> None:  # noqa: ANN401 - JSON
        for row in body["scores"]:
            row["modelVersion"] = "7b"

    canary.faults.add(effects.swap_json(changed), path="scores", times=None)
    run = sync(sandbox).succeeded()
    for stream in BOTH:
        assert {str(row["_unmapped"]) for row in run.records(stream)} == {"{'modelVersion': '7b'}"}


@pytest.mark.parametrize(
    "fault",
    [effects.html(), effects.reply(200, {"error": "down"}), effects.reset(), effects.reply(503), effects.truncate(0.7)],
)
def test_transient_faults_are_retried(sandbox: Sandbox, canary: CanarySpeech, fault: effects.Effect) -> None:
    for path in ("tokens/get", "query-subject", "get-scores"):
        canary.faults.add(fault, path=path)
    assert_equals_expected_records(Destination().take(sync(sandbox).succeeded()), sandbox, BOTH)


def test_an_empty_answer_without_scores_is_no_empty_list(sandbox: Sandbox, canary: CanarySpeech) -> None:
    canary.faults.add(effects.reply(200, {}), path="query-subject", times=None)
    run = sync(sandbox)
    assert run.status == 1
    assert "an answer without the list scores" in "\n".join(run.errors)
    assert run.bookmark(SCORES) is None


def test_the_token_is_fetched_once_and_renewed_by_its_own_word(sandbox: Sandbox, canary: CanarySpeech) -> None:
    sync(sandbox).succeeded()
    tokens = canary.request_log.matching("tokens/get")
    assert len(tokens) == 1
    assert tokens[0].headers["csc-api-key"] == canary.api_key
    canary.request_log.clear()
    canary.token_lifetime = timedelta(seconds=60)
    canary.dataset.on_request.append(lambda _call: sandbox.clock.advance(timedelta(seconds=25)))
    sync(sandbox).succeeded()
    assert len(canary.request_log.matching("tokens/get")) > 1
    assert 401 not in {call.status for call in canary.request_log}


def test_a_token_that_is_refused_is_renewed_once(sandbox: Sandbox, canary: CanarySpeech) -> None:
    canary.faults.add(effects.reply(401), path="query-subject")
    sync(sandbox).succeeded()
    assert len(canary.request_log.matching("tokens/get")) == 2


def test_a_wrong_key_is_explained_and_not_shown(sandbox: Sandbox) -> None:
    run = sync(sandbox, api_key="571CCF:wrong/key+here")
    assert run.status == 1
    assert "Check canary_speech.api_key" in "\n".join(run.errors)
    assert "wrong/key" not in run.log_text()


def test_an_unknown_id_is_named_by_its_place(sandbox: Sandbox, canary: CanarySpeech) -> None:
    run = sync(sandbox, assessment_ids=[canary.dataset.watched[0], "of-somebody"])
    assert run.status == 1
    text = "\n".join(run.errors)
    assert "canary_speech.assessment_ids[1]" in text
    assert "of-somebody" not in run.log_text(logging.INFO)
    assert run.records(SCORES)


def test_nothing_configured_to_read_is_said_and_moves_no_bookmark(sandbox: Sandbox, canary: CanarySpeech) -> None:
    run = sync(sandbox, subjects=[], assessment_ids=[]).succeeded()
    assert "canary_speech.subjects is empty" in run.log_text()
    assert "canary_speech.assessment_ids is empty" in run.log_text()
    assert run.bookmark(SCORES) is None
    assert len(canary.request_log) == 0


def test_no_version_is_announced_of_a_table_that_nobody_asked_for(sandbox: Sandbox, canary: CanarySpeech) -> None:
    for named, versions in (([], 0), (canary.dataset.watched[:1], 1)):
        run = sync(sandbox, assessment_ids=named, emit_activate_version_messages=True).succeeded()
        assert [message["stream"] for message in run.of_type("ACTIVATE_VERSION")] == [OF_ASSESSMENTS] * versions


@pytest.mark.parametrize("version_2", ["empty", "unknown"])
def test_a_project_of_version_3_is_read_or_told(sandbox: Sandbox, canary: CanarySpeech, version_2: Any) -> None:  # noqa: ANN401
    canary.version_3 = version_2
    run = sync(sandbox).succeeded()
    [told] = [line for line in run.lines(logging.WARNING) if line.startswith(f"{SCORES}: there is no score")]
    assert "canary_speech.assessment_ids" in told
    rows = run.records(OF_ASSESSMENTS)
    names = ("assessment_id", "score_id", "score_type", "date_recorded")
    expected = sandbox.expected_records(OF_ASSESSMENTS).values()
    assert {tuple(row[name] for name in names) for row in rows} == {
        tuple(row[name] for name in names) for row in expected
    }
    assert len({row["uuid"] for row in rows}) == len(rows) == len(expected)
    assert {row["uuid"] for row in sync(sandbox).succeeded().records(OF_ASSESSMENTS)} == {row["uuid"] for row in rows}
    assert all(row["score_data"]["value"] is not None for row in rows)


@pytest.mark.parametrize("most", [10, 37])
def test_a_project_with_a_lower_limit_loses_no_score(sandbox: Sandbox, canary: CanarySpeech, most: int) -> None:
    canary.most_scores = most
    run = sync(sandbox).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, BOTH)


def test_a_subject_named_twice_is_read_once(sandbox: Sandbox, canary: CanarySpeech) -> None:
    subjects = canary.config()["subjects"]
    sync(sandbox, subjects=[subjects[1], subjects[1]]).succeeded()
    starts = [call.query["start"] for call in canary.request_log.matching("query-subject-scores")]
    assert len(starts) == len(set(starts))


def test_the_test_is_cheap(sandbox: Sandbox, canary: CanarySpeech) -> None:
    run = run_tap(sandbox.config(), clock=sandbox.clock, arguments=["--test"])
    assert run.status == 0
    assert len(canary.request_log) == 3


@pytest.mark.parametrize("token", ["", "abc", "a.b.c", "a.e30.c", "a.bnVsbA.c", "a.eyJleHAiOiAieCJ9.c"])
def test_a_token_without_an_end_is_kept_for_a_while(token: str, clock: FakeClock) -> None:
    assert lifetime_seconds(token, now=clock.now()) == DEFAULT_TOKEN_SECONDS
