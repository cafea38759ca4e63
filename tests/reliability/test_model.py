"""Whatever happens on the way: once a sync succeeds, the destination holds what the vendor holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import requests

from qa_sandbox.server import SandboxServer
from tests.reliability.breakages import BREAKAGES
from tests.reliability.exchange import asgi
from tests.reliability.models import MODELS
from tests.reliability.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.crowd import Crowd
    from tests.reliability.exchange import Asked, Handler, Reply

TRIALS = int(os.environ.get("TAP_QA_TRIALS", "1000"))
"""For each vendor; more on demand, as TAP_QA_TRIALS=10000."""

REGRESSIONS = {"scorebuddy": [468], "betterworks": [772]}
"""Seeds whose trials once went wrong."""


@pytest.mark.parametrize("vendor", MODELS)
def test_nothing_is_lost_or_stale_in_any_trial(vendor: str, crowd: Crowd) -> None:
    found = crowd.trials(vendor, TRIALS)

    print(f"{vendor}: {found.trials} trials, {found.requests} requests, {len(found.wrong)} wrong")  # noqa: T201
    assert not found.wrong, f"seeds that went wrong: {found.wrong}"


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_the_trials_notice_a_broken_tap(breakage: str, crowd: Crowd) -> None:
    seed = crowd.first_to_notice(breakage)

    assert seed is not None, "no trial noticed"
    print(f"{breakage}: noticed by the trial of seed {seed}")  # noqa: T201


@pytest.mark.parametrize(
    ("vendor", "seed"), [(vendor, seed) for vendor, seeds in REGRESSIONS.items() for seed in seeds]
)
def test_what_once_went_wrong_goes_well(vendor: str, seed: int) -> None:
    assert Trial(vendor, seed, replays=True).run() == []


@pytest.mark.parametrize("vendor", MODELS)
@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_same_over_http(vendor: str, seed: int) -> None:
    handlers: list[Handler] = []

    def answer(asked: Asked) -> Reply:
        return handlers[-1](asked)

    def serve(handler: Handler) -> Callable[[], requests.Session]:
        handlers.append(handler)
        return requests.Session

    with SandboxServer(asgi(answer)) as server:
        assert Trial(vendor, seed, url=server.url, serve=serve).run() == []
