"""An open CXone sandbox and its client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa_sandbox.clock import SandboxClock
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.cxone.dataset import CxOneDataset

if TYPE_CHECKING:
    from collections.abc import Iterator
from tests.sandbox.cxone.consumer import Consumer


@pytest.fixture
def vendor() -> Iterator[CxOne]:
    clock = SandboxClock(frozen=True)
    vendor = CxOne(clock, CxOneDataset(clock, days=15))
    vendor.pacer.clock = None
    vendor.start()
    yield vendor
    vendor.close()


@pytest.fixture
def consumer(vendor: CxOne) -> Consumer:
    return Consumer(vendor)
