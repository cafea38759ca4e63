"""What all clients of one run share."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING, Any

import requests

from tap_qa.runtime.progress import Progress
from tap_qa.runtime.waiter import Waiter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tap_qa.runtime.clock import Clock


@dataclass(frozen=True)
class RetryPolicy:
    """How long to keep trying."""

    max_attempts: int = 8
    longest_wait_seconds: float = 70 * 60
    read_timeout_seconds: float = 120
    connect_timeout_seconds: float = 10


@dataclass(frozen=True)
class RunContext:
    """What all clients of one run share."""

    clock: Clock
    waiter: Waiter
    progress: Progress
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    user_agent: str = "tap-qa"
    hide: Callable[[str], None] = lambda _secret: None
    """Keeps a secret that was learnt on the way, as a token, out of the logs."""

    unreachable_vendors: set[str] = field(default_factory=set)
    """Vendors that did not answer at any attempt, until they do; their other requests are tried once."""

    new_session: Callable[[], requests.Session] = requests.Session
    """Opens what connections are made through; tests put a vendor of their own behind it."""


def build_run_context(
    config: Mapping[str, Any], *, product: str, clock: Clock, hide: Callable[[str], None]
) -> RunContext:
    """Make them.

    Args:
        config: The settings, defaults filled in.
        product: What the program calls itself to vendors.
        clock: Gives the time and sleeps.
        hide: Keeps a secret out of the logs.
    """
    progress = Progress(clock)
    return RunContext(
        clock=clock,
        waiter=Waiter(clock, progress),
        progress=progress,
        retry_policy=RetryPolicy(
            max_attempts=config["max_retries"],
            longest_wait_seconds=config["max_wait_minutes"] * 60,
            read_timeout_seconds=config["request_timeout_seconds"],
        ),
        user_agent=f"{product}/{metadata.version('tap-qa')}",
        hide=hide,
    )
