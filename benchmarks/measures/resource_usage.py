"""Running a command and saying what it took. Also a program, so small that it adds nothing to what it measures.

The largest resident size that the system reports of a child includes its parent's, from before it became the command.
So the parent is this module alone, run without anything that Python need not load.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class ResourceUsage:
    """What a run took."""

    wall: float
    """Seconds."""

    cpu: float
    """Seconds of all processors, in the program and in the system."""

    memory: float
    """The largest resident size, in MiB."""


class FailedError(RuntimeError):
    """A command failed."""


def measure(command: Sequence[str], environment: Mapping[str, str], output: Path) -> ResourceUsage:
    """Run a command; its standard output goes to a file.

    Raises:
        FailedError: Its status was not 0.
    """
    with output.open("wb") as out:
        done = subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, "-S", "-E", "-s", __file__, *command],
            stdout=out,
            stderr=subprocess.PIPE,
            env={**os.environ, **environment},
            check=False,
        )
    *said, last = done.stderr.decode(errors="replace").splitlines() or [""]
    if done.returncode:
        message = "\n".join([" ".join(command), *said[-15:], last])
        raise FailedError(message)
    return ResourceUsage(**json.loads(last))


def _main(command: list[str]) -> int:
    started = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ)
    _, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - started
    took = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}
    os.write(2, f"\n{json.dumps(took)}\n".encode())
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(_main(sys.argv[1:]))
