"""Scorebuddy: results, scorecards and staff over a paged JSON API with OAuth2 client credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from qa_sandbox.vendor import SimulatedVendor
from qa_sandbox.vendors.scorebuddy.access import CLIENT_ID, CLIENT_SECRET
from qa_sandbox.vendors.scorebuddy.app import INSTANCE, ScorebuddyApi
from qa_sandbox.vendors.scorebuddy.dataset import ScorebuddyDataset

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from qa_sandbox.clock import SandboxClock
    from qa_sandbox.vendors.scorebuddy.rules import Rules
    from qa_sandbox.vendors.scorebuddy.seed_data import Size


class Scorebuddy(SimulatedVendor):
    """One Scorebuddy instance.

    Attributes:
        rules: Switches of its API; changes take effect at once.
    """

    name: ClassVar[str] = "scorebuddy"

    def __init__(
        self, clock: SandboxClock, size: Size | None = None, seed: int = 1, rules: Rules | None = None
    ) -> None:
        """Make the instance; its data come to be at first use."""
        super().__init__(clock)
        self._dataset = ScorebuddyDataset(clock, size, seed, rules)
        self._api = ScorebuddyApi(self._dataset)
        self.rules = self._dataset.rules

    @property
    @override
    def dataset(self) -> ScorebuddyDataset:
        return self._dataset

    @override
    def app(self, server: str) -> ASGIApp:
        return self._api.app()

    @override
    def config(self) -> dict[str, Any]:
        return {
            "url": f"{self.urls['api']}/{INSTANCE}",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "timezone": self.rules.timezone,
        }

    def revoke_tokens(self) -> None:
        """Ends all bearer tokens at once; new ones can be had."""
        self._api.tokens.revoke()


VENDOR = Scorebuddy
