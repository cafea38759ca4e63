"""Check-ins of Betterworks' goals: once in effect, and never over a newer one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa_sandbox.http import effects
from tests.target_qa.support import Record, run_target, table

if TYPE_CHECKING:
    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.betterworks import Betterworks

STREAM = "betterworks_checkins"
Config = dict[str, Any]


@pytest.fixture
def config(betterworks: Betterworks, tmp_path: Path) -> Config:
    return {"betterworks": betterworks.config(), "dead_letter_path": str(tmp_path / "refused.jsonl")}


@pytest.fixture
def goal(betterworks: Betterworks) -> int:
    return next(iter(betterworks.dataset.organisation.goals))


def checkin(goal: object, clock: FakeClock, value: object = 87.5, *, ago: float = 1, number: int = 1) -> Record:
    measured_at = (clock.now() - timedelta(hours=ago)).isoformat()
    return {"id": number, "goal_id": goal, "value": value, "measured_at": measured_at}


def rejected(config: Config) -> list[Record]:
    return [json.loads(line) for line in Path(config["dead_letter_path"]).read_text().splitlines()]


def test_a_value_becomes_a_goals_progress(
    betterworks: Betterworks, config: Config, goal: int, clock: FakeClock
) -> None:
    run = run_target(config, table(STREAM, [checkin(goal, clock)]), clock=clock).succeeded()
    assert betterworks.dataset.organisation.goals[goal].progress == Decimal("0.875")
    assert run.states[-1] == {"rows": 1}
    assert f"{STREAM}: created=0 updated=1" in run.log


def test_the_same_rows_again_check_nothing_in(
    betterworks: Betterworks, config: Config, goal: int, clock: FakeClock
) -> None:
    rows = [checkin(goal, clock)]
    run_target(config, table(STREAM, rows), clock=clock).succeeded()
    clock.sleep(3600)
    again = run_target(config, table(STREAM, rows), clock=clock).succeeded()
    assert len(betterworks.dataset.checkins) == 1
    assert "there_already=1" in again.log


def test_a_later_value_goes_out_and_an_older_one_does_not(
    betterworks: Betterworks, config: Config, goal: int, clock: FakeClock
) -> None:
    rows = [checkin(goal, clock, value, ago=ago, number=ago) for value, ago in ((40, 3), (60, 1), (50, 2))]
    run_target(config, table(STREAM, rows), clock=clock).succeeded()
    assert [progress for _, progress in betterworks.dataset.checkins] == [Decimal("0.4"), Decimal("0.6")]
    clock.sleep(7200)
    run_target(config, table(STREAM, [checkin(goal, clock, 70)]), clock=clock).succeeded()
    assert betterworks.dataset.organisation.goals[goal].progress == Decimal("0.7")


def test_a_newer_check_in_of_a_person_stays(
    betterworks: Betterworks, config: Config, goal: int, clock: FakeClock
) -> None:
    row = checkin(goal, clock)
    before = betterworks.dataset.check_in(goal).progress
    run_target(config, table(STREAM, [row]), clock=clock).succeeded()
    assert betterworks.dataset.organisation.goals[goal].progress == before
    assert betterworks.dataset.checkins == []


@pytest.mark.parametrize(
    "fault",
    [
        effects.reset(accept=True),
        effects.reset(),
        effects.rewrite(lambda answer: replace(answer, status=500, body=b"{}")),
        effects.reply(502),
        effects.retry_after(3),
    ],
)
def test_a_call_that_breaks_off_is_one_check_in(
    betterworks: Betterworks, config: Config, goal: int, clock: FakeClock, fault: effects.Effect
) -> None:
    goals = list(betterworks.dataset.organisation.goals)[:3]
    betterworks.faults.add(fault, path="checkin", times=1)
    rows = [checkin(each, clock, number=place) for place, each in enumerate(goals)]
    run_target(config, table(STREAM, rows), clock=clock).succeeded()
    assert [number for number, _ in betterworks.dataset.checkins] == goals
    assert goal in goals


def test_a_goal_that_does_not_show_check_ins_ends_the_run(
    betterworks: Betterworks, config: Config, goal: int, clock: FakeClock
) -> None:
    hidden = effects.swap_json(lambda body: {**body, "last_checkedin": None})
    betterworks.faults.add(hidden, path=f"/goals/{goal}/$", times=None)
    run = run_target(config, table(STREAM, [checkin(goal, clock)]), clock=clock)
    assert "not all that was created" in run.told
    assert run.states == []
    assert len(betterworks.dataset.checkins) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ({"goal_id": 999_999_999}, "goal_id"),
        ({"goal_id": ".."}, "goal_id"),
        ({"value": "high"}, "value"),
        ({"value": None}, "value"),
        ({"measured_at": "2199-01-01"}, "measured_at"),
        ({"measured_at": "soon"}, "measured_at"),
    ],
)
def test_what_can_not_be_sent_goes_to_the_dead_letter_file(
    betterworks: Betterworks, config: Config, goal: int, clock: FakeClock, wrong: tuple[Record, str]
) -> None:
    values, field = wrong
    rows = [checkin(goal, clock, number=1), {**checkin(goal, clock, number=2), **values}]
    run = run_target(config, table(STREAM, rows), clock=clock)
    assert "1" in run.told
    assert [line["field"] for line in rejected(config)] == [field]
    assert len(betterworks.dataset.checkins) == 1


def test_a_dry_run_shows_the_call_and_makes_none(
    betterworks: Betterworks, config: Config, goal: int, clock: FakeClock
) -> None:
    run = run_target({**config, "dry_run": True}, table(STREAM, [checkin(goal, clock)]), clock=clock).succeeded()
    shown = json.loads(run.stderr.splitlines()[0])
    assert (shown["would"], shown["body"]) == (f"POST goals/{goal}/checkin/", {"value": 87.5})
    assert len(betterworks.request_log) == 0
    assert run.states == []
