"""Scorebuddy's hourly budget and its tokens, over whole runs; and what must not depend on this machine."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.http import effects
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

SCORES = "scorebuddy_scores"


@pytest.mark.parametrize("form", ["http-date", "iso", "space"])
def test_a_used_up_budget_is_waited_for_and_never_overdrawn(
    form: Any,  # noqa: ANN401 - one of the vendor's
    scorebuddy: Scorebuddy,
    open_sandbox: OpenSandbox,
) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.rules.hourly_budget = 6
    scorebuddy.rules.date_form = form
    catalog = select(SCORES, "scorebuddy_teams", "scorebuddy_groups")
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded()
    assert 429 not in [call.status for call in scorebuddy.request_log]
    assert scorebuddy.clock.now() - scorebuddy.clock.start >= timedelta(hours=1)
    assert_equals_expected_records(Destination().take(run), sandbox, [SCORES, "scorebuddy_teams"])


def test_a_refusal_for_the_budget_is_waited_for(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.faults.add(effects.retry_after(1200, "space"), path="/scores$", skip=1)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    waited = scorebuddy.clock.now() - scorebuddy.clock.start
    assert timedelta(minutes=20) <= waited <= timedelta(minutes=20, seconds=5)
    assert_equals_expected_records(Destination().take(run), sandbox, [SCORES])


def test_a_budget_beyond_max_wait_fails_in_words(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.rules.hourly_budget = 3
    config = {**config_of(sandbox), "max_wait_minutes": 10}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select(SCORES))
    assert run.status == 75
    assert any("max_wait_minutes" in line and "60 minutes" in line for line in run.errors)
    assert scorebuddy.clock.now() == scorebuddy.clock.start


def test_one_token_serves_all_streams_and_is_renewed_in_time(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    run_tap(config_of(sandbox), clock=scorebuddy.clock).succeeded()
    assert len(scorebuddy.request_log.matching("token$")) == 1
    scorebuddy.request_log.clear()
    scorebuddy.rules.token_seconds = 600
    scorebuddy.rules.only_newest_token = True
    # Slow, but so that the calls that are under way at once fit into the minute by which a token is renewed early.
    scorebuddy.dataset.on_request.append(lambda _: scorebuddy.clock.advance(timedelta(seconds=11)))
    run_tap(config_of(sandbox), clock=scorebuddy.clock).succeeded()
    assert 2 <= len(scorebuddy.request_log.matching("token$")) <= 8
    assert 401 not in [call.status for call in scorebuddy.request_log]


def test_a_token_that_is_revoked_is_replaced_once(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    calls: list[object] = []

    def revoke(call: object) -> None:
        calls.append(call)
        if len(calls) == 8:
            scorebuddy.revoke_tokens()

    scorebuddy.dataset.on_request.append(revoke)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock).succeeded()
    assert [call.status for call in scorebuddy.request_log].count(401) == 1
    assert len(scorebuddy.request_log.matching("token$")) == 2
    assert_equals_expected_records(Destination().take(run), sandbox, sandbox.streams)


def test_a_token_endpoint_that_stumbles_is_asked_again(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    for effect in (effects.reply(500), effects.reset(), effects.html(), effects.reply(200)):
        scorebuddy.faults.add(effect, path="token$")
    run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select("scorebuddy_groups")).succeeded()
    assert len(scorebuddy.request_log.matching("token$")) == 5


@pytest.mark.parametrize(
    "answer",
    [{}, {"access_token": ""}, {"access_token": None}, {"access_token": 7}, [], {"token": "abc"}],
)
def test_an_answer_without_a_token_is_foreseen(answer: Any, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:  # noqa: ANN401
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.faults.add(effects.reply(200, answer), path="token$", times=None)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select("scorebuddy_groups"))
    assert run.status == 1
    assert "unforeseen" not in run.log_text(20)


@pytest.mark.parametrize("seconds", [None, 0, -5, "soon", 1e300, True])
def test_an_odd_lifetime_of_a_token_is_taken_with_care(
    seconds: Any,  # noqa: ANN401
    scorebuddy: Scorebuddy,
    open_sandbox: OpenSandbox,
) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.faults.add(effects.swap_json(lambda body: {**body, "expires_in": seconds}), path="token$", times=None)
    catalog = select("scorebuddy_groups", "scorebuddy_teams")
    run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded()
    assert len(scorebuddy.request_log.matching("token$")) <= 2


@pytest.fixture
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """This process in another time zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    os.environ.pop("TZ", None)
    time.tzset()


@pytest.mark.parametrize("machine_zone", ["Asia/Kathmandu", "America/New_York"], indirect=True)
def test_the_machines_zone_does_not_matter(
    machine_zone: str, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    assert machine_zone
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, [SCORES])
    assert run.bookmark(SCORES) == "2026-06-15T05:59:58+00:00"
    assert all(message["time_extracted"].startswith("2026-06-15T06:00:00") for message in run.of_type("RECORD"))
