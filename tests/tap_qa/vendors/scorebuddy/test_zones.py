"""Naive timestamps of instances anywhere, and over changes of the clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.vendors.scorebuddy.rules import Rules
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of
from tests.tap_qa.vendors.scorebuddy.instances import WINDOWED, made

if TYPE_CHECKING:
    from tests.conftest import OpenSandbox


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("America/New_York", "2024-03-10T07:10:00"),
        ("America/New_York", "2024-11-03T05:40:00"),
        ("America/New_York", "2024-11-03T06:40:00"),
        ("Europe/Dublin", "2024-10-27T00:50:00"),
        ("Australia/Lord_Howe", "2024-04-06T15:10:00"),
    ],
)
def test_a_sync_over_a_change_of_the_clock_equals_the_truth(zone: str, start: str, open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules(timezone=zone), datetime.fromisoformat(f"{start}+00:00"))
    sandbox = open_sandbox(vendor)
    config = config_of(sandbox)
    config["scorebuddy"]["window_days"] = 3
    destination = Destination()
    for hours in (0, 1, 23):
        sandbox.pass_time(hours=hours)
        vendor.dataset.add()
        vendor.dataset.review(
            min(number for number, score in vendor.dataset.instance.scores.items() if not score.review)
        )
        vendor.dataset.edit(max(vendor.dataset.instance.scores))
        vendor.clock.advance(timedelta(minutes=1))
        run = run_tap(config, clock=vendor.clock, state=destination.state, catalog=select(*WINDOWED)).succeeded()
        destination.take(run)
        assert_equals_expected_records(destination, sandbox, WINDOWED)


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "Pacific/Kiritimati", "Europe/Dublin"])
def test_while_the_zone_is_unset_no_row_is_missed_wherever_the_instance_is(
    zone: str, open_sandbox: OpenSandbox
) -> None:
    vendor = made(Rules(timezone=zone))
    sandbox = open_sandbox(vendor)
    config = {**config_of(sandbox), "start_date": "2026-06-08T00:00:00Z"}
    del config["scorebuddy"]["timezone"]
    destination = Destination()
    for hours in (0, 23, 25, 90):
        sandbox.pass_time(hours=hours)
        vendor.dataset.add()
        vendor.clock.advance(timedelta(minutes=1))
        run = run_tap(config, clock=vendor.clock, state=destination.state, catalog=select(*WINDOWED)).succeeded()
        destination.take(run)
        assert [line for line in run.lines(30) if "timezone" in line] == run.lines(30)
        assert len(run.lines(30)) == 1
        for stream, date in zip(WINDOWED, ("last_edit_date", "last_edit_date", "review_date"), strict=True):
            wanted = {
                key for key, row in sandbox.expected_records(stream).items() if row[date] >= "2026-06-08T00:00:00+00:00"
            }
            assert wanted
            assert wanted <= set(destination.tables[stream]), stream
    score = max(vendor.dataset.instance.scores)
    shown = vendor.dataset.instance.scores[score].edited_at.astimezone(ZoneInfo(zone)).replace(tzinfo=timezone.utc)
    assert destination.tables["scorebuddy_scores"][score,]["last_edit_date"] == shown.isoformat()


def test_the_margin_stays_within_the_longest_range_of_an_export(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules(timezone="Pacific/Pago_Pago"))
    sandbox = open_sandbox(vendor)
    config = config_of(sandbox, days=200)
    del config["scorebuddy"]["timezone"]
    config["scorebuddy"]["window_days"] = 31
    run = run_tap(config, clock=vendor.clock, catalog=select("scorebuddy_export_questions")).succeeded()
    keys = {(row["score_id"], row["question_id"]) for row in run.records("scorebuddy_export_questions")}
    assert keys == set(sandbox.expected_records("scorebuddy_export_questions"))
    for call in vendor.request_log.matching("/export/questions"):
        bounds = [datetime.fromisoformat(call.query[f"{side}_last_edit_date"]) for side in ("from", "to")]
        assert bounds[1] - bounds[0] <= timedelta(days=30)


@pytest.mark.parametrize(("zone", "starts"), [("UTC", [-72, -48, -24, -2]), (None, [-72, -48, -28, -4])])
def test_while_the_zone_is_unset_rows_may_come_later(
    zone: str | None, starts: list[int], open_sandbox: OpenSandbox
) -> None:
    """A window ends where rows can no longer come: two hours ago, or 26 more, by the zones furthest from UTC."""
    vendor = made(Rules())
    sandbox = open_sandbox(vendor)
    config = config_of(sandbox, days=3)
    config["scorebuddy"] |= {"timezone": zone, "window_days": 1}
    now = vendor.clock.now().replace(tzinfo=None)
    run_tap(config, clock=vendor.clock, catalog=select("scorebuddy_scores")).succeeded()
    asked = [call.query for call in vendor.request_log.matching("/scores$") if "from_score_date" not in call.query]
    since = {datetime.fromisoformat(query["from_last_edit_date"]) - now for query in asked}
    margin = timedelta() if zone else timedelta(hours=14)
    assert [round((start + margin) / timedelta(hours=1)) for start in sorted(since)] == starts
