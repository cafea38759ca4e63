"""What Betterworks may mean by a list, where no public source says: each reading gives the same tables."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from qa_harness.clock import FakeClock
from qa_harness.destination import Destination
from qa_harness.run import Run, run_tap, select
from qa_sandbox.http import effects
from qa_sandbox.vendors.betterworks import Betterworks
from qa_sandbox.vendors.betterworks.rules import Rules
from qa_sandbox.vendors.betterworks.seed_data import Size
from tap_qa.vendors.betterworks.streams import as_object, deployment_ids
from tests.conftest import SMALL_ORGANISATION
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.http.intercepted_request import InterceptedRequest
    from qa_sandbox.sandbox import Sandbox
    from tests.conftest import OpenSandbox

LARGE = Size(departments=2, users=130, goals=10, conversations=9, days=3)
CONVERSATIONS, USERS = "betterworks_conversations", "betterworks_users"
GOALS, RECOGNITION = "betterworks_goals", "betterworks_recognition"
ID_NAMES = {"id", "parent_id", "user_id"}


@pytest.fixture
def opened(open_sandbox: OpenSandbox) -> Callable[..., Sandbox]:
    """Open an organisation with these rules."""

    def made(rules: Rules, size: Size = SMALL_ORGANISATION) -> Sandbox:
        return open_sandbox(Betterworks(FakeClock(), size, rules=rules))

    return made


def sync(sandbox: Sandbox, *streams: str, **settings: object) -> Run:
    config = {**config_of(sandbox), **settings}
    return run_tap(config, clock=sandbox.clock, catalog=select(*streams))


@pytest.mark.parametrize("envelope", ["results", "data", "list"])
def test_a_list_that_ignores_the_page_is_whole(opened: Callable[..., Sandbox], envelope: str) -> None:
    sandbox = opened(Rules(envelope=envelope, takes_page=False), LARGE)  # type: ignore[arg-type] # the choices
    run = sync(sandbox, USERS).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, [USERS])


def test_a_stale_first_page_in_place_of_the_second_is_no_list_that_ignores_the_page(
    open_sandbox: OpenSandbox,
) -> None:
    vendor = Betterworks(FakeClock(), LARGE, rules=Rules(envelope="list"))
    sandbox = open_sandbox(vendor)
    stale = [True, True]  # in the first scan and in the second one

    async def effect(exchange: InterceptedRequest) -> None:
        query = exchange.scope["query_string"].replace(b"size=100", b"size=17")
        if b"page=2" in query and stale:
            stale.pop()
            query = query.replace(b"page=2", b"page=1")
        exchange.scope["query_string"] = query
        await exchange.forward()

    vendor.faults.add(effect, path="/users", times=None)
    run = sync(sandbox, USERS).succeeded()
    assert not stale
    assert_equals_expected_records(Destination().take(run), sandbox, [USERS])


@pytest.mark.parametrize("envelope", ["results", "next", "data", "objects", "list"])
def test_a_full_page_without_a_next_one_is_asked_on(opened: Callable[..., Sandbox], envelope: str) -> None:
    sandbox = opened(Rules(envelope=envelope, link_on_full_page=False), LARGE)  # type: ignore[arg-type] # the choices
    run = sync(sandbox, USERS).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, [USERS])


def test_without_a_deployment_nothing_is_asked_for_and_no_version_announced(opened: Callable[..., Sandbox]) -> None:
    sandbox = opened(Rules(deployments_key="used_by"))  # type: ignore[arg-type] # the choices
    run = sync(sandbox, CONVERSATIONS, emit_activate_version_messages=True).succeeded()
    assert not run.records(CONVERSATIONS)
    assert not run.of_type("ACTIVATE_VERSION")


def test_a_deployment_that_is_gone_does_not_hide_the_others(opened: Callable[..., Sandbox]) -> None:
    rules = Rules()
    sandbox = opened(rules)
    templates = sandbox.expected_records("betterworks_conversation_templates").values()
    deployments = [str(one["id"]) for template in templates for one in template["deployments"]]
    rules.gone_deployments.add(deployments[0])
    run = sync(sandbox, CONVERSATIONS, emit_activate_version_messages=True).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, [CONVERSATIONS])
    [told] = [line for line in run.lines(logging.WARNING) if "deployments" in line]
    assert f"1 of {len(deployments)} deployments" in told
    assert not run.of_type("ACTIVATE_VERSION"), "a target would take the other's conversations for deleted"
    rules.gone_deployments.update(deployments)
    run = sync(sandbox, CONVERSATIONS)
    assert run.status == 1
    assert any("betterworks.paths" in line for line in run.errors)


def _with_text_ids(part: Any) -> Any:  # noqa: ANN401 - JSON
    """Return JSON in which each id is a UUID."""
    if isinstance(part, dict):
        ids = {name: str(UUID(int=value)) for name, value in part.items() if name in ID_NAMES and type(value) is int}
        return {name: ids.get(name) or _with_text_ids(value) for name, value in part.items()}
    return list(map(_with_text_ids, part)) if isinstance(part, list) else part


def test_ids_that_are_text_lose_no_row_and_join(open_sandbox: OpenSandbox) -> None:
    vendor = Betterworks(FakeClock(), LARGE)
    sandbox = open_sandbox(vendor)
    usual = Destination().take(sync(sandbox, USERS, GOALS, RECOGNITION).succeeded()).tables
    vendor.faults.add(effects.swap_json(lambda body: body.update(_with_text_ids(body))), times=None)
    run = sync(sandbox, USERS, GOALS, RECOGNITION).succeeded()
    tables = Destination().take(run).tables
    assert not run.lines(logging.WARNING)
    number_of = {}
    for stream in (USERS, GOALS):
        assert len(tables[stream]) == len(usual[stream])
        for row in tables[stream].values():
            assert 2**52 <= row["id"] < 2**53
            number_of[stream, UUID(row["_unmapped"]["id"]).int] = row["id"]
    for stream in (USERS, GOALS):
        assert {(stream, key[0]) for key in usual[stream]} <= set(number_of)
    for row in tables[GOALS].values():
        before = usual[GOALS][UUID(row["_unmapped"]["id"]).int,]
        assert row["parent_id"] == number_of.get((GOALS, before["parent_id"]))
        if "user" in before["owner"]:
            assert row["owner"]["user"]["id"] == number_of[USERS, before["owner"]["user"]["id"]]
            assert row["_unmapped"]["owner.user.id"] == str(UUID(int=before["owner"]["user"]["id"]))
    assert Destination().take(sync(sandbox, USERS, GOALS, RECOGNITION).succeeded()).tables == tables


@pytest.mark.parametrize(
    ("template", "ids"),
    [
        (
            {"deployments": [{"id": 1}, {"deployment_id": "2"}, {"uuid": "u-3"}, {"id": None, "uuid": "u-4"}]},
            [1, "2", "u-3", "u-4"],
        ),
        ({"deployment": {"id": 0, "uuid": "u"}}, [0]),
        ({"deployments": ["a", 2, None, True, ""]}, ["a", 2]),
        ({"deployments": None}, []),
        ({}, []),
    ],
)
def test_deployments_are_found_whatever_their_ids_are_called(template: dict[str, object], ids: list[object]) -> None:
    assert list(deployment_ids(template)) == ids


@pytest.mark.parametrize(
    ("value", "wrapped"),
    [
        ("Sales", {"name": "Sales"}),
        ("boss@example.com", {"email": "boss@example.com"}),
        (17, {"id": 17}),
        ({"id": 17}, {"id": 17}),
        ("", None),
        (True, True),  # which no object is: null, and the value in _unmapped
    ],
)
def test_whatever_stands_for_a_person_or_a_group_is_an_object(value: object, wrapped: object) -> None:
    assert as_object(value) == wrapped
