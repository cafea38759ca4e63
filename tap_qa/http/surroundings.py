"""What all clients of one run share."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING, Any

import requests

from tap_qa.progress import Progress
from tap_qa.waiting import Waiter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tap_qa.clock import Clock


@dataclass(frozen=True)
class Patience:
    """How long to keep trying."""

    tries: int = 8
    longest_wait_seconds: float = 70 * 60
    read_timeout_seconds: float = 120


@dataclass(frozen=True)
class Surroundings:
    """What all clients of one run share."""

    clock: Clock
    waiter: Waiter
    progress: Progress
    patience: Patience = field(default_factory=Patience)
    user_agent: str = "tap-qa"
    hide: Callable[[str], None] = lambda _secret: None
    """Keeps a secret that was learnt on the way, as a token, out of the logs."""

    new_session: Callable[[], requests.Session] = requests.Session
    """Opens what connections are made through; tests put a vendor of their own behind it."""


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
