"""One loader before one set of messages: how it ended, and what it handed back."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from qa_loaders.comparison import compare
from qa_loaders.stores import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa_loaders.checks import Row
    from qa_loaders.comparison import Found
    from qa_loaders.environment import Environment
    from qa_loaders.loaders import Loader
    from qa_sandbox.demo.postgres import Postgres

TIMEOUT_SECONDS = 1_800
IDLE_SECONDS = 4
_ERROR = re.compile(r"[\w.]*(?:error|exception)[\w.]*(?:: .+)?", re.IGNORECASE)
_PASSING = re.compile(r"0x[0-9a-f]+|/tmp/\S+|\b[0-9a-f_]{20,}\b|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\S*")
MAX_ERROR = 110


@dataclass(frozen=True)
class Ended:
    """How a loader ended.

    Attributes:
        status: Its exit status; negative for a signal.
        states: The STATE values that it handed back.
        seconds: How long it took.
        error: The line of its log that says most; empty if it ended well.
    """

    status: int
    states: list[Any]
    seconds: float
    error: str = ""


@dataclass(frozen=True)
class Bench:
    """A loader that is installed, and the place where one trial of it writes."""

    loader: Loader
    environment: Environment
    place: Place

    @classmethod
    def of(cls, loader: Loader, environment: Environment, server: Postgres | None, folder: Path, name: str) -> Bench:
        """Make an empty place for a trial of this name."""
        folder = folder / "trials" / loader.name / name
        (folder / "out").mkdir(parents=True)
        schema = f"{loader.name}_{name}".replace("-", "_")
        place = Place(folder / "out", schema, environment.python, server if loader.needs_server else None)
        return cls(loader, environment, place)

    def load(self, messages: Path, feed: Callable[[subprocess.Popen[bytes], IO[bytes]], None] | None = None) -> Ended:
        """Run the loader once.

        Args:
            messages: A file of Singer messages.
            feed: Hands them to the loader, and perhaps stops it; default all of them, and the end of the input.
        """
        folder = self.place.folder.parent
        config = folder / "config.json"
        config.write_text(json.dumps({name: self._value(value) for name, value in self.loader.config.items()}))
        command = [str(self.environment.program(self.loader.program)), "--config", str(config)]
        began = time.monotonic()
        with messages.open("rb") as file, (folder / "log").open("wb") as log, (folder / "states").open("wb") as out:
            process = subprocess.Popen(  # noqa: S603 - the installed loader
                command,
                stdin=subprocess.PIPE if feed else file,
                stdout=out,
                stderr=log,
                cwd=folder,
                env={**_own_environment(), **self.loader.environment},
            )
            try:
                if feed:
                    feed(process, file)
                status = process.wait(TIMEOUT_SECONDS)
            finally:
                process.kill()
                process.wait()
                if process.stdin:
                    with contextlib.suppress(BrokenPipeError):
                        process.stdin.close()
        states = [json.loads(line) for line in (folder / "states").read_bytes().splitlines() if line.startswith(b"{")]
        text = (folder / "log").read_text(encoding="utf-8", errors="replace")
        return Ended(status, states, time.monotonic() - began, _last_error(text) if status else "")

    def compare(self, expected: Mapping[str, Row], schema: Mapping[str, Any], *, strict_nulls: bool = False) -> Found:
        """Compare what is stored of a stream with what was sent."""
        rows = self.loader.rows(self.place, schema["stream"])
        return compare(rows, expected, schema, appends=self.loader.appends, strict_nulls=strict_nulls)

    def _value(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        return self.place.values[value[1:]] if isinstance(value, str) and value.startswith("$") else value


def stop_when_read(process: subprocess.Popen[bytes], file: IO[bytes]) -> None:
    """Hand over all messages, keep the input open, and ask the loader to stop once it has read them."""
    assert process.stdin is not None  # noqa: S101 - for the type checker
    process.stdin.write(file.read())
    process.stdin.flush()
    _wait_until_idle(process.pid)
    process.send_signal(signal.SIGTERM)


def _wait_until_idle(pid: int) -> None:
    """Return once a process has done nothing for some seconds: it has started, and waits for more input."""
    stat, used, idle = Path(f"/proc/{pid}/stat"), "", 0
    while idle < IDLE_SECONDS:
        time.sleep(1)
        now = " ".join(stat.read_text().rpartition(")")[2].split()[11:13])  # ticks in user mode, and in the kernel
        idle = idle + 1 if now == used else 0
        used = now


def _own_environment() -> dict[str, str]:
    """Return the environment without what would set a loader."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TARGET_", "PG", "MELTANO_"))}


def _last_error(log: str) -> str:
    """Return the last line that names an error, without what changes from run to run."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    told = next((line for line in reversed(lines) if _ERROR.fullmatch(line)), lines[-1] if lines else "no word")
    text = _PASSING.sub("…", told).replace("`", "'")
    return f"{text[:MAX_ERROR]}…" if len(text) > MAX_ERROR else text
