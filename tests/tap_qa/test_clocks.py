"""Two clocks, of which either may be wrong: nothing is missed, and no bookmark passes the earlier."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from qa_harness.clock import FakeClock, SkewedClock, pace_by
from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.sandbox import Sandbox
from tap_qa.http.server_clock import ServerClock
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

WINDOWED = ("scorebuddy_scores", "scorebuddy_export_questions", "scorebuddy_score_reviews")
INCREMENTAL = (
    *WINDOWED,
    "betterworks_goals",
    "maestroqa_total_scores",
    "maestroqa_audit_logs",
    "cxone_qm_workflows",
    "canary_speech_scores",
)


@pytest.mark.slow
@pytest.mark.parametrize("days", [-10, 10])
def test_no_stream_misses_anything_and_no_bookmark_passes_the_earlier_clock(days: float) -> None:
    clock = FakeClock()
    skew = timedelta(days=days)
    with Sandbox(["scorebuddy", "betterworks", "maestroqa", "cxone", "canary_speech"], clock=clock) as sandbox:
        pace_by(clock, sandbox)
        earlier = min(clock.now(), clock.now() + skew)
        start = (clock.now() - timedelta(days=14)).isoformat()
        config = {**sandbox.config(), "start_date": start}
        run = run_tap(config, clock=SkewedClock(clock, skew), catalog=select(*INCREMENTAL)).succeeded()
        plain = run_tap(config, clock=clock, catalog=select(*INCREMENTAL)).succeeded()
        told = [line for line in run.lines(30) if "this machine's clock" in line]
        assert len(told) == len(sandbox.vendors)
        for stream in INCREMENTAL:
            bookmark = run.bookmark(stream)
            # The sandbox works while time passes: a first answer may come some seconds after the start.
            assert datetime.fromisoformat(bookmark) <= earlier + timedelta(minutes=5), stream
            there, wanted = (set(Destination().take(each).tables[stream]) for each in (run, plain))
            assert wanted, stream
            assert wanted <= there, stream


@pytest.mark.parametrize(
    "date",
    [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sat, 01 Jan 2000 00:00:00 GMT",
        "Thu, 25 Jun 2026 06:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ],
)
def test_an_absurd_date_hides_no_row_and_moves_no_bookmark_too_far(
    date: str, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = open_sandbox(scorebuddy)
    catalog = select(*WINDOWED)
    first = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded()
    good = Destination().take(first)
    monkeypatch.setattr(scorebuddy.clock, "http_date", lambda: date)
    for destination in (Destination(), good):
        scorebuddy.clock.advance(timedelta(minutes=1))
        run = run_tap(config_of(sandbox), clock=scorebuddy.clock, state=destination.state, catalog=catalog).succeeded()
        destination.take(run)
        assert_equals_expected_records(destination, sandbox, WINDOWED)
        [told] = [line for line in run.lines(30) if "clock" in line]
        assert "this machine's clock 2026-06-15T06:0" in told
        assert datetime.fromisoformat(run.bookmark("scorebuddy_scores")) < scorebuddy.clock.now()
    # One answer with a wrong date takes nothing back that was read before.
    assert run.bookmark("scorebuddy_scores") >= first.bookmark("scorebuddy_scores")


@pytest.mark.parametrize(
    ("header", "earlier", "later"),
    [
        ("Thu, 01 Jan 2026 03:00:00 GMT", "2026-01-01T00:00:00", "2026-01-01T03:00:00"),
        ("Mon, 01 Dec 2025 00:00:00 GMT", "2025-12-01T00:00:00", "2026-01-01T00:00:00"),
        ("Sat, 01 Aug 2026 00:00:00 GMT", "2026-01-01T00:00:00", "2026-08-01T00:00:00"),
        ("Wed, 01 Jan 2031 00:00:00 GMT", "2026-01-01T00:00:00", "2026-01-01T00:00:00"),
        ("Thu, 01 Jan 1000 00:00:00 GMT", "2026-01-01T00:00:00", "2026-01-01T00:00:00"),
        (None, "2026-01-01T00:00:00", "2026-01-01T00:00:00"),
    ],
)
def test_a_run_starts_between_both_clocks(header: str | None, earlier: str, later: str) -> None:
    vendor = ServerClock("Echo", FakeClock(datetime(2026, 1, 1, tzinfo=timezone.utc)))
    vendor.observe(header)
    assert [f"{instant:%Y-%m-%dT%H:%M:%S}" for instant in vendor.run_start()] == [earlier, later]


def test_a_machine_without_a_battery_believes_the_vendor() -> None:
    vendor = ServerClock("Echo", FakeClock(datetime(1970, 1, 1, tzinfo=timezone.utc)))
    vendor.observe("Thu, 01 Jan 2026 03:00:00 GMT")
    assert vendor.run_start()[1] == datetime(2026, 1, 1, 3, tzinfo=timezone.utc)
