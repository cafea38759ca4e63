"""A tap whose target is gone ends within a second, whatever it waits for, and asks the vendor for nothing more."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qa_harness.run import select
from qa_sandbox.http import effects
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tests.conftest import SMALL
from tests.e2e.processes import tap_process
from tests.support.clocks import machine_clock

if TYPE_CHECKING:
    from pathlib import Path

SITUATIONS: dict[str, effects.Effect] = {
    "a wait after a 429": effects.retry_after(900),
    "a wait between two tries": effects.reply(503),
    "a vendor that does not answer": effects.delay(20),
    "an answer that drips": effects.slow_body(0.05, size=4000),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_tap_whose_target_is_gone_ends_within_a_second(situation: str, tmp_path: Path) -> None:
    vendor = Scorebuddy(machine_clock(), SMALL)
    vendor.faults.add(SITUATIONS[situation], times=None, path="/scores$", skip=2)
    with Sandbox([vendor], clock=vendor.clock) as sandbox:
        start = vendor.clock.start - timedelta(days=SMALL.days + 1)
        config = {**sandbox.config(), "start_date": start.isoformat()}
        with tap_process(tmp_path, config, catalog=select("scorebuddy_scores")) as tap:
            until = time.monotonic() + 20
            while len(vendor.request_log.matching("/scores$")) < 2 and time.monotonic() < until:
                tap.read()
                time.sleep(0.002)
            time.sleep(0.3)  # so that the third request is out
            asked = len(vendor.request_log)
            # The descriptor stays, lest another file gets its number: it just reads from the pipe no more.
            os.dup2(os.open(os.devnull, os.O_RDONLY), tap.out)
            ended = tap.end(time.monotonic())
        assert ended.seconds < 1, ended
        assert ended.status == 1
        assert "the target closed its input" in ended.log
        assert "Traceback" not in ended.log
        assert len(vendor.request_log) <= asked + 1  # one that was under way
