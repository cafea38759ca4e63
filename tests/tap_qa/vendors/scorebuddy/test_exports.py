"""Scorebuddy's export of questions: its pages and its longest range."""

from __future__ import annotations

from datetime import datetime, timedelta
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


def test_windows_of_exports_keep_within_the_vendors_limit(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = config_of(sandbox, days=200)
    config["scorebuddy"] = {**config["scorebuddy"], "window_days": 31, "timezone": "America/New_York"}
    scorebuddy.rules.timezone = "America/New_York"
    run = run_tap(config, clock=scorebuddy.clock, catalog=select("scorebuddy_export_questions")).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, ["scorebuddy_export_questions"])
    for call in scorebuddy.request_log.matching("/export/questions"):
        bounds = [datetime.fromisoformat(call.query[f"{side}_last_edit_date"]) for side in ("from", "to")]
        assert bounds[1] - bounds[0] <= timedelta(days=31)


def test_an_export_page_that_is_refused_falls_back_to_100(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules(export_max_limit=100))
    sandbox = open_sandbox(vendor)
    run = run_tap(config_of(sandbox), clock=vendor.clock, catalog=select("scorebuddy_export_questions")).succeeded()
    calls = vendor.request_log.matching("/export/questions")
    assert [call.query["limit"] for call in calls][:2] == ["1000", "100"]
    assert {call.query["limit"] for call in calls[1:]} == {"100"}
    assert [call.status for call in calls].count(400) == 1
    assert_equals_expected_records(Destination().take(run), sandbox, ["scorebuddy_export_questions"])


def test_a_refusal_of_something_else_is_no_reason_for_smaller_pages(open_sandbox: OpenSandbox) -> None:
    from qa_sandbox.http import effects  # noqa: PLC0415 - for this test only

    vendor = made(Rules())
    sandbox = open_sandbox(vendor)
    refusal = {"error": {"type": "BAD_REQUEST", "description": "from_last_edit_date: wrong"}}
    vendor.faults.add(effects.reply(400, refusal), path="/export/questions", times=None)
    run = run_tap(config_of(sandbox), clock=vendor.clock, catalog=select("scorebuddy_export_questions"))
    assert run.status == 1
    assert len(vendor.request_log.matching("/export/questions")) == 1
