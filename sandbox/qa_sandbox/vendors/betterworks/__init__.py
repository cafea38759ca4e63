"""Betterworks: people, goals and conversations over a paged JSON API with an API token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from qa_sandbox.vendor import SimulatedVendor
from qa_sandbox.vendors.betterworks.app import TOKEN, BetterworksApi
from qa_sandbox.vendors.betterworks.dataset import BetterworksDataset

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from qa_sandbox.clock import SandboxClock
    from qa_sandbox.vendors.betterworks.rules import Rules
    from qa_sandbox.vendors.betterworks.seed_data import Size


class Betterworks(SimulatedVendor):
    """One Betterworks organisation.

    Attributes:
        rules: Switches of its API; changes take effect at once.
    """

    name: ClassVar[str] = "betterworks"

    def __init__(
        self, clock: SandboxClock, size: Size | None = None, seed: int = 1, rules: Rules | None = None
    ) -> None:
        """Make the organisation; its data come to be at first use."""
        super().__init__(clock)
        self._dataset = BetterworksDataset(clock, size, seed, rules)
        self.rules = self._dataset.rules

    @property
    @override
    def dataset(self) -> BetterworksDataset:
        return self._dataset

    @override
    def app(self, server: str) -> ASGIApp:
        return BetterworksApi(self._dataset).app()

    @override
    def config(self) -> dict[str, Any]:
        return {"api_token": TOKEN, "url": f"{self.urls['api']}/api/v1"}


VENDOR = Betterworks
