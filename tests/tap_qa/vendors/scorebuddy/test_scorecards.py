"""Scorecards and their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.http import effects
from qa_sandbox.vendors.scorebuddy.rules import Rules
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of
from tests.tap_qa.vendors.scorebuddy.instances import made

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox


def test_a_version_with_over_a_hundred_questions_is_complete(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(
        config_of(sandbox), clock=scorebuddy.clock, catalog=select("scorebuddy_scorecard_versions")
    ).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, ["scorebuddy_scorecard_versions"])
    longest = max(run.records("scorebuddy_scorecard_versions"), key=lambda row: len(row["questions"]))
    assert len(longest["questions"]) == longest["number_of_questions"] > 100


def test_all_scorecards_are_read_locked_archived_and_deleted_ones_too(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select("scorebuddy_scorecards")).succeeded()
    rows = run.records("scorebuddy_scorecards")
    assert any(row["locked"] for row in rows)
    assert any(row["archived"] for row in rows)
    assert any(row["deleted"] for row in rows)
    assert len({row["scorecard_id"] for row in rows}) == len(rows)


def test_scorecards_come_once_also_where_no_filter_hides_any(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules(hides_scorecards=False))
    sandbox = open_sandbox(vendor)
    run = run_tap(config_of(sandbox), clock=vendor.clock, catalog=select("scorebuddy_scorecards")).succeeded()
    rows = run.records("scorebuddy_scorecards")
    assert len({row["scorecard_id"] for row in rows}) == len(rows) > 1


PARTS = ("scorebuddy_scorecard_versions", "scorebuddy_scorecard_sections")


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize("stream", PARTS)
def test_a_scorecard_that_is_gone_leaves_the_others(
    stream: str, status: int, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.faults.add(effects.reply(status, {"error": {"type": "NOT_FOUND"}}), path="/scorecards/71/", times=None)
    config = {**config_of(sandbox), "emit_activate_version_messages": True}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select(stream)).succeeded()
    wanted = {key: row for key, row in sandbox.expected_records(stream).items() if row["scorecard_id"] != 71}
    assert Destination().take(run).tables[stream] == wanted
    [warning] = run.lines(30)
    assert "scorecard_id 71 is gone" in warning
    assert str(status) in warning
    assert not run.of_type("ACTIVATE_VERSION")  # which would have the target drop what may come back


@pytest.mark.parametrize("stream", PARTS)
def test_without_a_scorecard_nothing_is_asked_for_and_no_version_announced(
    stream: str, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    none = {"scorecards": [], "total": 0, "next_page": None}
    scorebuddy.faults.add(effects.reply(200, none), path="/scorecards$", times=None)
    config = {**config_of(sandbox), "emit_activate_version_messages": True}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select("scorebuddy_scorecards", stream)).succeeded()
    assert [message["stream"] for message in run.of_type("ACTIVATE_VERSION")] == ["scorebuddy_scorecards"]


def test_where_all_are_gone_it_is_the_path_that_is_wrong(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.faults.add(effects.reply(404, {"error": {"type": "NOT_FOUND"}}), path="/sections", times=None)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(PARTS[1]))
    assert run.status == 1
    assert any("HTTP 404" in line for line in run.errors)


def test_scorecards_are_listed_once_for_all_that_they_consist_of(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    counts = []
    for streams in (PARTS[:1], PARTS):
        scorebuddy.request_log.clear()
        run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(*streams)).succeeded()
        assert_equals_expected_records(Destination().take(run), sandbox, streams)
        counts.append(len(scorebuddy.request_log.matching("/scorecards$")))
    assert counts[0] == counts[1]
