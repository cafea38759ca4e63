"""MaestroQA's windows: what each run asks for and which rows come of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.maestroqa import MaestroQa
    from tests.tap_qa.exports import Syncs
from tests.tap_qa.vendors.maestroqa.support import ALL, DAYS, SCORES, bodies


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


def test_each_row_says_which_window_brought_it(syncs: Callable[..., Syncs]) -> None:
    run = syncs(*SCORES).run().succeeded()
    ends = {row["_window_end"] for row in run.records("maestroqa_total_scores")}
    assert ends <= {"2026-06-08T06:00:00+00:00", "2026-06-15T05:59:58+00:00"}
    assert run.bookmark("maestroqa_total_scores") == "2026-06-15T05:59:58+00:00"
