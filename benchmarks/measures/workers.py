"""How far more workers get: parts of a history on 1, 2 and 4 of them, from a slow vendor, and from one with a quota."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import own
from qa_harness.run import select
from qa_sandbox.clock import SandboxClock
from qa_sandbox.http import effects
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from qa_sandbox.vendors.scorebuddy.seed_data import Size

STREAM = "scorebuddy_export_questions"
"""Its list tells no total, so its pages are asked for one after the other."""

WORKERS = (1, 2, 4)
ANSWER_SECONDS = 0.2
PARTS = 40
"""So many that none of them keeps one worker busy while the others have nothing left to do."""
DAYS = 80
PAGE_SIZE = 100
QUOTA, PERIOD = 160, timedelta(seconds=20)
"""Less than two workers ask for."""


def workers(server: str, rows: int | None, rounds: int, folder: Path) -> dict[str, Any]:
    """Compare rows a second, and the time of a quota that binds with the least that it takes.

    Each part is a tap of its own, started as an engine does; the rows go nowhere, so that waiting is most of the work.
    """
    del server
    vendor = Scorebuddy(SandboxClock(), replace(Size(), days=DAYS, scores_per_day=(rows or 48_000) // (12 * DAYS)))
    vendor.faults.add(effects.delay(ANSWER_SECONDS), path="/(scores|export)", times=None)
    found: dict[str, Any] = {}
    with Sandbox([vendor], clock=vendor.clock) as sandbox:
        run_all = partial(_run, sandbox.config(), folder)
        for count in WORKERS:
            speeds = [run_all(count) for _ in range(rounds)]
            found[f"{count} workers, rows a second"] = round(max(speeds))
        vendor.rules.hourly_budget, vendor.rules.budget_period = QUOTA, PERIOD
        vendor.request_log.clear()
        since_epoch = vendor.clock.now().timestamp()
        time.sleep(PERIOD.total_seconds() - since_epoch % PERIOD.total_seconds())
        began = time.monotonic()
        run_all(WORKERS[-1])
        taken = time.monotonic() - began
        admitted = sum(call.status == 200 for call in vendor.request_log)  # noqa: PLR2004 - HTTP
    found["quota, seconds"] = round(taken, 1)
    found["the least that it takes"] = round((admitted - 1) // QUOTA * PERIOD.total_seconds(), 1)
    found["requests"] = admitted
    return found


def _run(config: dict[str, Any], folder: Path, count: int) -> float:
    """Read all parts by so many workers; return rows a second."""
    start = SandboxClock().start - timedelta(days=DAYS)
    bounds = [start + timedelta(days=DAYS) * part / PARTS for part in range(PARTS + 1)]
    spans = [(a.isoformat(), b.isoformat()) for a, b in pairwise(bounds)]
    read = partial(_read, config, select(STREAM), folder)
    began = time.monotonic()
    with ThreadPoolExecutor(count) as pool:
        rows = sum(pool.map(read, spans))
    return rows / (time.monotonic() - began)


def _read(config: dict[str, Any], catalog: dict[str, Any], folder: Path, span: tuple[str, str]) -> int:
    """Read one part; return its rows, by the tap's summary."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        files = {
            "config": {**config, "start_date": span[0], "end_date": span[1]},
            "catalog": catalog,
        }
        files["config"]["scorebuddy"] = {**config["scorebuddy"], "timezone": "UTC", "export_page_size": PAGE_SIZE}
        for file, content in files.items():
            Path(name, file).write_text(json.dumps(content), encoding="utf-8")
        command = [str(own.HOME / "bin" / "tap-qa"), *(f"--{file}={name}/{file}" for file in files)]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)  # noqa: S603
    return int(json.loads(done.stderr.splitlines()[-1])["rows"])
