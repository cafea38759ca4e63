"""What a run reads of Scorebuddy: from the bookmark, the lookback or start_date to the vendor's time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.clock import FakeClock
from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of
from tests.tap_qa.vendors.scorebuddy.instances import WINDOWED

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

LAG = timedelta(seconds=2)


def by_last_edit(vendor: Scorebuddy) -> list[str]:
    calls = vendor.request_log.matching("/scores$")
    return [call.query["from_last_edit_date"] for call in calls if "from_score_date" not in call.query]


def test_a_second_sync_reads_only_the_lookback_and_the_edits(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    destination = Destination().take(run_tap(config_of(sandbox), clock=scorebuddy.clock).succeeded())
    first = destination.rows_taken["scorebuddy_scores"]
    sandbox.pass_time(days=4)
    old = min(scorebuddy.dataset.instance.scores)
    scorebuddy.dataset.edit(old)
    sandbox.pass_time(hours=1)
    scorebuddy.request_log.clear()
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, state=destination.state).succeeded()
    destination.take(run)
    assert_equals_expected_records(destination, sandbox, sandbox.streams)
    rows = run.records("scorebuddy_scores")
    assert old in {row["score_id"] for row in rows}
    since = (scorebuddy.clock.now() - timedelta(days=4, hours=1, minutes=1)).isoformat()
    assert all(row["last_edit_date"] >= since for row in rows)
    assert 0 < len(rows) < first
    asked = by_last_edit(scorebuddy)
    # The bookmark is older than the lookback, so reading starts there.
    assert min(asked) == "2026-06-15 05:59:58"


def test_the_lookback_counts_from_now_and_may_be_the_vendors_own(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = config_of(sandbox)
    state = run_tap(config, clock=scorebuddy.clock, catalog=select("scorebuddy_scores")).succeeded().state
    scorebuddy.clock.advance(timedelta(minutes=1))
    asked = {}
    variants: dict[str, dict[str, Any]] = {
        "default": {},
        "shared": {"lookback_days": 2},
        "own": {"lookback_days": 2, "scorebuddy": {**config["scorebuddy"], "lookback_days": 5}},
        "none": {"lookback_days": 0},
    }
    for name, changes in variants.items():
        scorebuddy.request_log.clear()
        run_tap({**config, **changes}, clock=scorebuddy.clock, state=state, catalog=select("scorebuddy_scores"))
        asked[name] = min(by_last_edit(scorebuddy))
    assert asked == {
        "default": "2026-06-12 06:01:00",
        "shared": "2026-06-13 06:01:00",
        "own": "2026-06-10 06:01:00",
        "none": "2026-06-15 05:59:58",
    }


def test_nothing_before_start_date_is_read(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    for start in ("2026-06-10T12:00:00Z", "2026-06-10T12:00:00", "2026-06-10T08:00:00-04:00"):
        scorebuddy.request_log.clear()
        config = {**config_of(sandbox), "start_date": start}
        run = run_tap(config, clock=scorebuddy.clock, catalog=select("scorebuddy_scores")).succeeded()
        assert scorebuddy.request_log.matching("/scores$")[0].query["from_last_edit_date"] == "2026-06-10 12:00:00"
        assert {row["score_id"] for row in run.records("scorebuddy_scores")} == {
            row["score_id"]
            for row in sandbox.expected_records("scorebuddy_scores").values()
            if row["last_edit_date"] >= "2026-06-10T12:00:00"
        }


def test_a_catalog_may_have_an_incremental_stream_read_again(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = config_of(sandbox)
    catalog = select("scorebuddy_scores")
    first = run_tap(config, clock=scorebuddy.clock, catalog=catalog).succeeded()
    [entry] = [entry for entry in catalog["streams"] if entry["tap_stream_id"] == "scorebuddy_scores"]
    entry["replication_method"] = "FULL_TABLE"
    scorebuddy.clock.advance(timedelta(minutes=1))
    again = run_tap(config, clock=scorebuddy.clock, catalog=catalog, state=first.state).succeeded()
    ids = [{row["score_id"] for row in run.records("scorebuddy_scores")} for run in (first, again)]
    assert ids[0] == ids[1]
    assert again.bookmark("scorebuddy_scores") > first.bookmark("scorebuddy_scores")
    assert not again.of_type("ACTIVATE_VERSION")


def test_the_clock_of_a_run_that_lasts_does_not_move_its_end(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    started = scorebuddy.clock.now()
    scorebuddy.dataset.on_request.append(lambda _: scorebuddy.clock.advance(timedelta(minutes=5)))
    run = run_tap(config_of(sandbox), clock=FakeClock(started), catalog=select(*WINDOWED)).succeeded()
    for stream in WINDOWED:
        value = datetime.fromisoformat(run.bookmark(stream))
        assert value <= started.astimezone(timezone.utc) + timedelta(minutes=5) - LAG


@pytest.mark.parametrize(("hours", "bookmark"), [(-5, "2026-06-15T00:59:58+00:00"), (7, "2026-06-15T05:59:58+00:00")])
def test_the_bookmark_is_of_the_earlier_clock(
    hours: int, bookmark: str, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    mine = FakeClock(scorebuddy.clock.now() + timedelta(hours=hours))
    run = run_tap(config_of(sandbox), clock=mine, catalog=select("scorebuddy_scores")).succeeded()
    assert run.bookmark("scorebuddy_scores") == bookmark
    assert any("clock is" in line for line in run.lines(30))
    assert_equals_expected_records(Destination().take(run), sandbox, ["scorebuddy_scores"])
