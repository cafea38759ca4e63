"""Memory does not follow the size of a file.

`QA_ROWS=1000000` runs the larger sizes, which takes some minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa_harness.run import TAP, select
from qa_sandbox.clock import SandboxClock
from qa_sandbox.exports.bulk import Bulk
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.cxone.dataset import CxOneDataset
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import SCORE_FILES, MaestroQaDataset

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.vendor import SimulatedVendor
    from tests.conftest import OpenSandbox

ROWS = int(os.environ.get("QA_ROWS", "60000"))
MAX_MIB = 150


@dataclass
class Cost:
    """What a sync took."""

    mib: float
    rows: int
    seconds: float


def cost_of(vendor: SimulatedVendor, open_sandbox: OpenSandbox, folder: Path, *streams: str) -> Cost:
    """Sync some streams in a process of its own and watch its memory."""
    sandbox = open_sandbox(vendor)
    start = (vendor.clock.now() - timedelta(days=2)).isoformat()
    (folder / "config.json").write_text(json.dumps(sandbox.config() | {"start_date": start}))
    (folder / "catalog.json").write_text(json.dumps(select(*streams)))
    command = [str(TAP), "--config", str(folder / "config.json"), "--catalog", str(folder / "catalog.json")]
    started = time.monotonic()
    with (folder / "out").open("wb") as out, (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=out, stderr=log)  # noqa: S603 - our own command
        highest = 0
        while process.poll() is None:
            highest = max(highest, _high_water_kib(process.pid))
            time.sleep(0.02)
    assert process.returncode == 0, (folder / "log").read_text()[-2000:]
    with (folder / "out").open("rb") as out:
        rows = sum(line.startswith(b'{"') and b'"RECORD"' in line for line in out)
    (folder / "out").unlink()
    found = Cost(highest / 1024, rows, time.monotonic() - started)
    print(f"\n{vendor.name}: {found.rows} rows, {found.mib:.0f} MiB, {found.seconds:.0f} s")  # noqa: T201 - for -s
    return found


def _high_water_kib(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def tenant_with(rows: int) -> CxOne:
    clock = SandboxClock()
    tenant = CxOne(clock, CxOneDataset(clock, days=3))
    tenant.jobs.bulk = Bulk(clock.now() - timedelta(days=1), {"qm-workflows": rows})
    return tenant


def account_with(rows: int) -> MaestroQa:
    clock = SandboxClock()
    account = MaestroQa(clock, MaestroQaDataset(clock, days=3))
    account.files.bulk = Bulk(clock.now() - timedelta(days=1), dict.fromkeys(SCORE_FILES, rows // len(SCORE_FILES)))
    return account


KINDS: dict[str, tuple[Callable[[int], SimulatedVendor], tuple[str, ...]]] = {
    "csv": (tenant_with, ("cxone_qm_workflows",)),
    "zip": (account_with, tuple(f"maestroqa_{file}" for file in SCORE_FILES)),
}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
@pytest.mark.parametrize("kind", KINDS)
def test_ten_times_the_rows_cost_hardly_more_memory(kind: str, open_sandbox: OpenSandbox, tmp_path: Path) -> None:
    made, streams = KINDS[kind]
    small = cost_of(made(ROWS // 10), open_sandbox, tmp_path, *streams)
    large = cost_of(made(ROWS), open_sandbox, tmp_path, *streams)
    assert small.rows >= ROWS // 10
    assert large.rows >= ROWS
    assert large.mib <= small.mib * 1.2
    assert large.mib < MAX_MIB
