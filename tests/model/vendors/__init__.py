"""Vendors in pure Python, each with a change log of changing things behind the documented rules of its API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model.vendors.betterworks import BetterworksModel
from tests.model.vendors.canary_speech import CanarySpeechModel
from tests.model.vendors.cxone import CxoneModel
from tests.model.vendors.maestroqa import MaestroqaModel
from tests.model.vendors.scorebuddy import ScorebuddyModel

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.model.clocks import VendorTime
    from tests.model.vendors.base import VendorBehaviour, VendorModel

MODELS: dict[str, Callable[[Random, VendorTime, VendorBehaviour], VendorModel]] = {
    "scorebuddy": ScorebuddyModel,
    "betterworks": BetterworksModel,
    "maestroqa": MaestroqaModel,
    "cxone": CxoneModel,
    "canary_speech": CanarySpeechModel,
}
