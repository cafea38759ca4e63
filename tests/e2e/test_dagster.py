"""The Dagster project with a real Dagster: windows in any order, a killed worker, and what it leaves behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from qa_harness.destination import Destination
from qa_sandbox.clock import SandboxClock
from qa_sandbox.http import effects
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tests.conftest import SMALL
from tests.support.expected_records import assert_equals_expected_records

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("plugins")]

ROOT = Path(__file__).parents[2]
DAGSTER = "dagster==1.13.28"
STREAMS = ("scorebuddy_scores", "scorebuddy_export_questions", "scorebuddy_score_reviews")
WINDOWS = ("2026-06-08", "2026-06-15", "2026-06-01")
LAST_DAY = "2026-06-22"
PATIENCE = 60.0


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment that has Dagster, beside the tap's."""
    folder = tmp_path_factory.mktemp("dagster")
    python, uv = folder / "bin" / "python", shutil.which("uv") or "uv"
    for arguments in (
        ["venv", "--python", sys.executable, str(folder)],
        ["pip", "install", "--python", str(python), DAGSTER],
    ):
        subprocess.run([uv, "--quiet", *arguments], check=True)  # noqa: S603 - our own
    return folder


@dataclass
class Windows:
    """Runs windows of history against a sandbox, into files of lines."""

    engine: Path
    folder: Path
    sandbox: Sandbox
    variables: dict[str, str]

    def start(self, window: str) -> subprocess.Popen[bytes]:
        """Start a worker on a window."""
        command = [str(self.engine / "bin" / "dagster"), "asset", "materialize", "-m", "qa_dagster.definitions"]
        command += ["--select", "scorebuddy_history", "--partition", window]
        with (self.folder / "worker.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own
                command, cwd=ROOT / "orchestrate", env={**os.environ, **self.variables}, stdout=log, stderr=log
            )

    def loaded(self) -> Destination:
        """Return what a database holds after all that the target got, in the order of its ends."""
        destination = Destination()
        for file in sorted(self.folder.glob("lines-*"), key=lambda path: path.stat().st_mtime):
            destination.take_lines(file.read_bytes().splitlines(keepends=True))
        return destination


@pytest.fixture
def vendor() -> Scorebuddy:
    return Scorebuddy(SandboxClock(), SMALL)


@pytest.fixture
def windows(engine: Path, vendor: Scorebuddy, tmp_path: Path) -> Iterator[Windows]:
    target = tmp_path / "target"
    target.write_text(f'#!/bin/sh\nexec cat > "{tmp_path}/lines-$$"\n')
    target.chmod(0o755)
    (tmp_path / "dagster.yaml").write_bytes((ROOT / "orchestrate" / "dagster.yaml").read_bytes())
    with Sandbox([vendor], clock=vendor.clock) as sandbox:
        (tmp_path / "config.json").write_text(json.dumps(sandbox.config()))
        variables = {
            "DAGSTER_HOME": str(tmp_path),
            "QA_TAP_CONFIG": str(tmp_path / "config.json"),
            "QA_TARGET_CONFIG": str(tmp_path / "config.json"),
            "QA_TAP": str(Path(sys.executable).with_name("tap-qa")),
            "QA_TARGET": str(target),
            "QA_FIRST_DAY": min(WINDOWS),
            "QA_LAST_DAY": LAST_DAY,
        }
        yield Windows(engine, tmp_path, sandbox, variables)


def taps_of(folder: Path) -> list[psutil.Process]:
    """Return the taps that run with files of this test."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        if "tap-qa" in line and "--config" in line and process.environ().get("DAGSTER_HOME") == str(folder):
            found.append(process)
    return found


def test_windows_survive_a_killed_worker(windows: Windows, vendor: Scorebuddy) -> None:
    vendor.faults.add(effects.delay(2.0), path="/export/questions", times=None)
    worker = windows.start(WINDOWS[0])
    ends = time.monotonic() + PATIENCE
    while not vendor.request_log.matching("/export/questions") and time.monotonic() < ends:
        time.sleep(0.2)
    assert taps_of(windows.folder), (windows.folder / "worker.log").read_text()
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    _, alive = psutil.wait_procs(taps_of(windows.folder), timeout=5)
    assert not alive, f"{len(alive)} taps go on without their worker"
    vendor.faults.clear()

    for window in WINDOWS:
        assert windows.start(window).wait(PATIENCE) == 0, (windows.folder / "worker.log").read_text()[-3000:]

    assert_equals_expected_records(windows.loaded(), windows.sandbox, STREAMS)
