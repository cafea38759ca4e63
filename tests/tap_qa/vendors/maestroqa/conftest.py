"""A small MaestroQA account, and syncs of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset
from tests.tap_qa.exports import Syncs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa_harness.clock import FakeClock
    from tests.conftest import OpenSandbox
from tests.tap_qa.vendors.maestroqa.support import ALL, DAYS


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
