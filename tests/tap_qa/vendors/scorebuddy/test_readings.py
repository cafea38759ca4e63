"""Instances that page and answer otherwise than the Open API document says."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal

import pytest

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.http import effects
from qa_sandbox.vendors.scorebuddy.rules import Rules
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of
from tests.tap_qa.vendors.scorebuddy.instances import WINDOWED, made

if TYPE_CHECKING:
    from tests.conftest import OpenSandbox

PAGED = (*WINDOWED, "scorebuddy_employees", "scorebuddy_scorecards")


@pytest.mark.parametrize("first_page", [0, 1])
@pytest.mark.parametrize("shows_totals", [True, False])
def test_a_full_page_that_names_no_next_one_is_asked_on(
    open_sandbox: OpenSandbox, first_page: Literal[0, 1], *, shows_totals: bool
) -> None:
    vendor = made(Rules(next_page="null", shows_totals=shows_totals, first_page=first_page))
    sandbox = open_sandbox(vendor)
    run = run_tap(config_of(sandbox), clock=vendor.clock, catalog=select(*PAGED)).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, PAGED)


def test_a_window_without_rows_may_be_a_404(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules(empty_lists=404))
    sandbox = open_sandbox(vendor)
    config = config_of(sandbox)
    config["scorebuddy"]["window_days"] = 1
    run = run_tap(config, clock=vendor.clock, catalog=select(*WINDOWED)).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, WINDOWED)
    told = [line for line in run.lines(logging.WARNING) if "404" in line]
    assert len(told) == len({line.split("404 of ")[1] for line in told}), "once a list"
    assert told


def test_a_list_that_is_not_there_at_all_fails(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules())
    sandbox = open_sandbox(vendor)
    vendor.faults.add(effects.reply(404), path="/scores/reviews", times=None)
    run = run_tap(config_of(sandbox), clock=vendor.clock, catalog=select("scorebuddy_score_reviews"))
    assert run.status == 1
    assert any("scorebuddy.url" in line for line in run.errors)
