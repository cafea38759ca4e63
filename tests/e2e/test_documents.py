"""What documents show is what a newcomer gets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_example_rows_are_the_sandboxs() -> None:
    command = [sys.executable, "-m", "tools.docs", "--check", "--examples"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - our own command
    assert done.stdout == ""
