"""Vendors in pure Python, each with a ledger of changing things behind the documented rules of its API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reliability.models.betterworks import BetterworksModel
from tests.reliability.models.canary_speech import CanarySpeechModel
from tests.reliability.models.cxone import CxoneModel
from tests.reliability.models.maestroqa import MaestroqaModel
from tests.reliability.models.scorebuddy import ScorebuddyModel

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.reliability.clocks import VendorTime
    from tests.reliability.models.base import Temper, VendorModel

MODELS: dict[str, Callable[[Random, VendorTime, Temper], VendorModel]] = {
    "scorebuddy": ScorebuddyModel,
    "betterworks": BetterworksModel,
    "maestroqa": MaestroqaModel,
    "cxone": CxoneModel,
    "canary_speech": CanarySpeechModel,
}
