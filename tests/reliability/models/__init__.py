"""Vendors in pure Python, each with a ledger of changing things behind the documented rules of its API."""

from __future__ import annotations

from tests.reliability.models.betterworks import BetterworksModel
from tests.reliability.models.scorebuddy import ScorebuddyModel

MODELS = {"scorebuddy": ScorebuddyModel, "betterworks": BetterworksModel}
