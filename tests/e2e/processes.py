"""Runs of the tap as processes of their own that start in milliseconds: forked off one that has imported it."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tap_qa import cli

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

_MAX_END_SECONDS = 30.0


def _be_the_tap(arguments: list[str], out: str, err: str) -> None:
    """Run the command line with these outputs; never returns."""
    os.dup2(os.open(out, os.O_WRONLY), 1)
    os.dup2(os.open(err, os.O_WRONLY | os.O_CREAT, 0o600), 2)
    sys.argv = ["tap-qa", *arguments]
    cli.main()


@dataclass
class Ended:
    """How a process ended."""

    status: int
    """As a shell tells it: 143 for one that handled SIGTERM, -9 for one that was killed."""

    seconds: float
    """From the moment it was told to end."""

    log: str


@dataclass
class TapProcess:
    """A tap that runs."""

    process: ForkServerProcess
    out: int
    """A file descriptor to read its messages from, which does not block."""

    err: Path
    config: Path

    def send(self, number: int) -> float:
        """Send a signal; return the moment."""
        moment = time.monotonic()
        if self.process.pid is not None and self.process.exitcode is None:
            os.kill(self.process.pid, number)
        return moment

    def read(self, size: int = 1 << 16) -> bytes | None:
        """Return some output; empty at its end, None if there is none now."""
        try:
            return os.read(self.out, size)
        except BlockingIOError:
            return None

    def drain(self) -> bytes:
        """Return all output up to the end."""
        pieces = []
        while (piece := self.read()) != b"":
            if piece is None:
                time.sleep(0.005)
            else:
                pieces.append(piece)
        return b"".join(pieces)

    def end(self, since: float) -> Ended:
        """Wait for its end."""
        self.process.join(_MAX_END_SECONDS)
        seconds = time.monotonic() - since
        assert self.process.exitcode is not None, "the process does not end"
        return Ended(self.process.exitcode, seconds, self.err.read_text() if self.err.exists() else "")


@contextmanager
def tap_process(
    folder: Path, config: Mapping[str, Any], *, catalog: Mapping[str, Any], state: Mapping[str, Any] | None = None
) -> Iterator[TapProcess]:
    """Start the tap; it is killed at the end if it still runs.

    Args:
        folder: For its files, which it gets a new folder in.
        config: Its settings.
        catalog: What is selected.
        state: Where it continues.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tap_qa.tap", "tap_qa.vendors", __name__])
    own = folder / f"run-{len(list(folder.iterdir()))}"
    own.mkdir()
    arguments = []
    for name, value in (("config", config), ("catalog", catalog), ("state", state)):
        if value is not None:
            path = own / f"{name}.json"
            path.write_text(json.dumps(value))
            arguments += [f"--{name}", str(path)]
    out, err = own / "out", own / "err"
    os.mkfifo(out)
    reading = os.open(out, os.O_RDONLY | os.O_NONBLOCK)
    process = context.Process(target=_be_the_tap, args=(arguments, str(out), str(err)), daemon=True)
    process.start()
    # Until the tap has opened its output, a read would look like the end; and until it logs, it is not the tap yet.
    while process.exitcode is None and not (err.exists() and err.stat().st_size):
        time.sleep(0.002)
    try:
        yield TapProcess(process, reading, err, own / "config.json")
    finally:
        process.kill()
        process.join()
        os.close(reading)
