"""MaestroQA's exports: which are asked for, and how they end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.http import effects
from tests.tap_qa.exports import Syncs, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.maestroqa import MaestroQa
from tests.tap_qa.vendors.maestroqa.support import SCORES, WINDOWS, asked, bodies


def test_one_zip_a_window_serves_all_score_streams(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    syncs(*SCORES).run().succeeded()
    assert len(bodies(account)) == WINDOWS
    assert not any("singleFileExport" in body for body in bodies(account))


def test_one_stream_alone_asks_for_its_file_alone(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs("maestroqa_annotations")
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert {body["singleFileExport"] for body in bodies(account)} == {"annotations"}


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


def test_exports_without_rows_are_no_failure(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.dataset.grades.clear()
    made = syncs(*SCORES)
    run = made.run().succeeded()
    assert run.bookmark("maestroqa_csat") == "2026-06-15T05:59:58+00:00"
    assert account.request_log.matching(server="files") == []


def test_an_errored_export_is_asked_for_again(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
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


@pytest.mark.parametrize("place", ["header", "path", "body"])
def test_the_way_to_poll_is_found_and_kept(syncs: Callable[..., Syncs], account: MaestroQa, place: str) -> None:
    account.polls = {place}
    made = syncs("maestroqa_total_scores")
    made.run().succeeded()
    made.assert_equals_expected_records()
    polls = list(account.request_log.matching("export-data", method="GET"))
    assert sum(call.status != 200 for call in polls) == ["header", "path", "body"].index(place)
    assert sum(call.status == 200 for call in polls) >= WINDOWS


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


def test_screen_capture_needs_no_other_stream(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs("maestroqa_screen_capture_usage", screen_capture_interval="week")
    run = made.run().succeeded()
    rows = run.records("maestroqa_screen_capture_usage")
    assert {row["interval"] for row in rows} == {"week"}
    assert {row["extracted_on"] for row in rows} == {"2026-06-15"}
    assert asked(account) == {"request-groups-export": 1}


@pytest.mark.parametrize(("status", "body", "outcome"), [(204, "", 0), (200, "[]", 0), (200, '{"data": null}', 1)])
def test_usage_of_nobody_may_be_told_in_several_ways(
    status: int, body: str, outcome: int, syncs: Callable[..., Syncs], account: MaestroQa
) -> None:
    account.faults.add(effects.reply(status, body), path="/screen-capture-usage-stats$", times=None)
    run = syncs("maestroqa_screen_capture_usage").run()
    assert (run.status, run.records("maestroqa_screen_capture_usage")) == (outcome, [])


def test_unavailable_agents_come_if_asked_for(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    run = syncs("maestroqa_agent_groups", include_unavailable_agents=True).run().succeeded()
    truth = account.dataset.group_rows(include_unavailable=True)
    assert len(rows_of(run, "maestroqa_agent_groups")) == len(truth)


def test_screen_capture_without_groups_announces_no_version(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs("maestroqa_screen_capture_usage")
    made.shared["emit_activate_version_messages"] = True
    assert made.run().succeeded().of_type("ACTIVATE_VERSION")
    account.dataset.memberships.clear()
    run = made.run().succeeded()
    assert not run.of_type("ACTIVATE_VERSION")
    assert "names no group to ask for" in run.log_text()
