"""What a run in this process leaves behind: its log and output; and what it does to the process, undone."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import tempfile
import warnings
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from typing_extensions import override

from tap_qa.runtime.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Log:
    """One line of the log."""

    level: int
    logger: str
    text: str


class _Listener(logging.Handler):
    def __init__(self, logs: list[Log]) -> None:
        super().__init__(logging.DEBUG)
        self._logs = logs

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self._logs.append(Log(record.levelno, record.name, self.format(record)))


@contextlib.contextmanager
def captured_logs() -> Iterator[list[Log]]:
    """Collect what is logged, at DEBUG, too."""
    logs: list[Log] = []
    root = logging.getLogger()
    listener = _Listener(logs)
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        yield logs
    finally:
        root.setLevel(level)
        root.removeHandler(listener)
        for handler in root.handlers:
            handler.filters = [found for found in handler.filters if not isinstance(found, Redactor)]


@contextlib.contextmanager
def restored_process_state() -> Iterator[None]:
    """Undo what the tap does to this process: signal handlers, the hook for exceptions, warnings."""
    handlers = {
        number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
    }
    hook = sys.excepthook
    with warnings.catch_warnings():
        try:
            yield
        finally:
            logging.captureWarnings(capture=False)
            sys.excepthook = hook
            for number, handler in handlers.items():
                signal.signal(number, handler)


@contextlib.contextmanager
def captured() -> Iterator[IO[bytes]]:
    """Turn standard output, down to its file descriptor, into a file."""
    sys.stdout.flush()
    before, kept = sys.stdout, os.dup(1)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 1)
        with open(1, "w", encoding="utf-8", closefd=False) as stdout:
            sys.stdout = stdout
            try:
                yield file
            finally:
                sys.stdout = before
                os.dup2(kept, 1)
                os.close(kept)
