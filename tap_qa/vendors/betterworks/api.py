"""Betterworks' API: `Authorization: APIToken …`, and an id for every call that the vendor's support can look up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.http.auth import StaticHeader
from tap_qa.http.client import Client
from tap_qa.http.explanations import Hints
from tap_qa.vendor_clock import VendorClock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.http.surroundings import Surroundings
    from tap_qa.progress import Tally

TITLE = "Betterworks"


def connect(config: Mapping[str, Any], around: Surroundings, _read: frozenset[str]) -> Betterworks:
    """Prepare for an account; nothing is sent yet."""
    return Betterworks(config, around)


class Betterworks:
    """One Betterworks account, seen with the eyes of the API key's owner."""

    def __init__(self, config: Mapping[str, Any], around: Surroundings) -> None:
        """Prepare.

        Args:
            config: The settings of the vendor.
            around: What all clients share.
        """
        self.vendor_clock = VendorClock(TITLE, around.clock)
        self.client = Client(
            TITLE,
            config["url"],
            auth=StaticHeader("Authorization", f"APIToken {config['api_token']}"),
            around=around,
            vendor_clock=self.vendor_clock,
            hints=Hints(
                unauthorised="Check betterworks.api_token: is the key active, did its owner accept the privacy notice?",
                forbidden="The API key sees what its owner sees: use the key of a Super Admin.",
                not_found="Check betterworks.url, and the stream's path in betterworks.paths.",
            ),
            request_id_header="X-Request-Id",
        )

    def greet(self) -> None:
        """Do nothing: the first page of any list tells the time."""

    def count_for(self, tally: Tally | None) -> None:
        """Count requests for this stream."""
        self.client.tally = tally
