"""Evaluations whose score date is new although their last edit lies before all that a run reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.http import effects
from qa_sandbox.vendors.scorebuddy.rules import SCOPES, Rules
from tap_qa.vendors.scorebuddy.redated import NEIGHBOURS, are_dated_within, clusters, date_filters
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of
from tests.tap_qa.vendors.scorebuddy.instances import made

if TYPE_CHECKING:
    from tests.conftest import OpenSandbox

BOTH = ("scorebuddy_scores", "scorebuddy_export_questions")


@pytest.mark.parametrize("streams", [BOTH, BOTH[:1], BOTH[1:]])
@pytest.mark.parametrize("ahead", [-2, 0, 200])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati"])
def test_they_are_found_by_their_score_date(
    zone: str, ahead: int, streams: tuple[str, ...], open_sandbox: OpenSandbox
) -> None:
    vendor = made(Rules(timezone=zone))
    sandbox = open_sandbox(vendor)
    catalog = select(*streams)
    destination = Destination().take(run_tap(config_of(sandbox), clock=vendor.clock, catalog=catalog).succeeded())
    sandbox.pass_time(days=9)
    vendor.dataset.redate(min(vendor.dataset.instance.scores), ahead)
    vendor.request_log.clear()
    run = run_tap(config_of(sandbox), clock=vendor.clock, state=destination.state, catalog=catalog).succeeded()
    assert not run.lines(30)
    assert_equals_expected_records(destination.take(run), sandbox, streams)
    # Once a window and once for the day on which the range begins; for both streams together.
    asked = [call for call in vendor.request_log.matching("/scores$") if "from_score_date" in call.query]
    assert len(asked) == 4


def test_a_first_run_finds_those_that_were_last_edited_before_start_date(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules())
    sandbox = open_sandbox(vendor)
    vendor.dataset.redate(min(vendor.dataset.instance.scores), -1)
    run = run_tap(config_of(sandbox, days=3), clock=vendor.clock, catalog=select(*BOTH)).succeeded()
    for stream in BOTH:
        assert min(vendor.dataset.instance.scores) in {row["score_id"] for row in run.records(stream)}


def test_backfills_of_the_parts_find_what_one_of_the_whole_finds(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules())
    sandbox = open_sandbox(vendor)
    for position, number in enumerate(sorted(vendor.dataset.instance.scores)[:6]):
        vendor.dataset.redate(number, -position)
    dates = ["2026-06-09T00:00:00Z", "2026-06-12T07:00:00Z", "2026-06-15T05:00:00Z"]

    def found(start: str, end: str) -> set[int]:
        config = {**config_of(sandbox), "start_date": start, "end_date": end}
        run = run_tap(config, clock=vendor.clock, catalog=select("scorebuddy_scores")).succeeded()
        return {row["score_id"] for row in run.records("scorebuddy_scores")}

    assert found(dates[0], dates[2]) == found(dates[0], dates[1]) | found(dates[1], dates[2])


def test_where_the_filter_is_refused_the_rest_is_read_and_it_is_said_once(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules())
    sandbox = open_sandbox(vendor)
    refusal = {"error": {"type": "BAD_REQUEST", "description": "from_score_date: unknown"}}
    vendor.faults.add(effects.reply(400, refusal), path="/scores$", query="from_score_date", times=None)
    run = run_tap(config_of(sandbox), clock=vendor.clock, catalog=select(*BOTH)).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, BOTH)
    assert [line for line in run.lines(30) if "score_date is refused" in line] == run.lines(30)
    assert len(run.lines(30)) == 1


def test_an_export_alone_goes_on_without_the_scope_of_scores(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules(granted=SCOPES - {"scores:read"}))
    sandbox = open_sandbox(vendor)
    run = run_tap(config_of(sandbox), clock=vendor.clock, catalog=select(BOTH[1])).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, BOTH[1:])
    assert any("scores:read" in line for line in run.lines(30))


def test_a_row_that_is_dated_elsewhere_shows_that_the_filter_is_ignored() -> None:
    rows = [{"score_date": "2026-06-09"}, {"score_date": "2026-06-10 00:00:00"}]
    dates = {"from_score_date": "2026-06-09", "to_score_date": "2026-06-10"}
    assert are_dated_within(rows, dates)
    for other in ("2026-06-08", "2026-06-11", None, "", "soon"):
        assert not are_dated_within([*rows, {"score_date": other}], dates)


def test_the_day_on_which_the_range_begins_is_asked_for_by_itself() -> None:
    before = datetime(2026, 6, 9, 12, 30)  # noqa: DTZ001 - local
    end = datetime(2026, 6, 11, 8)  # noqa: DTZ001
    asked = [tuple(dates.values()) for dates in date_filters(before, end, before)]
    assert asked == [
        ("2026-06-09", "2026-06-09", "1970-01-01 00:00:00", "2026-06-08 23:59:59"),
        ("2026-06-10", "2026-06-11", "1970-01-01 00:00:00", "2026-06-09 12:30:00"),
    ]
    assert [tuple(dates.values()) for dates in date_filters(end, end, before)] == [
        ("2026-06-11", "2026-06-11", "1970-01-01 00:00:00", "2026-06-09 12:30:00")
    ]


@given(st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 3))))  # noqa: DTZ001 - any will do
def test_clusters_hold_all_instants_and_lie_apart(instants: list[datetime]) -> None:
    found = list(clusters(instants))
    assert all(any(first <= instant <= last for first, last in found) for instant in instants)
    assert all(first in instants and last in instants for first, last in found)
    for (_, last), (first, _) in pairwise(found):
        assert first - last > max(NEIGHBOURS, timedelta())
