"""SIGTERM, SIGINT and SIGHUP end the tap within a second, at any moment, with their own statuses and no traceback."""

from __future__ import annotations

import json
import os
import signal
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.run import select
from qa_sandbox.http import effects
from qa_sandbox.plausible_data import seeded_rng
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tests.conftest import SMALL
from tests.e2e.processes import Ended, TapProcess, tap_process
from tests.support.clocks import machine_clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa_sandbox.vendor import SimulatedVendor

SIGNALS = int(os.environ.get("QA_SIGNALS", "100"))
SHARD = 10
STATUSES = {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGHUP: 129}
SECOND = 1.0
SCORES = ("scorebuddy_scores", "scorebuddy_export_questions")


def _scorebuddy() -> SimulatedVendor:
    return Scorebuddy(machine_clock(), SMALL)


def _maestroqa() -> SimulatedVendor:
    clock = machine_clock(frozen=False)
    return MaestroQa(clock, MaestroQaDataset(clock, days=10, tickets_per_day=3))


def _nothing(_: Any) -> None:  # noqa: ANN401
    """Leave the vendor as it is."""


def _striking(effect: effects.Effect, **where: Any) -> Callable[[SimulatedVendor], object]:  # noqa: ANN401
    return lambda vendor: vendor.faults.add(effect, times=None, **where)


SITUATIONS: dict[str, tuple[Callable[[], SimulatedVendor], tuple[str, ...], Callable[[Any], object], bool]] = {
    "reading": (_scorebuddy, SCORES, _nothing, True),
    "a rate limit's wait": (_scorebuddy, SCORES, _striking(effects.retry_after(900), path="/scores$", skip=2), True),
    "a wait between two tries": (_scorebuddy, SCORES, _striking(effects.reply(503), path="/scores$"), True),
    "a vendor that does not answer": (_scorebuddy, SCORES, _striking(effects.delay(20), path="/scores$", skip=3), True),
    "a token that does not come": (_scorebuddy, SCORES, _striking(effects.delay(20), path="token"), True),
    "an answer that drips": (_scorebuddy, SCORES, _striking(effects.slow_body(0.05), path="/scores$", skip=2), True),
    "a target that does not read": (_scorebuddy, SCORES, _nothing, False),
    "a job that cooks": (_maestroqa, ("maestroqa_csat",), _striking(effects.delay(20), path="get-export"), True),
    "a download": (_maestroqa, ("maestroqa_csat",), _striking(effects.slow_body(0.05), server="files"), True),
}


@pytest.mark.parametrize(
    "shard", [pytest.param(shard, marks=[pytest.mark.slow] if shard else []) for shard in range(SIGNALS // SHARD)]
)
def test_a_signal_ends_the_tap_at_once_at_any_moment(shard: int, tmp_path: Path) -> None:
    rolls = seeded_rng("signals", shard)
    for number in range(shard * SHARD, (shard + 1) * SHARD):
        situation = list(SITUATIONS)[number % len(SITUATIONS)]
        sign = rolls.choice(list(STATUSES))
        ended, output, is_read = _interrupted(situation, sign, rolls.uniform(0, 1.2), tmp_path)
        if ended.status == 0:
            continue  # it was quicker
        assert ended.status == STATUSES[sign], (situation, ended)
        assert ended.seconds < SECOND, (situation, ended)
        assert "Traceback" not in ended.log, (situation, ended)
        if is_read and output:
            assert output.endswith(b"\n"), (situation, output[-200:])
            assert json.loads(output.splitlines()[-1])["type"] == "STATE", (situation, output[-200:])


def _interrupted(situation: str, sign: int, after: float, folder: Path) -> tuple[Ended, bytes, bool]:
    """Send a signal to a tap in a situation, so many seconds after its start."""
    make, streams, arrange, is_read = SITUATIONS[situation]
    vendor = make()
    arrange(vendor)
    with Sandbox([vendor], clock=vendor.clock) as sandbox:
        config = {
            **sandbox.config(),
            "start_date": (vendor.clock.start - timedelta(days=SMALL.days + 1)).isoformat(),
        }
        with tap_process(folder, config, catalog=select(*streams)) as tap:
            output = _wait(tap, after, reads=is_read)
            moment = tap.send(sign)
            if is_read:
                output += tap.drain()
            return tap.end(moment), output, is_read


def _wait(tap: TapProcess, seconds: float, *, reads: bool) -> bytes:
    until = time.monotonic() + seconds
    output = bytearray()
    while time.monotonic() < until:
        piece = tap.read() if reads else None
        output += piece or b""
        time.sleep(0.002)
    return bytes(output)
