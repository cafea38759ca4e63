"""MaestroQA, from the settings to the tables, against its sandbox on a clock of the test."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.http import effects
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import SCORE_FILES, MaestroQaDataset
from qa_sandbox.vendors.maestroqa.file_variant import FILE_NAMES, HEADERS
from tests.tap_qa.exports import Syncs, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa_harness.clock import FakeClock
    from tests.conftest import OpenSandbox

SCORES = [f"maestroqa_{file}" for file in SCORE_FILES]
ALL = list(MaestroQaDataset.streams)
DAYS = 12
WINDOWS = 2


@pytest.fixture
def account(clock: FakeClock) -> Iterator[MaestroQa]:
    account = MaestroQa(clock, MaestroQaDataset(clock, days=DAYS, tickets_per_day=3))
    account.demanding.clock = account.easy.clock = clock.monotonic
    yield account
    account.close()


@pytest.fixture
def syncs(account: MaestroQa, clock: FakeClock, open_sandbox: OpenSandbox) -> Callable[..., Syncs]:
    """Open the sandbox and get ready to sync some streams."""

    def made(*streams: str, **settings: Any) -> Syncs:  # noqa: ANN401
        sandbox = open_sandbox(account)
        shared = {"start_date": (clock.now() - timedelta(days=DAYS + 2)).isoformat()}
        return Syncs(sandbox, clock, streams or ALL, {"maestroqa": settings}, shared)

    return made


def bodies(account: MaestroQa, path: str = "request-") -> list[dict[str, Any]]:
    """Return what exports were asked for."""
    return [json.loads(call.body) for call in account.request_log.matching(path, method="POST", server="api")]


def asked(account: MaestroQa) -> Counter[str]:
    """Return how often each kind of export was asked for."""
    return Counter(call.path.rsplit("/", 1)[1] for call in account.request_log.matching("request-", method="POST"))


def test_tables_equal_the_account_s_truth_also_after_edits(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs()
    made.run().succeeded()
    made.assert_equals_expected_records()
    for grade in account.dataset.grades[:4]:
        account.dataset.regrade(grade)
    made.sandbox.pass_time(days=1)
    made.run().succeeded()
    made.streams = [name for name in ALL if name != "maestroqa_screen_capture_usage"]  # yesterday's figures stay
    made.assert_equals_expected_records()
    assert account.demanding.refused == account.easy.refused == 0


def test_two_grades_of_one_ticket_keep_a_key_each(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    graded = Counter((g.ticket.gradable_id, g.agent, g.rubric, g.grader, g.grade_type) for g in account.dataset.grades)
    assert max(graded.values()) == 2
    made = syncs("maestroqa_section_scores", "maestroqa_individual_answers", window_days=2)
    run = made.run().succeeded()
    assert "share their identifying columns" not in run.log_text()
    for grade in account.dataset.grades:
        account.dataset.regrade(grade)
    made.sandbox.pass_time(days=1)
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_the_second_run_reads_only_the_lookback(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs(*SCORES)
    made.run().succeeded()
    account.request_log.clear()
    made.sandbox.pass_time(days=1)
    made.run().succeeded()
    [body] = bodies(account)
    assert body["startDate"] == "2026-06-13T05:55:01Z"


def test_a_change_that_shows_late_is_not_lost(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs("maestroqa_total_scores")
    made.run().succeeded()
    account.dataset.regrade(account.dataset.grades[0])
    made.sandbox.pass_time(days=1)
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_one_zip_a_window_serves_all_score_streams(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    syncs(*SCORES).run().succeeded()
    assert len(bodies(account)) == WINDOWS
    assert not any("singleFileExport" in body for body in bodies(account))


def test_one_stream_alone_asks_for_its_file_alone(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs("maestroqa_annotations")
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert {body["singleFileExport"] for body in bodies(account)} == {"annotations"}


def test_windows_overlap_by_a_second_and_leave_no_gap(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    syncs("maestroqa_csat").run().succeeded()
    bounds = [(body["startDate"], body["endDate"]) for body in bodies(account)]
    assert bounds == [
        ("2026-06-01T05:59:59Z", "2026-06-08T06:00:00Z"),
        ("2026-06-08T05:59:59Z", "2026-06-15T05:59:58Z"),
    ]


@pytest.mark.parametrize("inclusive", [True, False])
def test_no_reading_of_the_bounds_loses_a_row(
    syncs: Callable[..., Syncs], account: MaestroQa, clock: FakeClock, *, inclusive: bool
) -> None:
    account.jobs.inclusive = inclusive
    made = syncs("maestroqa_total_scores")
    border = clock.now() - timedelta(days=DAYS + 2) + timedelta(days=7)
    for grade in account.dataset.grades[:3]:
        grade.revisions = grade.revisions[:1]
        grade.revisions[0] = type(grade.revisions[0])(border)
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_only_valid_parameters_are_sent(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    syncs().run().succeeded()
    for body in bodies(account):
        assert None not in body.values()
        assert "" not in body.values()
        assert "apiToken" not in body


@pytest.mark.parametrize(
    "settings", [{"include_calibrations": "all", "include_grader_qa": True}, {"include_calibrations": "only"}]
)
def test_calibrations_and_grader_qa_come_if_asked_for(
    syncs: Callable[..., Syncs], account: MaestroQa, settings: dict[str, Any]
) -> None:
    made = syncs("maestroqa_total_scores", "maestroqa_section_scores", **settings)
    account.dataset.calibrations = settings["include_calibrations"]
    account.dataset.grader_qa = settings.get("include_grader_qa", False)
    made.run().succeeded()
    made.assert_equals_expected_records()


STYLES: dict[str, dict[str, Any]] = {
    **{f"files {name}": {"file_name": form} for name, form in FILE_NAMES.items()},
    **{f"headers {name}": {"header": form} for name, form in HEADERS.items()},
    "guarded dates": {"dates": ("guarded",)},
    "naive dates": {"dates": ("naive",)},
    "iso dates": {"dates": ("iso",)},
    "no words for nothing": {"words_for_nothing": False},
    "guarded ids": {"guarded_ids": True},
    "byte order mark": {"bom": True},
    "line feeds": {"line_end": "\n"},
    "shuffled columns": {"shuffled_columns": True},
    "junk in the zip": {"junk": True},
    "single files zipped": {"zip_single_files": True},
    "header alone": {"link_without_rows": True},
}


@pytest.mark.parametrize("changes", STYLES.values(), ids=STYLES)
def test_every_form_of_the_files_gives_the_same_tables(
    syncs: Callable[..., Syncs], account: MaestroQa, changes: dict[str, Any]
) -> None:
    for name, value in changes.items():
        setattr(account.style, name, value)
    made = syncs("maestroqa_total_scores", "maestroqa_csat", "maestroqa_agent_groups", "maestroqa_audit_logs")
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_keys_do_not_follow_the_form_of_the_files(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs(*SCORES)
    made.run().succeeded()
    before = {name: set(table) for name, table in made.destination.tables.items()}
    account.style.guarded_ids = account.style.shuffled_columns = account.style.bom = True
    account.style.dates = ("iso",)
    account.style.header = HEADERS["titled"]
    made.destination.state = None
    made.run().succeeded()
    assert {name: set(table) for name, table in made.destination.tables.items()} == before


def test_naive_dates_are_read_in_the_configured_zone(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.style.zone = ZoneInfo("Pacific/Auckland")
    account.style.dates = ("naive", "guarded")
    made = syncs("maestroqa_total_scores", timezone="Pacific/Auckland")
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_new_columns_are_kept_and_missing_ones_are_null(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.style.new_columns = {"total_scores": {"Mood Of Grader": "sunny"}}
    account.style.missing_columns = {"total_scores": {"comment", "target_answer_id"}}
    run = syncs("maestroqa_total_scores").run().succeeded()
    for row in run.records("maestroqa_total_scores"):
        assert row["_unmapped"] == {"Mood Of Grader": "sunny"}
        assert row["comment"] is None


def test_a_file_without_a_key_column_fails_its_stream_alone(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.style.missing_columns = {"section_scores": {"rubric_id"}}
    made = syncs(*SCORES)
    run = made.run()
    assert run.status == 1
    assert [line for line in run.errors if "rubric_id" in line and "section_scores" in line]
    made.streams = [name for name in SCORES if name != "maestroqa_section_scores"]
    made.assert_equals_expected_records()
    assert len(bodies(account)) == WINDOWS


def test_each_row_says_which_window_brought_it(syncs: Callable[..., Syncs]) -> None:
    run = syncs(*SCORES).run().succeeded()
    ends = {row["_window_end"] for row in run.records("maestroqa_total_scores")}
    assert ends <= {"2026-06-08T06:00:00+00:00", "2026-06-15T05:59:58+00:00"}
    assert run.bookmark("maestroqa_total_scores") == "2026-06-15T05:59:58+00:00"


def test_the_token_goes_to_the_api_alone(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    syncs().run().succeeded()
    downloads = account.request_log.matching(server="files")
    assert downloads
    for call in downloads:
        assert account.token not in json.dumps(call.headers)
    polls = account.request_log.matching("get-export-data")
    assert all(call.headers["apitoken"] == account.token and call.headers["exportid"] for call in polls)


def test_the_vendor_s_clock_is_learnt_without_the_token(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    syncs("maestroqa_csat").run().succeeded()
    first = account.request_log[0]
    assert first.method == "HEAD"
    assert "apitoken" not in first.headers


def test_the_vendor_s_clock_is_learnt_although_the_first_call_fails(
    syncs: Callable[..., Syncs], account: MaestroQa
) -> None:
    made = syncs("maestroqa_csat")
    account.faults.add(effects.reset(), method="HEAD", times=2)
    made.run().succeeded()
    assert [call.method for call in account.request_log][:4] == ["HEAD", "HEAD", "HEAD", "POST"]


def test_an_expired_token_says_so(syncs: Callable[..., Syncs], account: MaestroQa, clock: FakeClock) -> None:
    made = syncs(*SCORES)
    clock.advance(timedelta(days=91))
    run = made.run()
    assert run.status == 1
    assert len([line for line in run.errors if "90 days" in line and "maestroqa.api_token" in line]) >= len(SCORES)
    assert account.token not in run.log_text()


def test_exports_without_rows_are_no_failure(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.dataset.grades.clear()
    made = syncs(*SCORES)
    run = made.run().succeeded()
    assert run.bookmark("maestroqa_csat") == "2026-06-15T05:59:58+00:00"
    assert account.request_log.matching(server="files") == []


def test_an_errored_export_is_asked_for_anew(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.jobs.plans.add(JobScript(outcome="errored"), JobScript(), JobScript(outcome="errored"))
    made = syncs(*SCORES)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert len(bodies(account)) == WINDOWS + 2


def test_windows_with_too_many_scores_are_halved(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.jobs.max_scores = 20
    made = syncs(*SCORES)
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_an_export_that_always_fails_names_what_failed(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.jobs.plans.usual = JobScript(outcome="errored")
    run = syncs("maestroqa_csat").run()
    assert run.status == 1
    [line] = [line for line in run.errors if "job id_" in line]
    assert "MaestroQA" in line
    assert "the export of csat, 2026-06-01T06:00:00Z to 2026-06-01T07" in line


def test_slow_exports_and_odd_words_are_waited_for(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.jobs.plans.usual = JobScript(timedelta(minutes=4), running_words=("queued", "in_progress"))
    made = syncs(*SCORES)
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_a_dead_link_is_renewed(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.faults.add(effects.reply(403, b"<Error/>"), server="files", times=2)
    made = syncs(*SCORES)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert len(bodies(account)) == WINDOWS


@pytest.mark.parametrize("at", [0.25, 0.5, 0.99])
@pytest.mark.parametrize("framing", ["full", "cut", "chunked"])
def test_a_cut_zip_is_fetched_again(syncs: Callable[..., Syncs], account: MaestroQa, at: float, framing: Any) -> None:  # noqa: ANN401
    account.faults.add(effects.truncate(at, framing), server="files", times=2)
    made = syncs(*SCORES)
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_the_newer_way_to_poll_is_found(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.faults.add(effects.reply(404, {"error": "gone"}), path="get-export-data", times=None)
    made = syncs(*SCORES)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert len(account.request_log.matching("get-export-data")) == 1


def test_a_request_that_broke_off_is_repeated_a_little_later(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.faults.add(effects.reset(accept=True), method="POST", path="request-raw-export")
    made = syncs(*SCORES)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert len(account.jobs.done) == WINDOWS + 1


def test_throttled_requests_wait_as_told(syncs: Callable[..., Syncs], account: MaestroQa, clock: FakeClock) -> None:
    account.faults.add(effects.retry_after(90), path="request-", times=3)
    account.faults.add(effects.retry_after(90), path="get-export-data", times=3)
    made = syncs(*SCORES)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert clock.slept > 180


def test_a_test_of_the_connection_is_cheap(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    syncs().test().succeeded()
    assert asked(account) == {"request-raw-export": 5, "request-audit-log-export": 1}
    assert all(body["startDate"] >= "2026-06-14" for body in bodies(account))


def test_a_test_of_the_connection_finds_a_bad_token(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs(api_token="wrong")  # noqa: S106 - a wrong one
    run = made.test()
    assert run.status == 1
    assert [line for line in run.errors if "maestroqa_agent_groups" in line and "90 days" in line]
    assert asked(account).total() <= 6


def test_screen_capture_needs_no_other_stream(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs("maestroqa_screen_capture_usage", screen_capture_interval="week")
    run = made.run().succeeded()
    rows = run.records("maestroqa_screen_capture_usage")
    assert {row["interval"] for row in rows} == {"week"}
    assert {row["extracted_on"] for row in rows} == {"2026-06-15"}
    assert asked(account) == {"request-groups-export": 1}


def test_unavailable_agents_come_if_asked_for(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    run = syncs("maestroqa_agent_groups", include_unavailable_agents=True).run().succeeded()
    truth = account.dataset.group_rows(include_unavailable=True)
    assert len(rows_of(run, "maestroqa_agent_groups")) == len(truth)
