"""A sync of both export-job vendors takes as long as the slower one of them, not as long as both."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from qa_harness.clock import FakeClock
from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.cxone.dataset import CxOneDataset
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset
from tests.tap_qa.exports import Syncs

if TYPE_CHECKING:
    from tests.conftest import OpenSandbox

ACCOUNT = ("maestroqa_total_scores", "maestroqa_csat", "maestroqa_audit_logs")
TENANT = ("cxone_qm_workflows",)


def seconds_of(open_sandbox: OpenSandbox, *streams: str) -> float:
    """Sync some streams from the start; return how long it took."""
    clock = FakeClock()
    account = MaestroQa(clock, MaestroQaDataset(clock, days=4, tickets_per_day=2))
    account.demanding.clock = account.easy.clock = clock.monotonic
    account.jobs.plans.usual = JobScript(timedelta(seconds=60))
    tenant = CxOne(clock, CxOneDataset(clock, days=4), call_interval_seconds=30)
    tenant.pacer.clock = clock.monotonic
    tenant.jobs.plans.usual = JobScript(timedelta(seconds=45))
    sandbox = open_sandbox(account, tenant)
    start = {"start_date": (clock.now() - timedelta(days=28)).isoformat()}
    polls = {"maestroqa": {"poll_seconds": 5}, "cxone": {"poll_seconds": 5}}
    started = clock.now()
    made = Syncs(sandbox, clock, streams, polls, start)
    made.run().succeeded()
    made.assert_equals_expected_records()
    return (clock.now() - started).total_seconds()


def test_waits_do_not_add_up(open_sandbox: OpenSandbox) -> None:
    account, tenant = seconds_of(open_sandbox, *ACCOUNT), seconds_of(open_sandbox, *TENANT)
    assert tenant > 100
    assert account > 200
    assert seconds_of(open_sandbox, *ACCOUNT, *TENANT) <= 1.1 * max(account, tenant)
