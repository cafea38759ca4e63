"""CXone's windows and bookmarks, against its sandbox on a clock of the test."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.clock import SkewedClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.cxone import CxOne
    from tests.tap_qa.exports import Syncs
from tests.tap_qa.vendors.cxone.support import WORKFLOWS, bodies, days_of


def test_tables_equal_the_tenant_s_truth_also_after_disputes(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs()
    made.run().succeeded()
    made.assert_equals_expected_records()
    for _ in range(3):
        made.sandbox.pass_time(days=1)
        made.run().succeeded()
        made.assert_equals_expected_records()
    assert tenant.pacer.refused == 0


def test_rows_that_appear_half_an_hour_late_are_not_lost(syncs: Callable[..., Syncs], clock: FakeClock) -> None:
    made = syncs(WORKFLOWS, lookback_days=0)
    clock.advance(timedelta(hours=18) - timedelta(minutes=1))
    for _ in range(4):
        made.run().succeeded()
        made.sandbox.pass_time(days=1)
    made.run().succeeded()
    made.sandbox.vendors["cxone"].dataset.advance(hours=1)
    made.run().succeeded()
    submitted = {row["submission_date"] for row in made.sandbox.expected_records(WORKFLOWS).values()}
    assert {row["submission_date"] for row in made.destination.tables[WORKFLOWS].values()} == submitted


def test_windows_are_whole_days_share_their_border_and_are_not_too_wide(
    syncs: Callable[..., Syncs], tenant: CxOne
) -> None:
    syncs(WORKFLOWS).run().succeeded()
    found = [days_of(body) for body in bodies(tenant)]
    assert found == [(date(2026, 5, 26), date(2026, 6, 9)), (date(2026, 6, 9), date(2026, 6, 16))]
    assert [body["version"] for body in bodies(tenant)] == ["3", "3"]


@pytest.mark.parametrize("inclusive", [True, False])
def test_no_reading_of_the_end_date_loses_a_row(syncs: Callable[..., Syncs], tenant: CxOne, *, inclusive: bool) -> None:
    tenant.jobs.end_inclusive = inclusive
    made = syncs(window_days=3)
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_the_bookmark_never_passes_the_current_day(syncs: Callable[..., Syncs], clock: FakeClock) -> None:
    run = syncs().run().succeeded()
    for state in run.states:
        for bookmark in state.get("bookmarks", {}).values():
            assert bookmark.get("replication_key_value", "") <= "2026-06-15T00:00:00+00:00"
    assert run.bookmark(WORKFLOWS) == "2026-06-15T00:00:00+00:00"
    assert clock.now() < datetime(2026, 6, 15, 12, tzinfo=timezone.utc)


def test_a_run_just_after_midnight_leaves_yesterday_open(syncs: Callable[..., Syncs], clock: FakeClock) -> None:
    made = syncs(WORKFLOWS)
    clock.advance(timedelta(hours=18, minutes=10))
    run = made.run().succeeded()
    assert "2026-06-15" <= run.bookmark(WORKFLOWS) <= "2026-06-16T00:00:00+00:00"


def test_the_lookback_is_its_own(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(WORKFLOWS, lookback_days=5)
    made.run().succeeded()
    tenant.request_log.clear()
    made.run().succeeded()
    assert days_of(bodies(tenant)[0])[0] == date(2026, 6, 10)


@pytest.mark.parametrize("answer", [400, 422, 500, "FAILED"])
def test_a_tenant_that_takes_no_future_date_is_asked_up_to_today(
    syncs: Callable[..., Syncs],
    tenant: CxOne,
    answer: Any,  # noqa: ANN401 - a status, or how the job ends
) -> None:
    tenant.future_end = answer
    tenant.takes_single_days = False
    made = syncs()
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert days_of(bodies(tenant)[-1])[1] == tenant.clock.now().date()
    # A job that fails may have been too large, too: it is halved down to the one day that tells.
    most = 16 if answer == "FAILED" else 2
    assert sum(days_of(body)[1] > tenant.clock.now().date() for body in bodies(tenant, accepted=False)) <= most
    # A machine that is days ahead takes the vendor's today for a day long gone.
    made.clock = SkewedClock(tenant.clock, timedelta(days=3))
    made.destination.state = None
    run = made.run().succeeded()
    made.assert_equals_expected_records()
    assert run.bookmark(WORKFLOWS) == "2026-06-15T00:00:00+00:00"


def test_a_test_of_the_connection_asks_for_two_days_at_most(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    syncs().test().succeeded()
    assert all((end - start).days <= 2 for start, end in map(days_of, bodies(tenant)))
    assert len(bodies(tenant)) == 2
