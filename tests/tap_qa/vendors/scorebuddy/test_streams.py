"""Scorebuddy, read through the command line from real HTTP servers: the tables equal the vendor's expected records."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.vendors.scorebuddy.rules import Rules
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of
from tests.tap_qa.vendors.scorebuddy.instances import made

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox


DIALECTS = {
    "the newer document's names": Rules(dialect="openapi"),
    "relative next pages without filters": Rules(next_page="relative", next_page_keeps=False),
    "numbers of next pages from 0": Rules(next_page="number", first_page=0),
    "numbers of next pages from 1": Rules(next_page="number", first_page=1),
    "absolute next pages without filters": Rules(next_page_keeps=False, order="newest"),
    "bare export list": Rules(export_shape="list", order="id"),
    "export limit of 100": Rules(export_max_limit=100),
    "export limit of 30, unsaid": Rules(order="oldest"),
    "scorecard in the singular": Rules(scorecards_key="scorecard", hides_scorecards=False),
    "New York": Rules(timezone="America/New_York"),
    "Kathmandu": Rules(timezone="Asia/Kathmandu"),
}


@pytest.mark.parametrize("rules", DIALECTS.values(), ids=DIALECTS)
def test_a_first_sync_equals_the_truth(rules: Rules, open_sandbox: OpenSandbox) -> None:
    vendor = made(rules)
    sandbox = open_sandbox(vendor)
    run = run_tap(config_of(sandbox), clock=vendor.clock).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, sandbox.streams)
    assert not run.lines(30), run.lines(30)


def test_stamps_are_in_utc_and_dates_stay(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules(timezone="America/New_York"))
    sandbox = open_sandbox(vendor)
    run = run_tap(config_of(sandbox), clock=vendor.clock, catalog=select("scorebuddy_scores")).succeeded()
    for row in run.records("scorebuddy_scores"):
        instant = datetime.fromisoformat(row["last_edit_date"])
        assert instant.utcoffset() == timedelta()
        assert instant == vendor.dataset.instance.scores[row["score_id"]].edited_at
        assert len(row["score_date"]) == len("2024-01-01")


def test_numbers_of_an_array_go_out_as_one_kind(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    for without in ((), ("scorebuddy_export_questions.reference",)):
        catalog = select("scorebuddy_export_questions", without=without)
        run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded()
        texts = [line.partition(b'"answer_values":[')[2].partition(b"]")[0] for line in run.stdout.splitlines()]
        numbers = [number for text in texts if text for number in text.split(b",")]
        assert numbers
        assert all(b"." in number for number in numbers)


def test_rows_that_change_while_they_are_read_are_not_lost(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules(order="newest"))
    sandbox = open_sandbox(vendor)
    config = {**config_of(sandbox), "lookback_days": 0}
    destination = Destination()
    requests = []

    def disturb(call: Any) -> None:  # noqa: ANN401 - a call
        requests.append(call)
        if "/scores" in call.path and len(requests) % 2:
            scores = sorted(vendor.dataset.instance.scores)
            vendor.dataset.edit(scores[len(requests) % len(scores)])
            if len(requests) % 3 == 0:
                vendor.dataset.add()
            vendor.clock.advance(timedelta(seconds=1))

    vendor.dataset.on_request.append(disturb)
    for _ in range(3):
        run = run_tap(config, clock=vendor.clock, state=destination.state, catalog=select("scorebuddy_scores"))
        destination.take(run)
    vendor.dataset.on_request.clear()
    sandbox.pass_time(hours=1)
    run = run_tap(config, clock=vendor.clock, state=destination.state, catalog=select("scorebuddy_scores"))
    assert_equals_expected_records(destination.take(run.succeeded()), sandbox, ["scorebuddy_scores"])
