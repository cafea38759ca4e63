"""One Scorebuddy instance in one run: what its streams share."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from tap_qa.http.auth import BearerAuth, NoAuth
from tap_qa.http.client import Client
from tap_qa.http.hints import Hints
from tap_qa.http.server_clock import ServerClock
from tap_qa.vendors.scorebuddy.auth import TokenSource
from tap_qa.vendors.scorebuddy.empty_lists import EmptyLists
from tap_qa.vendors.scorebuddy.redated import Redated
from tap_qa.vendors.scorebuddy.settings import TITLE
from tap_qa.vendors.scorebuddy.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tap_qa.runtime.context import RunContext
    from tap_qa.runtime.progress import StreamStats

logger = logging.getLogger("tap-qa.scorebuddy")
_HINTS = Hints(
    unauthorised="Check scorebuddy.client_id and scorebuddy.client_secret.",
    forbidden="Give the API client the scope that the stream needs (Admin > Developers > API Clients).",
    not_found="Check scorebuddy.url: it is the address of your instance, with its number.",
)


def base_url(url: str) -> str:
    """Return the root of the API for any of the forms in which people give an instance's URL."""
    return f"{url.strip().rstrip('/').removesuffix('/api/v1').rstrip('/')}/api/v1"


class Scorebuddy:
    """The clients and the token of an instance, and what this run has learnt about it."""

    def __init__(self, config: Mapping[str, Any], run_context: RunContext, streams: Collection[type[Any]]) -> None:
        """Prepare; nothing is sent yet.

        Args:
            config: The settings of the vendor.
            run_context: What all clients share.
            streams: The classes of the streams that will be read; each declares its scope.
        """
        self.export_page_size: int = config["export_page_size"]
        if not config.get("timezone"):
            logger.warning(
                "%s: scorebuddy.timezone is not set, so timestamps are read as UTC, and each window is asked for with "
                "14 hours more at both ends. Set it to your instance's zone, as Europe/Dublin.",
                TITLE,
            )
        self.server_clock = ServerClock(TITLE, run_context.clock)
        new_client = partial(
            Client,
            TITLE,
            base_url(config["url"]),
            run_context=run_context,
            server_clock=self.server_clock,
            hints=_HINTS,
        )
        self._token_client = new_client(auth=NoAuth())
        scopes = {scope for stream in streams for scope in (stream.scope, *stream.other_scopes)}
        tokens = TokenSource(self._token_client, config, scopes, run_context.add_secret)
        self.client = new_client(auth=BearerAuth(tokens.fetch, run_context.clock))
        self.totals = Totals(self.client)
        self.empty_lists = EmptyLists(self.client)
        self.redated = Redated()
        self.scorecard_ids: list[int] | None = None

    def ensure_server_time(self) -> None:
        """Fetch the token, whose response has the time."""
        self.client.auth.headers()

    def track_requests(self, stats: StreamStats | None) -> None:
        """Count the requests from now on in these stats."""
        self._token_client.stats = self.client.stats = stats
