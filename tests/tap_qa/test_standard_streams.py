"""Standard streams that are closed, or lead to a full disk or to nobody: one line, status 1, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

BIN = Path(sys.executable).parent
SCHEMA = {"type": "SCHEMA", "stream": "maestroqa_tickets", "schema": {"properties": {"gradable_id": {}, "deleted": {}}}}
DATES = {"tap-qa": {"start_date": "2026-01-01T00:00:00Z"}}
MESSAGES = "".join(json.dumps(each) + "\n" for each in (SCHEMA, {"type": "STATE", "value": {"at": 1}})).encode()


def close(number: int) -> Callable[[], None]:
    return lambda: os.close(number)


def fill() -> None:
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)


def leave() -> None:
    """Let the output's reader go."""
    reader, writer = os.pipe()
    os.close(reader)
    os.dup2(writer, 1)


def run(
    *command: str, prepare: Callable[[], None], folder: Path, stdin: bytes = MESSAGES
) -> subprocess.CompletedProcess[bytes]:
    program, *arguments = command
    config = folder / "config.json"
    config.write_text(json.dumps({**DATES.get(program, {}), "maestroqa": {"api_token": "t" * 9}}))
    return subprocess.run(  # noqa: S603 - our own commands
        [BIN / program, *arguments, "--config", config],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
        cwd=folder,
        preexec_fn=prepare,
    )


@pytest.mark.parametrize(
    ("command", "prepare", "line"),
    [
        (("tap-qa", "--discover"), close(1), "tap-qa: the standard output is closed."),
        (("tap-qa", "--discover"), fill, "the output can't be written (ENOSPC); stopped."),
        (("tap-qa", "--about", "--format=json"), fill, "the output can't be written (ENOSPC); stopped."),
        (("tap-qa", "--plan"), fill, "the output can't be written (ENOSPC); stopped."),
        (("tap-qa", "--privacy-recipe"), fill, "the output can't be written (ENOSPC); stopped."),
        (("tap-qa", "--discover"), leave, "the output can't be written (EPIPE); stopped."),
        (("tap-qa", "--about", "--format=json"), leave, "the output can't be written (EPIPE); stopped."),
        (("tap-qa", "--plan"), leave, "the output can't be written (EPIPE); stopped."),
        (("tap-qa", "--privacy-recipe"), leave, "the output can't be written (EPIPE); stopped."),
        (("tap-qa", "--version"), fill, "the output can't be written (ENOSPC); stopped."),
        (("tap-qa-doctor", "--list"), fill, "the output can't be written (ENOSPC); stopped."),
        (("target-qa", "--help"), fill, "the output can't be written (ENOSPC); stopped."),
        (("target-qa",), close(1), "target-qa: the standard output is closed."),
        (("target-qa",), fill, "the output can't be written (ENOSPC); stopped."),
        (("target-qa",), close(0), "the standard input is closed."),
    ],
)
def test_an_output_that_can_not_be_written_is_one_line(
    command: tuple[str, ...], prepare: Callable[[], None], line: str, tmp_path: Path
) -> None:
    done = run(*command, prepare=prepare, folder=tmp_path)
    log = done.stderr.decode()
    assert done.returncode == 1, log
    assert log.count(line) == 1, log
    assert "Traceback" not in log
    assert "Exception ignored" not in log


def test_without_a_log_nothing_else_takes_its_place(tmp_path: Path) -> None:
    done = run("target-qa", prepare=close(2), folder=tmp_path)
    assert (done.returncode, json.loads(done.stdout.splitlines()[-1])) == (0, {"at": 1})
