"""MaestroQA's JSON lists: coaching, assignments, and SCIM."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qa_harness.run import run_tap, select
from qa_sandbox.http import effects
from tests.support.expected_records import differences

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.maestroqa import MaestroQa
    from tests.tap_qa.exports import Syncs

SESSIONS, POINTS, TODOS = (f"maestroqa_{name}" for name in ("coaching_sessions", "coaching_points", "todos"))
SCIM = tuple(f"maestroqa_scim_{name}" for name in ("users", "agent_groups", "user_groups"))
LISTS = (SESSIONS, POINTS, TODOS, "maestroqa_assignments", *SCIM)


def assert_equal(syncs: Syncs, account: MaestroQa) -> None:
    for stream in syncs.streams:
        expected = account.dataset.expected_records(stream)
        assert expected
        assert not (found := differences(syncs.destination.tables[stream], expected)), "\n".join(found)


@pytest.mark.parametrize("page_rows", [None, 2, 7])
def test_lists_equal_the_truth(syncs: Callable[..., Syncs], account: MaestroQa, page_rows: int | None) -> None:
    account.lists.page_rows = page_rows
    account.lists.scim_rows = page_rows or 20
    made = syncs(*LISTS)
    made.run().succeeded()
    assert_equal(made, account)


def test_later_changes_of_a_session_are_found_however_old_it_is(
    syncs: Callable[..., Syncs], account: MaestroQa, clock: FakeClock
) -> None:
    made = syncs(SESSIONS, lookback_days=1)
    first = made.run().succeeded().records(SESSIONS)
    account.dataset.advance(days=8)
    second = made.run().succeeded().records(SESSIONS)
    assert_equal(made, account)
    changed = {row["id"] for row in second} & {row["id"] for row in first}
    assert any(row["created_at"] < (clock.now() - timedelta(days=12)).isoformat() for row in second)
    assert changed
    assert len(second) < len(account.dataset.sessions)


def test_the_coaching_export_is_asked_for_in_parts_of_90_days_without_a_gap(
    syncs: Callable[..., Syncs], account: MaestroQa
) -> None:
    syncs(SESSIONS).run().succeeded()
    bodies = dict.fromkeys(call.body for call in account.request_log.matching("coaching-sessions"))  # empty ones twice
    asked = list(map(json.loads, bodies))
    assert asked[0]["startDate"] == "2025-05-31"  # a year and a day before start_date
    assert asked[-1]["endDate"] == "2026-06-15"
    assert [body["endDate"] for body in asked[:-1]] == [body["startDate"] for body in asked[1:]]
    assert {body["timeAxis"] for body in asked} == {"createdAt"}


def test_a_list_of_a_usual_page_length_that_takes_no_page_is_no_whole_list(
    syncs: Callable[..., Syncs], account: MaestroQa
) -> None:
    rows = json.dumps([{"_id": str(number)} for number in range(100)]).encode()
    account.faults.add(effects.reply(200, rows), path="/todos", times=1)
    run = syncs(TODOS).run()
    assert run.status == 1
    assert any("refuses the next" in line for line in run.errors)


def test_lists_are_not_selected_by_default(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs()
    tested = made.test()
    assert tested.status == 0
    assert not account.request_log.matching("coaching")
    assert not account.request_log.matching("scim")


@pytest.mark.parametrize("stream", LISTS)
def test_a_connection_test_of_a_list_is_one_or_two_calls(
    syncs: Callable[..., Syncs], account: MaestroQa, stream: str
) -> None:
    made = syncs(stream)
    before = len(account.request_log.matching("api/v1"))
    run = run_tap(made.config(), clock=made.clock, arguments=["--test"], catalog=select(stream))
    assert run.status == 0, run.errors
    assert len(account.request_log.matching("api/v1")) - before <= 3
