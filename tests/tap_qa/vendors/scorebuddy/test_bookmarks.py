"""Scorebuddy's bookmarks and the states that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of
from tests.tap_qa.vendors.scorebuddy.instances import WINDOWED

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox


def test_a_state_follows_each_window_and_ends_the_run(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = config_of(sandbox, days=16)
    config["scorebuddy"]["window_days"] = 1
    run = run_tap(config, clock=scorebuddy.clock, catalog=select("scorebuddy_scores")).succeeded()
    kinds = [message["type"] for message in run.messages]
    assert kinds[-1] == "STATE"
    ends = [
        state["bookmarks"]["scorebuddy_scores"]["replication_key_value"]
        for state in run.states
        if state["bookmarks"]["scorebuddy_scores"]
    ]
    windows = list(dict.fromkeys(ends))
    # 16 days in windows of one, the last one cut where rows may still come late; the first ones are empty.
    assert len(windows) == 17
    assert windows == sorted(windows)
    assert windows[-1] == "2026-06-15T05:59:58+00:00"
    # Whatever came before a state is covered by it, and no bookmark runs ahead of rows that are still to come.
    reached = ""
    for message in run.messages:
        if message["type"] == "STATE" and message["value"]["bookmarks"]["scorebuddy_scores"]:
            reached = message["value"]["bookmarks"]["scorebuddy_scores"]["replication_key_value"]
        elif message["type"] == "RECORD":
            assert message["record"]["last_edit_date"] >= reached


def test_sync_resumes_from_any_emitted_state(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    catalog = select("scorebuddy_scores")
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded()
    messages = run.messages
    for position in [place for place, message in enumerate(messages) if message["type"] == "STATE"]:
        destination = Destination()
        for message in messages[: position + 1]:
            destination.take_message(message)
        destination.take(run_tap(config_of(sandbox), clock=scorebuddy.clock, state=destination.state, catalog=catalog))
        assert_equals_expected_records(destination, sandbox, ["scorebuddy_scores"])


def test_a_bookmark_is_never_moved_back(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    catalog = select("scorebuddy_scores")
    state = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded().state
    run = run_tap({**config_of(sandbox), "lookback_days": 10}, clock=scorebuddy.clock, state=state, catalog=catalog)
    values = {state["bookmarks"]["scorebuddy_scores"]["replication_key_value"] for state in run.states}
    assert values == {"2026-06-15T05:59:58+00:00"}


@pytest.mark.parametrize("wrapping", ["type", "singer_state"])
def test_a_state_in_its_wrapping_is_still_a_state(
    wrapping: str, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    catalog = select("scorebuddy_scores")
    state = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded().state
    wrapped: dict[str, Any] = {"type": "STATE", "value": state} if wrapping == "type" else {wrapping: state}
    plain, other = (
        run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog, state=given).succeeded()
        for given in (state, wrapped)
    )
    assert other.records("scorebuddy_scores") == plain.records("scorebuddy_scores")
    assert other.state == plain.state


def test_the_state_has_the_sdks_shape_and_no_partitions(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock).succeeded()
    assert set(run.state) == {"bookmarks"}
    for stream in WINDOWED:
        assert set(run.state["bookmarks"][stream]) == {"replication_key", "replication_key_value"}
    assert run.state["bookmarks"]["scorebuddy_score_reviews"]["replication_key"] == "review_date"
    assert "partitions" not in str(run.state)
