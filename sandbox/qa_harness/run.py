"""Runs of the tap: in this process, which is quick, and as one of its own, where that matters."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_harness.capture import Log, captured, captured_logs, restored_process_state
from tap_qa.tap import TapQA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tap_qa.runtime.clock import Clock

Message = dict[str, Any]
TAP = Path(sys.executable).with_name("tap-qa")


@dataclass
class Run:
    """What a run of the tap left behind.

    Attributes:
        status: Its exit status.
        stdout: What it wrote, byte by byte.
        logs: What it logged, at DEBUG, too, unless it was a process of its own.
        failure: An exception that escaped, which a user would see as a traceback.
    """

    status: int
    stdout: bytes
    logs: list[Log] = field(default_factory=list)
    failure: BaseException | None = None

    @cached_property
    def messages(self) -> list[Message]:
        """All Singer messages, to look at and leave as they are; numbers with a fraction are Decimals."""
        return [json.loads(line, parse_float=Decimal) for line in self.stdout.splitlines()]

    def of_type(self, kind: str) -> list[Message]:
        """The messages of one type."""
        return [message for message in self.messages if message["type"] == kind]

    def records(self, stream: str) -> list[dict[str, Any]]:
        """A stream's records, in order."""
        return [message["record"] for message in self.of_type("RECORD") if message["stream"] == stream]

    @property
    def states(self) -> list[dict[str, Any]]:
        """The values of all STATE messages, in order."""
        return [message["value"] for message in self.of_type("STATE")]

    @property
    def state(self) -> dict[str, Any]:
        """The last state."""
        return self.states[-1]

    def bookmark(self, stream: str) -> Any:  # noqa: ANN401 - JSON
        """The value of a stream's last bookmark; None if it has none."""
        return self.state.get("bookmarks", {}).get(stream, {}).get("replication_key_value")

    def lines(self, level: int = logging.INFO) -> list[str]:
        """What was logged at this level or above."""
        return [log.text for log in self.logs if log.level >= level]

    @property
    def errors(self) -> list[str]:
        """What was logged as an error."""
        return self.lines(logging.ERROR)

    def log_text(self, level: int = logging.DEBUG) -> str:
        """The whole log as one text."""
        return "\n".join(self.lines(level))

    def succeeded(self) -> Run:
        """Return this run if it went well; else fail with its errors."""
        assert self.failure is None, repr(self.failure)
        assert self.status == 0, "\n".join(self.errors) or self.log_text()
        return self


def run_tap(
    config: Mapping[str, Any] | None,
    *,
    clock: Clock | None = None,
    state: Mapping[str, Any] | None = None,
    catalog: Mapping[str, Any] | None = None,
    arguments: Sequence[str] = (),
) -> Run:
    """Run the tap's command line in this process.

    Args:
        config: Goes into a file; None leaves `--config` out.
        clock: What the tap takes for its machine's; default the real one.
        state: Goes into a file, if given.
        catalog: Goes into a file, if given; see `select`.
        arguments: Further ones, as `--test`.
    """
    tap: type[TapQA] = TapQA if clock is None else type("ClockedTapQA", (TapQA,), {"clock": clock})
    with (
        tempfile.TemporaryDirectory() as folder,
        restored_process_state(),
        captured_logs() as logs,
        captured() as output,
    ):
        given = _files(Path(folder), config, state, catalog)
        status, failure = _outcome(lambda: tap.get_singer_command().main([*given, *arguments], prog_name="tap-qa"))
        sys.stdout.flush()
        output.seek(0)
        return Run(status, output.read(), logs, failure)


def run_process(  # noqa: PLR0913 - as run_tap
    config: Mapping[str, Any] | None,
    *,
    state: Mapping[str, Any] | None = None,
    catalog: Mapping[str, Any] | None = None,
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> Run:
    """Run the installed command as a process; its standard error counts as one log."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(TAP), *_files(Path(folder), config, state, catalog), *arguments]
        done = subprocess.run(  # noqa: S603 - our own command
            command, capture_output=True, timeout=timeout, check=False, env={**os.environ, **(environment or {})}
        )
    lines = done.stderr.decode().splitlines()
    logs = [Log(_level_of(line), "stderr", line) for line in lines]
    return Run(done.returncode, done.stdout, logs)


@contextlib.contextmanager
def running_process(
    config: Mapping[str, Any],
    *,
    state: Mapping[str, Any] | None = None,
    catalog: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start the installed command with pipes for its outputs, for tests of signals; it is killed at the end."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(TAP), *_files(Path(folder), config, state, catalog)]
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


@lru_cache(1)
def _catalog_text() -> str:
    with restored_process_state():
        return TapQA(config={}, validate_config=False, setup_mapper=False).catalog_json_text


def full_catalog(config: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The catalog as discovery gives it, by default without a config; fresh for every caller."""
    catalog: dict[str, Any] = json.loads(_catalog_text() if config is None else TapQA(config=config).catalog_json_text)
    return catalog


def select(*streams: str, without: Sequence[str] = (), config: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A catalog with only these streams selected.

    Args:
        streams: Their names.
        config: Of the tap, for streams that only its settings know.
        without: Properties to leave out, as `scorebuddy_scores.comments` or `scorebuddy_scores.comments.comment_id`.
    """
    catalog = full_catalog(config)
    known = {entry["tap_stream_id"]: entry for entry in catalog["streams"]}
    assert set(streams) <= set(known), set(streams) - set(known)
    for name, entry in known.items():
        for item in entry["metadata"]:
            if not item["breadcrumb"]:
                item["metadata"]["selected"] = name in streams
    for path in without:
        stream, *parts = path.split(".")
        breadcrumb = [piece for part in parts for piece in ("properties", part)]
        entry = known[stream]
        found = [item for item in entry["metadata"] if item["breadcrumb"] == breadcrumb]
        assert found, path
        found[0]["metadata"]["selected"] = False
    return catalog


def _files(
    folder: Path, config: Mapping[str, Any] | None, state: Mapping[str, Any] | None, catalog: Mapping[str, Any] | None
) -> list[str]:
    given = []
    for name, value in (("config", config), ("state", state), ("catalog", catalog)):
        if value is not None:
            path = folder / f"{name}.json"
            path.write_text(json.dumps(value))
            given += [f"--{name}", str(path)]
    return given


def _outcome(command: Callable[[], object]) -> tuple[int, BaseException | None]:
    try:
        command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code)), None
    except Exception as failure:  # noqa: BLE001 - whatever a user would see as a traceback
        return 1, failure
    return 0, None


def _level_of(line: str) -> int:
    """Read the level out of a line of the SDK's console log; of other forms, all but the summary count as errors."""
    if line.startswith("{"):
        return logging.INFO
    parts = [part.strip() for part in line.split("|", 2)]
    level = logging.getLevelName(parts[1]) if len(parts) > 2 else logging.ERROR  # noqa: PLR2004 - time, level, rest
    return level if isinstance(level, int) else logging.ERROR
