"""An open MaestroQA sandbox and its client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa_sandbox.clock import SandboxClock
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset

if TYPE_CHECKING:
    from collections.abc import Iterator
from tests.sandbox.maestroqa.client import Account


@pytest.fixture
def vendor() -> Iterator[MaestroQa]:
    clock = SandboxClock(frozen=True)
    vendor = MaestroQa(clock, MaestroQaDataset(clock, days=8))
    vendor.demanding.clock = vendor.easy.clock = None
    vendor.start()
    yield vendor
    vendor.close()


@pytest.fixture
def account(vendor: MaestroQa) -> Account:
    return Account(vendor)
