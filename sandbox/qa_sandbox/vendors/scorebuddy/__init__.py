"""Scorebuddy: results, scorecards and staff over a paged JSON API with OAuth2 client credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from qa_sandbox.vendor import Vendor
from qa_sandbox.vendors.scorebuddy.access import CLIENT_ID, CLIENT_SECRET
from qa_sandbox.vendors.scorebuddy.app import INSTANCE, ScorebuddyApi
from qa_sandbox.vendors.scorebuddy.world import ScorebuddyWorld

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from qa_sandbox.clock import SandboxClock
    from qa_sandbox.vendors.scorebuddy.founding import Size
    from qa_sandbox.vendors.scorebuddy.rules import Rules


class Scorebuddy(Vendor):
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
        self._world = ScorebuddyWorld(clock, size, seed, rules)
        self._api = ScorebuddyApi(self._world)
        self.rules = self._world.rules

    @property
    @override
    def world(self) -> ScorebuddyWorld:
        return self._world

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
