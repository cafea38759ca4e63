"""What Dagster does that good guesses miss, and what the project does about it; docs/scale.md tells the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "orchestrate" / "dagster.yaml"
FACTS = {
    # With a window missing, with all, then with one that was loaded while the mart ran: once only.
    "eager": {"asked": [0, 0, 1, 0, 0]},
    # An old window that was read again is enough for it.
    "on_cron": {"asked": [0, 0, 1]},
    "freshness": {"passes": True},
    "missed ticks": {"are made up": False},
    "slots are freed": {"by default": False, "by our settings": True},
    "is retried": {"by default": True, "by our settings": False},
    # Of three that are queued, in the first pass of the daemon and in its second, with a limit of 1.
    "first runs of a pool": {"by default": [3, 1], "by our definitions": [1, 1]},
}


def run(*command: str, folder: Path, **variables: str) -> str:
    home = {"DAGSTER_HOME": str(folder), "DAGSTER_DISABLE_TELEMETRY": "yes", "PYTHONPATH": str(ROOT / "orchestrate")}
    done = subprocess.run(  # noqa: S603 - our own
        command,
        cwd=ROOT / "orchestrate",
        env={**os.environ, **home, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_pins_fit_each_other(dagster: Path) -> None:
    run(shutil.which("uv") or "uv", "pip", "check", "--python", str(dagster / "bin" / "python"), folder=dagster)


def test_dagster_does_what_the_project_reckons_with(dagster: Path, tmp_path: Path) -> None:
    shutil.copy(SETTINGS, tmp_path)
    script = str(Path(__file__).with_name("dagster_facts.py"))
    assert json.loads(run(str(dagster / "bin" / "python"), script, str(tmp_path), folder=tmp_path)) == FACTS


def test_what_is_loaded_while_marts_run_is_in_the_next_ones(dagster: Path, tmp_path: Path) -> None:
    shutil.copy(SETTINGS, tmp_path)
    files = {
        "config.json": "{}",
        "sync": 'echo synced >> raw; echo \'{"outcome": "finished", "rows": 1}\'',
        "marts": "cp raw mart; echo a window of history >> raw",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    variables = {
        "QA_TAP_CONFIG": str(tmp_path / "config.json"),
        "QA_TARGET_CONFIG": str(tmp_path / "config.json"),
        "QA_FIRST_DAY": "2026-06-01",
        "QA_LAST_DAY": "2026-06-08",
        "QA_WINDOWED_STREAMS": "{}",
        "QA_DAILY": f"env -C {tmp_path} sh sync",
        "QA_MARTS": f"env -C {tmp_path} sh marts",
    }
    daily = [str(dagster / "bin" / "dagster"), "job", "execute", "-m", "qa_dagster.definitions", "-j", "daily"]
    for _ in range(2):
        run(*daily, folder=tmp_path, **variables)
    assert (tmp_path / "mart").read_text() == "synced\na window of history\nsynced\n"
