"""A program that is tied to its parent is not started for one that died while Python was starting."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ORCHESTRATE = Path(__file__).parents[2] / "orchestrate"


@pytest.mark.parametrize(("parent", "output"), [(os.getpid, "started\n"), (lambda: 1 << 30, "")])
def test_a_program_starts_for_the_parent_that_asked_for_it(parent: object, output: str) -> None:
    assert callable(parent)
    command = [sys.executable, "-m", "qa_dagster.tied_process", "--parent", str(parent()), "echo", "started"]
    done = subprocess.run(command, cwd=ORCHESTRATE, check=False, capture_output=True, text=True)  # noqa: S603 - our own
    assert (done.stdout, done.returncode) == (output, 0 if output else 1)
