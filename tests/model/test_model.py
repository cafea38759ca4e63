"""Whatever happens on the way: once a sync succeeds, the destination holds what the vendor holds."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
import requests

from qa_sandbox.http.server import SandboxServer
from tests.model.intercepted_request import asgi
from tests.model.job_mutants import JOB_MUTANTS
from tests.model.mutants import MUTANTS
from tests.model.scenario import Scenario
from tests.model.vendors import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.model.intercepted_request import Asked, Handler, Reply

pytestmark = pytest.mark.usefixtures("quick")

TRIALS = int(os.environ.get("QA_TRIALS", "1000"))
"""For each vendor; more on demand, as QA_TRIALS=10000."""

SHARD = 100
"""Trials to a test, so that several processes can share them."""

EVERY = 1 << 30


def _replays(seed: int) -> int:
    """Return from how many written states a scenario is also resumed: none of most, every one of some."""
    if seed % 100 == 0:
        return EVERY
    return 3 if seed % 10 == 0 else 0


ALL_MUTANTS = {**MUTANTS, **JOB_MUTANTS}
ENOUGH = 500
"""Trials within which each mutant must be noticed."""

REGRESSIONS: dict[str, list[int]] = {
    "scorebuddy": [468, 8989],
    "betterworks": [422, 772, 4443, 4459, 5385],
    "cxone": [18, 168, 507, 2084],
    "canary_speech": [7662],
}
"""Seeds whose trials once went wrong."""


def _shards() -> list[Any]:
    # The first shards run by default, the others in a full run.
    return [
        pytest.param(vendor, first, id=f"{vendor}-{first}", marks=[pytest.mark.slow] if first else [])
        for vendor in MODELS
        for first in range(0, TRIALS, SHARD)
    ]


@pytest.mark.parametrize(("vendor", "first"), _shards())
def test_destination_equals_vendor_in_every_scenario(vendor: str, first: int) -> None:
    wrong = {}
    for seed in range(first, min(first + SHARD, TRIALS)):
        found = Scenario(vendor, seed, replays=_replays(seed)).run()
        if found:
            wrong[seed] = found[:3]

    assert not wrong, f"what went wrong, by seed: {wrong}"


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL_MUTANTS)
def test_scenarios_catch_each_mutant(name: str) -> None:
    mutant = ALL_MUTANTS[name]
    with ExitStack() as broken:
        for patch in mutant.patches:
            broken.enter_context(patch())
        trials = ((seed, Scenario(mutant.vendor, seed, rush=mutant.rush).run()) for seed in range(ENOUGH))
        seed, wrong = next((trial for trial in trials if trial[1]), (None, []))

    assert seed is not None, "no trial noticed"
    assert not any("unforeseen" in line for line in wrong), "a patch that no longer fits the tap proves nothing"
    print(f"{name}: noticed by the trial of seed {seed}")  # noqa: T201 - with -s, a table of how soon


@pytest.mark.parametrize(
    ("vendor", "seed"), [(vendor, seed) for vendor, seeds in REGRESSIONS.items() for seed in seeds]
)
def test_fixed_regressions_stay_fixed(vendor: str, seed: int) -> None:
    assert Scenario(vendor, seed, replays=EVERY).run() == []


@pytest.mark.parametrize("vendor", MODELS)
@pytest.mark.parametrize("seed", range(4))
def test_scenarios_hold_over_real_http(vendor: str, seed: int) -> None:
    handlers: list[Handler] = []

    def answer(asked: Asked) -> Reply:
        return handlers[-1](asked)

    def serve(handler: Handler) -> Callable[[], requests.Session]:
        handlers.append(handler)
        return requests.Session

    with SandboxServer(asgi(answer)) as server:
        assert Scenario(vendor, seed, url=server.url, serve=serve).run() == []
