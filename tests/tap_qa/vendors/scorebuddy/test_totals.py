"""Instances whose totals count what the filters leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.vendors.scorebuddy.rules import Rules
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of
from tests.tap_qa.vendors.scorebuddy.instances import WINDOWED, made

if TYPE_CHECKING:
    from tests.conftest import OpenSandbox


def test_such_totals_are_logged_once_a_list_and_not_used(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules(totals_before_filters=True))
    sandbox = open_sandbox(vendor)
    config = config_of(sandbox)
    config["scorebuddy"]["window_days"] = 3
    run = run_tap(config, clock=vendor.clock, catalog=select(*WINDOWED)).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, WINDOWED)
    assert sorted(line.split()[4] for line in run.lines(30) if "totals" in line) == ["scores", "scores/reviews"]
    whole = [call for call in vendor.request_log.matching("/scores") if call.query.get("limit") == "1"]
    assert len(whole) == 2
