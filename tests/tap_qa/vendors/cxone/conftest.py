"""A small CXone tenant, and syncs of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.cxone.dataset import CxOneDataset
from tests.tap_qa.exports import Syncs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa_harness.clock import FakeClock
    from tests.conftest import OpenSandbox
from tests.tap_qa.vendors.cxone.support import BOTH, DAYS


@pytest.fixture
def tenant(clock: FakeClock) -> Iterator[CxOne]:
    tenant = CxOne(clock, CxOneDataset(clock, days=DAYS, evaluators_share_id=True), call_interval_seconds=30)
    tenant.pacer.clock = clock.monotonic
    tenant.jobs.plans.usual = JobScript(timedelta(seconds=45))
    yield tenant
    tenant.close()


@pytest.fixture
def syncs(tenant: CxOne, clock: FakeClock, open_sandbox: OpenSandbox) -> Callable[..., Syncs]:
    """Open the sandbox and get ready to sync some streams."""

    def made(*streams: str, **settings: Any) -> Syncs:  # noqa: ANN401
        sandbox = open_sandbox(tenant)
        shared = {"start_date": (clock.now() - timedelta(days=DAYS + 2)).isoformat()}
        return Syncs(sandbox, clock, streams or BOTH, {"cxone": settings}, shared)

    return made
