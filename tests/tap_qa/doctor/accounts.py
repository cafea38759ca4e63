"""Small accounts at each vendor, on a clock that only waits move."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qa_sandbox.vendors.betterworks import Betterworks
from qa_sandbox.vendors.canary_speech import CanarySpeech
from qa_sandbox.vendors.canary_speech.dataset import CanarySpeechDataset
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.cxone.dataset import CxOneDataset
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tests.conftest import SMALL, SMALL_ORGANISATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_harness.clock import FakeClock
    from qa_sandbox.vendor import SimulatedVendor


def _maestroqa(clock: FakeClock) -> MaestroQa:
    vendor = MaestroQa(clock, MaestroQaDataset(clock, days=3, tickets_per_day=3))
    vendor.easy.clock = vendor.demanding.clock = clock.monotonic
    return vendor


def _cxone(clock: FakeClock) -> CxOne:
    vendor = CxOne(clock, CxOneDataset(clock, days=16, evaluations_per_day=5))
    vendor.pacer.clock = clock.monotonic
    return vendor


ACCOUNTS: dict[str, Callable[[FakeClock], SimulatedVendor]] = {
    "scorebuddy": lambda clock: Scorebuddy(clock, replace(SMALL, groups=3, teams=4)),
    "maestroqa": _maestroqa,
    "cxone": _cxone,
    "betterworks": lambda clock: Betterworks(clock, SMALL_ORGANISATION),
    "canary_speech": lambda clock: CanarySpeech(clock, CanarySpeechDataset(clock, days=20, subjects=2)),
}


def account_of(vendor: str, clock: FakeClock) -> SimulatedVendor:
    """Return an account at a vendor, not yet open."""
    return ACCOUNTS[vendor](clock)


def all_accounts(clock: FakeClock) -> list[SimulatedVendor]:
    """Return an account at each vendor."""
    return [make(clock) for make in ACCOUNTS.values()]
