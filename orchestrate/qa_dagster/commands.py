"""Runs the tap and the target, and says how a run ended by the tap's own summary.

A target that is stopped in the middle loads what it has and ends with 0 (singer-sdk 0.54.9), so two statuses of 0 prove
nothing: only a summary that says `finished` does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qa_dagster.settings import Settings

FINISHED, RETRY = "finished", "retry"
RETRY_STATUS = 75
_STREAMS = "QA_WINDOWED_STREAMS"
_LONG_SPAN = {"start_date": "2020-01-01T00:00:00Z", "end_date": "2021-01-01T00:00:00Z"}
"""Longer than any window."""

Summary = dict[str, Any]


class CommandError(Exception):
    """A run did not come to its end."""

    def __init__(self, program: str, ending: str, last_output: str, *, may_pass: bool) -> None:
        """Compose the line.

        Args:
            program: What ran.
            ending: How it ended.
            last_output: What it said last.
            may_pass: Whether a later try may succeed without anybody's doing.
        """
        super().__init__(f"{program} ended with {ending}: {last_output:.600}")
        self.may_pass = may_pass


def read_window(settings: Settings, streams: Sequence[str], start: str, end: str) -> Summary:
    """Read one window of some streams, from the vendor to the target. Safe to repeat.

    Args:
        settings: Where things are.
        streams: Their names.
        start: Its start, as `2024-01-01T00:00:00Z`.
        end: Its end.

    Returns:
        The tap's summary.

    Raises:
        CommandError: It is not done.
    """
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        files = {
            "config": {**settings.config(), "start_date": start, "end_date": end},
            "catalog": {"streams": [_selected(stream) for stream in streams]},
        }
        for file, content in files.items():
            (folder / f"{file}.json").write_text(json.dumps(content), encoding="utf-8")
        log = stack.enter_context((folder / "tap.log").open("w+b"))
        arguments = [f"--{file}={folder / file}.json" for file in files]
        tap = stack.enter_context(
            subprocess.Popen(tied(settings.tap, *arguments), stdout=subprocess.PIPE, stderr=log)  # noqa: S603
        )
        target = stack.enter_context(
            subprocess.Popen(  # noqa: S603
                tied(settings.target, "--config", str(settings.target_config)),
                stdin=tap.stdout,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        )
        assert tap.stdout is not None  # noqa: S101 - it is a pipe
        tap.stdout.close()  # or the tap would not notice that the target is gone
        _, complaints = target.communicate()
        tap.wait()
        log.seek(0)
        lines = log.read().decode("utf-8", "replace").splitlines()
    return ended(lines, tap.returncode, {settings.target: (target.returncode, complaints.decode("utf-8", "replace"))})


def ended(log: Sequence[str], status: int, others: Mapping[str, tuple[int, str]]) -> Summary:
    """Return the summary of a run that is done.

    Args:
        log: The tap's standard error.
        status: Its exit status.
        others: Exit status and standard error of the programs behind it.

    Raises:
        CommandError: It is not done.
    """
    summary = last_summary(log)
    for program, (other_status, complaints) in others.items():
        if other_status != 0:
            last_output = complaints.strip().splitlines()[-1:] or ["it said nothing"]
            raise CommandError(program, f"status {other_status}", last_output[0], may_pass=True)
    outcome = summary.get("outcome")
    if status == 0 and outcome == FINISHED:
        return summary
    errors = [line for line in log if "| ERROR" in line][-3:]
    text = " / ".join(line.rpartition("|")[2].strip() for line in errors) or "it left no error"
    # Killed or cut off, it left no summary or one that says `stopped`: the next try begins where this one did.
    may_pass = status == RETRY_STATUS or outcome not in {FINISHED, "failed"}
    raise CommandError("tap-qa", f"status {status}, {outcome or 'without a summary'}", text, may_pass=may_pass)


def last_summary(log: Iterable[str]) -> Summary:
    """Return the last line of JSON that is a summary; empty if there is none."""
    found: Summary = {}
    for line in log:
        start = line.find('{"outcome"')
        if start >= 0:
            try:
                found = json.loads(line[start:])
            except ValueError:
                continue
    return found


def windowed_streams(settings: Settings) -> dict[str, list[str]]:
    """Return the streams of each vendor that a date cuts: what has to be read whole belongs to the daily sync.

    The tap's plan tells. It is asked once for a code location: the environment hands the answer on to its workers.

    Raises:
        CommandError: The tap does not take its config.
    """
    if _STREAMS not in os.environ:
        with tempfile.TemporaryDirectory() as name:
            config = Path(name, "config.json")
            config.write_text(json.dumps({**settings.config(), **_LONG_SPAN}), encoding="utf-8")
            command = [settings.tap, "--plan", "--config", str(config)]
            done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")  # noqa: S603
        if done.returncode != 0:
            raise CommandError(settings.tap, f"status {done.returncode}", done.stderr.strip(), may_pass=False)
        os.environ[_STREAMS] = json.dumps(_cut(json.loads(done.stdout)))
    found: dict[str, list[str]] = json.loads(os.environ[_STREAMS])
    return found


def _cut(parts: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the streams that a plan has more than one part of, by vendor."""
    counts = Counter((part["vendor"], stream) for part in parts for stream in part["streams"])
    found: dict[str, list[str]] = {}
    for (vendor, stream), count in counts.items():
        if count > 1:
            found.setdefault(vendor, []).append(stream)
    return found


def _selected(stream: str) -> dict[str, Any]:
    """Return what a catalog has to say of a stream for the tap to read it; the tap knows the rest."""
    return {"tap_stream_id": stream, "metadata": [{"breadcrumb": [], "metadata": {"selected": True}}]}


def tied(*command: str) -> list[str]:
    """Return what starts a program that ends with this process."""
    return [sys.executable, "-m", "qa_dagster.tied_process", "--parent", str(os.getpid()), *command]


def run(command: Sequence[str]) -> list[str]:
    """Run a command that ends with this process, and return its output by lines.

    Raises:
        CommandError: Its status is not 0.
    """
    done = subprocess.run(  # noqa: S603
        tied(*command), check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    lines = done.stdout.splitlines()
    if done.returncode != 0:
        outcome = last_summary(lines).get("outcome")
        ending = f"status {done.returncode}"
        raise CommandError(command[0], ending, " / ".join(lines[-3:]), may_pass=outcome != "failed")
    return lines
