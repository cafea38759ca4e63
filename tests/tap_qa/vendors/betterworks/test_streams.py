"""Betterworks, read through the command line: whatever shape its answers have.

The tables equal the expected records.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.clock import FakeClock
from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.http import effects
from qa_sandbox.vendors.betterworks import Betterworks
from qa_sandbox.vendors.betterworks.rules import Rules
from tests.conftest import SMALL_ORGANISATION
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.http.intercepted_request import InterceptedRequest
    from tests.conftest import OpenSandbox

SHAPES = {
    "results, more, nextURL": Rules(),
    "results, count, next": Rules(envelope="next"),
    "data, next_url": Rules(envelope="data"),
    "objects, more": Rules(envelope="objects"),
    "bare list": Rules(envelope="list"),
    "bare list, pages from 0": Rules(envelope="list", first_page=0),
    "relative links without the filters": Rules(next_form="relative", next_keeps=False),
    "iso stamps": Rules(stamps="iso"),
    "brief children": Rules(children="brief"),
    "own goals without an owner": Rules(shows_all_goals=False),
    "owner required": Rules(needs_owner=True),
    "owner required, brief children": Rules(needs_owner=True, children="brief"),
    "singular deployments": Rules(deployments_key="deployment", deployment_id_key="deployment_id"),
    "deployments by uuid": Rules(deployment_id_key="uuid"),
    "references by name": Rules(references="name"),
    "references by id": Rules(references="id"),
    "goals without owner": Rules(owned=False),
    "goals without owner, owner required": Rules(owned=False, needs_owner=True),
}


def made(rules: Rules) -> Betterworks:
    return Betterworks(FakeClock(), SMALL_ORGANISATION, rules=rules)


@pytest.mark.parametrize("rules", SHAPES.values(), ids=SHAPES)
def test_a_sync_of_all_streams_equals_the_truth(rules: Rules, open_sandbox: OpenSandbox) -> None:
    vendor = made(rules)
    sandbox = open_sandbox(vendor)
    run = run_tap(config_of(sandbox), clock=vendor.clock, catalog=select(*sandbox.streams)).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, sandbox.streams)


@pytest.mark.parametrize("size", [3, 7])
def test_many_pages_are_read(size: int, open_sandbox: OpenSandbox) -> None:
    for envelope in ("results", "next", "data", "list"):
        vendor = made(Rules(envelope=envelope))
        sandbox = open_sandbox(vendor)
        # A server that lowers the size that it was asked for.
        vendor.faults.add(_smaller(size), times=None)
        run = run_tap(config_of(sandbox), clock=vendor.clock, catalog=select("betterworks_users")).succeeded()
        assert_equals_expected_records(Destination().take(run), sandbox, ["betterworks_users"])
        assert len(vendor.request_log) > 12 / size


def _smaller(size: int) -> effects.Effect:
    async def effect(exchange: InterceptedRequest) -> None:
        query = exchange.scope["query_string"].replace(b"size=100", b"size=%d" % size)
        exchange.scope["query_string"] = query
        await exchange.forward()

    return effect


def test_only_what_changed_is_passed_on_at_the_second_sync(betterworks: Betterworks, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(betterworks)
    catalog = select("betterworks_goals")
    destination = Destination().take(run_tap(config_of(sandbox), clock=betterworks.clock, catalog=catalog).succeeded())
    assert destination.state is not None
    assert destination.state["bookmarks"]["betterworks_goals"] == {
        "replication_key": "updated",
        "replication_key_value": "2026-06-15T05:59:58+00:00",
    }
    sandbox.pass_time(days=4)
    goals = betterworks.dataset.organisation.goals
    old = min(goals, key=lambda number: goals[number].updated)
    betterworks.dataset.check_in(old)
    new = betterworks.dataset.set_goal().id
    betterworks.clock.advance(timedelta(minutes=1))
    run = run_tap(config_of(sandbox), clock=betterworks.clock, state=destination.state, catalog=catalog).succeeded()
    numbers = {row["id"] for row in run.records("betterworks_goals")}
    assert {old, new} <= numbers
    assert numbers == {
        number for number, goal in goals.items() if goal.updated.isoformat() >= "2026-06-15T05:59:58+00:00"
    }
    assert_equals_expected_records(destination.take(run), sandbox, ["betterworks_goals"])


def test_each_goal_and_milestone_comes_once_with_its_parent(
    betterworks: Betterworks, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(betterworks)
    run = run_tap(config_of(sandbox), clock=betterworks.clock, catalog=select("betterworks_goals")).succeeded()
    rows = run.records("betterworks_goals")
    assert len({row["id"] for row in rows}) == len(rows) == len(sandbox.expected_records("betterworks_goals"))
    children = [row for row in rows if row["parent_id"] is not None]
    assert children
    assert all("children" not in row for row in rows)
    assert all("children" not in (row["_unmapped"] or {}) for row in rows)


def test_every_call_has_an_id_of_its_own_which_errors_tell(betterworks: Betterworks, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(betterworks)
    betterworks.faults.add(effects.reply(422, {"error": "what the vendor says"}), path="/users", times=None)
    run = run_tap(config_of(sandbox), clock=betterworks.clock, catalog=select("betterworks_users"))
    assert run.status == 1
    ids = [call.headers["x-request-id"] for call in betterworks.request_log]
    assert len(set(ids)) == len(ids) >= 1
    assert any(ids[-1] in line for line in run.errors)
    assert "what the vendor says" not in run.log_text()


def test_a_path_that_does_not_exist_fails_its_stream_alone(betterworks: Betterworks, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(betterworks)
    betterworks.rules.paths["betterworks_departments"] = "org/units"
    catalog = select("betterworks_departments", "betterworks_users")
    run = run_tap(config_of(sandbox), clock=betterworks.clock, catalog=catalog)
    assert run.status == 1
    assert any("betterworks_departments" in line and "betterworks.paths" in line for line in run.errors)
    assert_equals_expected_records(Destination().take(run), sandbox, ["betterworks_users"])
    config = config_of(sandbox)
    for given in ("org/units", "/org/units/"):
        config["betterworks"]["paths"] = {"betterworks_departments": given}
        run = run_tap(config, clock=betterworks.clock, catalog=catalog).succeeded()
        assert_equals_expected_records(Destination().take(run), sandbox, ["betterworks_departments"])


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        (effects.reply(401, {"detail": "no"}), "Check betterworks.api_token"),
        (effects.reply(403, {"detail": "no"}), "Super Admin"),
    ],
)
def test_refusals_say_what_to_do(
    fault: effects.Effect, hint: str, betterworks: Betterworks, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(betterworks)
    betterworks.faults.add(fault, times=None)
    run = run_tap(config_of(sandbox), clock=betterworks.clock, catalog=select("betterworks_users"))
    assert run.status == 1
    assert any("Betterworks" in line and hint in line for line in run.errors)
    assert len(betterworks.request_log) == 1


def test_an_empty_page_in_the_middle_is_not_the_end(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules())
    sandbox = open_sandbox(vendor)
    vendor.faults.add(
        effects.swap_json(lambda _: {"results": [], "more": False, "nextURL": None}), path="/users", skip=1
    )
    vendor.faults.add(_smaller(5), times=None)
    run = run_tap(config_of(sandbox), clock=vendor.clock, catalog=select("betterworks_users")).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, ["betterworks_users"])


def test_new_fields_are_kept_and_logged_once(betterworks: Betterworks, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(betterworks)
    betterworks.faults.add(_smaller(2), times=None)
    run = run_tap(config_of(sandbox), clock=betterworks.clock, catalog=select("betterworks_users")).succeeded()
    names = {name for row in run.records("betterworks_users") for name in row["_unmapped"] or ()}
    assert names
    told = [line for line in run.lines(logging.INFO) if "new to the schema" in line]
    assert len(told) == len(set(told)) == len(names)


def test_a_list_whose_next_page_is_itself_is_an_error(betterworks: Betterworks, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(betterworks)
    betterworks.faults.add(
        effects.swap_json(_with({"results": [{"id": 1}], "more": True, "nextURL": "?page=2"})), times=None
    )
    run = run_tap(config_of(sandbox), clock=betterworks.clock, catalog=select("betterworks_users"))
    assert run.status == 1
    assert any("the same page again and again" in line for line in run.errors)
    assert len(betterworks.request_log) < 150


def _with(changes: dict[str, Any]) -> Callable[[Any], Any]:
    return lambda body: {**body, **changes}


def test_the_next_page_is_never_asked_of_another_host(betterworks: Betterworks, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(betterworks)

    async def small_page_with_a_foreign_link(exchange: InterceptedRequest) -> None:
        exchange.scope["query_string"] = exchange.scope["query_string"].replace(b"size=100", b"size=5")
        answer = await exchange.answer()
        await exchange.reply(answer.with_body(answer.body.replace(b"http://127.0.0.1", b"https://evil.example")))

    betterworks.faults.add(small_page_with_a_foreign_link, times=None)
    run = run_tap(config_of(sandbox), clock=betterworks.clock, catalog=select("betterworks_users")).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, ["betterworks_users"])
