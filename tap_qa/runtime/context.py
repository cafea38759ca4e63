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
    """How many attempts a request gets, and how long waits and responses may take."""

    max_attempts: int = 8
    max_wait_seconds: float = 70 * 60
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
    add_secret: Callable[[str], None] = lambda _secret: None
    """Keeps a secret that the run received, as a token, out of the logs."""

    unreachable_vendors: set[str] = field(default_factory=set)
    """Titles of vendors that did not respond at any attempt; until one does, its requests get one attempt each."""

    new_session: Callable[[], requests.Session] = requests.Session
    """Opens the HTTP session of a client; tests replace it."""


def build_run_context(
    config: Mapping[str, Any], *, product: str, clock: Clock, add_secret: Callable[[str], None]
) -> RunContext:
    """Build the context of a run.

    Args:
        config: The settings, defaults filled in.
        product: The program's name in the User-Agent.
        clock: Gives the time and sleeps.
        add_secret: Keeps a secret out of the logs.
    """
    progress = Progress(clock)
    return RunContext(
        clock=clock,
        waiter=Waiter(clock, progress),
        progress=progress,
        retry_policy=RetryPolicy(
            max_attempts=config["max_retries"],
            max_wait_seconds=config["max_wait_minutes"] * 60,
            read_timeout_seconds=config["request_timeout_seconds"],
        ),
        user_agent=f"{product}/{metadata.version('tap-qa')}",
        add_secret=add_secret,
    )
