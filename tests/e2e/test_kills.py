"""Killed at any moment and started again, as often as it takes: nothing is lost and nothing is wrong."""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.destination import Destination
from qa_harness.run import select
from qa_sandbox.plausible_data import seeded_rng
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tests.conftest import SMALL
from tests.e2e.processes import TapProcess, tap_process
from tests.support.clocks import machine_clock
from tests.support.expected_records import assert_equals_expected_records

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

KILLS = int(os.environ.get("QA_KILLS", "50"))
"""In all; more on demand, as QA_KILLS=500."""

KILLS_OF_A_SEED = 5
STREAMS = ("scorebuddy_scores", "scorebuddy_export_questions", "scorebuddy_score_reviews", "scorebuddy_employees")


class KillSchedule:
    """Decides when a process dies: at a byte of its output, or at a request."""

    def __init__(self, rng: Random) -> None:
        """Draw."""
        by_request = rng.random() < 0.5
        self.number = rng.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM))
        self.at_request = rng.randrange(60) if by_request else None
        self.at_byte = None if by_request else rng.randrange(700_000)
        self.drains = self.number == signal.SIGTERM or rng.random() < 0.5
        """Whether what is still in the pipe reaches the destination; else the target died as well."""

        self.requests = 0

    @property
    def is_due(self) -> bool:
        """Whether the request has come."""
        return self.at_request is not None and self.requests > self.at_request

    def read_until_kill(self, tap: TapProcess) -> bytes:
        """Read the output until the end or the deadly moment; return what reached the destination."""
        taken = bytearray()
        while not self.is_due and (self.at_byte is None or len(taken) < self.at_byte):
            piece = tap.read(4096)
            if piece == b"":
                return bytes(taken)
            if piece is None:
                time.sleep(0.001)
            else:
                taken += piece
        tap.send(self.number)
        if self.drains:
            taken += tap.drain()
        return bytes(taken)


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=[pytest.mark.slow] if seed else [])
        for seed in range((KILLS + KILLS_OF_A_SEED - 1) // KILLS_OF_A_SEED)
    ],
)
def test_nothing_is_lost_by_kills(seed: int, tmp_path: Path) -> None:
    rolls = seeded_rng("kills", seed)
    vendor = Scorebuddy(machine_clock(days_to_pass=3), SMALL, seed=seed + 1)
    destination = Destination()
    with Sandbox([vendor], clock=vendor.clock) as sandbox:
        config: dict[str, Any] = {
            **sandbox.config(),
            "start_date": (vendor.clock.start - timedelta(days=SMALL.days + 1)).isoformat(),
        }
        config["scorebuddy"] |= {"window_days": 2, "export_page_size": 100}
        for _ in range(KILLS_OF_A_SEED):
            doom = KillSchedule(rolls)

            def count(_: object, doom: KillSchedule = doom) -> None:
                doom.requests += 1

            vendor.dataset.on_request.append(count)
            with tap_process(tmp_path, config, catalog=select(*STREAMS), state=destination.state) as tap:
                output = doom.read_until_kill(tap)
            vendor.dataset.on_request.remove(count)
            destination.take_lines(output.splitlines(keepends=True))
            if rolls.random() < 0.5:
                sandbox.pass_time(hours=rolls.choice((1, 5, 30)))
        sandbox.pass_time(hours=1)
        with tap_process(tmp_path, config, catalog=select(*STREAMS), state=destination.state) as tap:
            destination.take_lines(tap.drain().splitlines(keepends=True))
            ended = tap.end(time.monotonic())
        assert ended.status == 0, ended.log
        assert_equals_expected_records(destination, sandbox, STREAMS)
