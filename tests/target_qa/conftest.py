from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qa_sandbox.vendors.betterworks import Betterworks
from qa_sandbox.vendors.betterworks.seed_data import Size
from qa_sandbox.vendors.canary_speech import CanarySpeech
from qa_sandbox.vendors.canary_speech.dataset import CanarySpeechDataset
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa_harness.clock import FakeClock


@pytest.fixture
def canary(clock: FakeClock) -> Iterator[CanarySpeech]:
    vendor = CanarySpeech(clock, CanarySpeechDataset(clock, days=2, subjects=1))
    vendor.start()
    yield vendor
    vendor.close()


@pytest.fixture
def maestro(clock: FakeClock) -> Iterator[MaestroQa]:
    vendor = MaestroQa(clock, MaestroQaDataset(clock, days=1))
    vendor.demanding.clock = vendor.easy.clock = None
    vendor.start()
    yield vendor
    vendor.close()


@pytest.fixture
def betterworks(clock: FakeClock) -> Iterator[Betterworks]:
    vendor = Betterworks(clock, Size(days=2))
    vendor.start()
    yield vendor
    vendor.close()


@pytest.fixture
def config(canary: CanarySpeech, maestro: MaestroQa, tmp_path: Path) -> dict[str, Any]:
    return {
        "canary_speech": {"url": canary.urls["api"], "api_key": canary.api_key},
        "maestroqa": {"url": maestro.config()["url"], "api_token": maestro.token},
        "dead_letter_path": str(tmp_path / "refused.jsonl"),
    }
