"""Scorebuddy, read through the command line from real HTTP servers: the tables equal the vendor's expected records."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.clock import FakeClock
from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from qa_sandbox.vendors.scorebuddy.rules import Rules
from tests.conftest import SMALL
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from tests.conftest import OpenSandbox

LAG = timedelta(seconds=2)
WINDOWED = ("scorebuddy_scores", "scorebuddy_export_questions", "scorebuddy_score_reviews")


def made(rules: Rules, start: datetime | None = None) -> Scorebuddy:
    return Scorebuddy(FakeClock(start), SMALL, rules=rules)


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
    asked = [call.query["from_last_edit_date"] for call in scorebuddy.request_log.matching("/scores$")]
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
        asked[name] = min(call.query["from_last_edit_date"] for call in scorebuddy.request_log.matching("/scores$"))
    assert asked == {
        "default": "2026-06-12 06:01:00",
        "shared": "2026-06-13 06:01:00",
        "own": "2026-06-10 06:01:00",
        "none": "2026-06-15 05:59:58",
    }


def test_a_state_follows_each_window_and_ends_the_run(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = config_of(sandbox, days=16)
    config["scorebuddy"]["window_days"] = 1
    run = run_tap(config, clock=scorebuddy.clock, catalog=select("scorebuddy_scores")).succeeded()
    kinds = [message["type"] for message in run.messages]
    assert kinds[-1] == "STATE"
    ends = [
        state["bookmarks"]["scorebuddy_scores"]["replication_key_value"]
        for state in run.states
        if state["bookmarks"]["scorebuddy_scores"]
    ]
    windows = list(dict.fromkeys(ends))
    # 16 days in windows of one, the last one cut where rows may still come late; the first ones are empty.
    assert len(windows) == 17
    assert windows == sorted(windows)
    assert windows[-1] == "2026-06-15T05:59:58+00:00"
    # Whatever came before a state is covered by it, and no bookmark runs ahead of rows that are still to come.
    reached = ""
    for message in run.messages:
        if message["type"] == "STATE" and message["value"]["bookmarks"]["scorebuddy_scores"]:
            reached = message["value"]["bookmarks"]["scorebuddy_scores"]["replication_key_value"]
        elif message["type"] == "RECORD":
            assert message["record"]["last_edit_date"] >= reached


def test_sync_resumes_from_any_emitted_state(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    catalog = select("scorebuddy_scores")
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded()
    messages = run.messages
    for position in [place for place, message in enumerate(messages) if message["type"] == "STATE"]:
        destination = Destination()
        for message in messages[: position + 1]:
            destination.take_message(message)
        destination.take(run_tap(config_of(sandbox), clock=scorebuddy.clock, state=destination.state, catalog=catalog))
        assert_equals_expected_records(destination, sandbox, ["scorebuddy_scores"])


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


def test_a_bookmark_is_never_moved_back(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    catalog = select("scorebuddy_scores")
    state = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded().state
    run = run_tap({**config_of(sandbox), "lookback_days": 10}, clock=scorebuddy.clock, state=state, catalog=catalog)
    values = {state["bookmarks"]["scorebuddy_scores"]["replication_key_value"] for state in run.states}
    assert values == {"2026-06-15T05:59:58+00:00"}


@pytest.mark.parametrize("wrapping", ["type", "singer_state"])
def test_a_state_in_its_wrapping_is_still_a_state(
    wrapping: str, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    catalog = select("scorebuddy_scores")
    state = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded().state
    wrapped: dict[str, Any] = {"type": "STATE", "value": state} if wrapping == "type" else {wrapping: state}
    plain, other = (
        run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog, state=given).succeeded()
        for given in (state, wrapped)
    )
    assert other.records("scorebuddy_scores") == plain.records("scorebuddy_scores")
    assert other.state == plain.state


def test_the_state_has_the_sdks_shape_and_no_partitions(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock).succeeded()
    assert set(run.state) == {"bookmarks"}
    for stream in WINDOWED:
        assert set(run.state["bookmarks"][stream]) == {"replication_key", "replication_key_value"}
    assert run.state["bookmarks"]["scorebuddy_score_reviews"]["replication_key"] == "review_date"
    assert "partitions" not in str(run.state)


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


def test_only_the_configured_groups_are_read_where_the_api_can_filter(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules(group_ids="repeated"))
    sandbox = open_sandbox(vendor)
    groups = sorted(vendor.dataset.instance.groups)[:1]
    config = config_of(sandbox)
    config["scorebuddy"]["group_ids"] = groups
    destination = Destination().take(run_tap(config, clock=vendor.clock).succeeded())
    for stream in ("scorebuddy_scores", "scorebuddy_export_questions", "scorebuddy_teams"):
        wanted = {key for key, row in sandbox.expected_records(stream).items() if row["group_id"] in groups}
        assert wanted
        assert set(destination.tables[stream]) == wanted
    employees = sandbox.expected_records("scorebuddy_employees")
    wanted = {key for key, row in employees.items() if set(row["group_ids"]) & set(groups)}
    assert set(destination.tables["scorebuddy_employees"]) == wanted
    # Not filtered by the API, so read whole.
    assert_equals_expected_records(
        destination, sandbox, ["scorebuddy_users", "scorebuddy_groups", "scorebuddy_score_reviews"]
    )


@pytest.mark.parametrize("form", ["repeated", "brackets", "comma", "any"])
def test_several_groups_are_read_in_whatever_form_the_api_takes_them(form: Any, open_sandbox: OpenSandbox) -> None:  # noqa: ANN401
    vendor = made(Rules(group_ids=form))
    sandbox = open_sandbox(vendor)
    config = config_of(sandbox)
    config["scorebuddy"]["group_ids"] = sorted(vendor.dataset.instance.groups)
    run = run_tap(config, clock=vendor.clock, catalog=select("scorebuddy_export_questions", "scorebuddy_scores"))
    assert_equals_expected_records(
        Destination().take(run.succeeded()), sandbox, ["scorebuddy_export_questions", "scorebuddy_scores"]
    )


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


def test_a_catalog_may_have_an_incremental_stream_read_anew(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
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


def test_the_clock_of_a_run_that_lasts_does_not_move_its_end(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    started = scorebuddy.clock.now()
    scorebuddy.dataset.on_request.append(lambda _: scorebuddy.clock.advance(timedelta(minutes=5)))
    run = run_tap(config_of(sandbox), clock=FakeClock(started), catalog=select(*WINDOWED)).succeeded()
    for stream in WINDOWED:
        value = datetime.fromisoformat(run.bookmark(stream))
        assert value <= started.astimezone(timezone.utc) + timedelta(minutes=5) - LAG
