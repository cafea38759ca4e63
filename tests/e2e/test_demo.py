"""The demo as a newcomer runs it: the sandbox, Meltano, the tap and PostgreSQL, end to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("plugins")]

ROOT = Path(__file__).parents[2]
DEMO = Path(sys.executable).with_name("demo")
INTERRUPTED = 130


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A temporary folder for all that the demo writes; `nobody` must be able to pass through it."""
    with tempfile.TemporaryDirectory(prefix="tap-qa-test-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def start(scratch: Path, *options: str) -> subprocess.Popen[str]:
    # A stray credential must stay without effect: the demo never reaches a real vendor.
    environment = {**os.environ, "TMPDIR": str(scratch), "TAP_QA_MAESTROQA_API_TOKEN": "real", "TAP_QA_START_DATE": "x"}
    return subprocess.Popen(  # noqa: S603
        [DEMO, *options], cwd=scratch, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.mark.parametrize("options", [(), ("--duckdb",)], ids=["postgres", "duckdb"])
def test_the_tables_equal_the_vendors_after_a_sync_and_after_edits_and_a_second(
    scratch: Path, options: tuple[str, ...]
) -> None:
    project = (ROOT / "meltano.yml").read_bytes()
    process = start(scratch, *options)
    output, _ = process.communicate(timeout=600)
    assert process.returncode == 0, output
    assert "tables held exactly what the vendors held, row by row" in output
    assert "went to Canary Speech once and came back as it was sent" in output
    lines = (line.split() for line in output.splitlines())
    first, second, changed, rows = next(
        [int(line[place].replace(",", "")) for place in (1, 4, 7, 8)]
        for line in lines
        if line[:1] == ["scorebuddy_scores"]
    )
    assert rows > first - 1 > 0
    assert 0 < changed <= second < first / 10, "the second sync reads the lookback and the edits, not everything"
    assert (ROOT / "meltano.yml").read_bytes() == project
    page = scratch / "qa-report.html"
    assert f"as a page to open in a browser: {page}\n" in output
    assert "QA_Average" in page.read_text(encoding="utf-8"), "what was written back is on the page"
    page.unlink()
    assert_nothing_is_left(scratch)


def test_an_interrupted_demo_leaves_nothing_behind(scratch: Path) -> None:
    process = start(scratch)
    assert process.stdout is not None
    for line in process.stdout:
        if "The first sync" in line:
            break
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED, output
    assert "Traceback" not in output
    assert_nothing_is_left(scratch)


def assert_nothing_is_left(scratch: Path) -> None:
    assert list(scratch.iterdir()) == []
    running = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]
    assert [command for command in running if command and str(scratch) in " ".join(command)] == []
