"""Scorecards and their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
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
