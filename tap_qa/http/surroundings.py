"""What all clients of one run share, made from the settings."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any

from tap_qa.http.client import Patience, Surroundings
from tap_qa.progress import Progress
from tap_qa.waiting import Waiter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tap_qa.clock import Clock


def surroundings(config: Mapping[str, Any], *, product: str, clock: Clock, hide: Callable[[str], None]) -> Surroundings:
    """Make them.

    Args:
        config: The settings, defaults filled in.
        product: What the program calls itself to vendors.
        clock: Tells the time and sleeps.
        hide: Keeps a secret out of the logs.
    """
    progress = Progress(clock)
    return Surroundings(
        clock=clock,
        waiter=Waiter(clock, progress),
        progress=progress,
        patience=Patience(
            tries=config["max_retries"],
            longest_wait_seconds=config["max_wait_minutes"] * 60,
            read_timeout_seconds=config["request_timeout_seconds"],
        ),
        user_agent=f"{product}/{metadata.version('tap-qa')}",
        hide=hide,
    )
