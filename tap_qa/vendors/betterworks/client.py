"""Betterworks' API: `Authorization: APIToken …`, and an id for every request that the vendor's support can look up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.http.auth import StaticHeader
from tap_qa.http.client import Client
from tap_qa.http.hints import Hints
from tap_qa.http.server_clock import ServerClock
from tap_qa.vendors.betterworks.settings import TITLE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tap_qa.runtime.context import RunContext
    from tap_qa.runtime.progress import StreamStats


class Betterworks:
    """One Betterworks account, seen with the eyes of the API key's owner."""

    def __init__(
        self, config: Mapping[str, Any], run_context: RunContext, _streams: Collection[type[Any]] = ()
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            config: The settings of the vendor.
            run_context: What all clients share.
        """
        self.server_clock = ServerClock(TITLE, run_context.clock)
        self.client = Client(
            TITLE,
            config["url"],
            auth=StaticHeader("Authorization", f"APIToken {config['api_token']}"),
            run_context=run_context,
            server_clock=self.server_clock,
            hints=Hints(
                unauthorised="Check betterworks.api_token: is the key active, did its owner accept the privacy notice?",
                forbidden="The API key sees what its owner sees: use the key of a Super Admin.",
                not_found="Check betterworks.url, and the stream's path in betterworks.paths.",
            ),
            request_id_header="X-Request-Id",
        )

    def ensure_server_time(self) -> None:
        """Do nothing: the first page of any list has the server time."""

    def track_requests(self, stats: StreamStats | None) -> None:
        """Count requests for this stream."""
        self.client.stats = stats
