"""Writing Singer messages: in pieces large enough to be cheap, never leaving a line half done."""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from singer_sdk.contrib.msgspec import MsgSpecWriter
from singer_sdk.singerlib import RecordMessage
from typing_extensions import override

if TYPE_CHECKING:
    from singer_sdk.singerlib.encoding.simple import Message

logger = logging.getLogger("tap-qa.output")
FLUSH_BYTES = 1 << 16
_EXIT_TIMEOUT_SECONDS = 0.5


class LineWriter(MsgSpecWriter):
    """Collects records and writes them out before any other message, or when 64 KiB have come together.

    So a STATE message never leaves before the records that it speaks of.
    """

    def __init__(self) -> None:
        """Start with nothing collected."""
        super().__init__()
        self._pending = bytearray()
        self._busy = False
        self._ending: int | None = None
        self._reader_gone = False

    @override
    def write_message(self, message: Message) -> None:
        self._pending += self.format_message(message)
        if len(self._pending) >= FLUSH_BYTES or not isinstance(message, RecordMessage):
            self.flush()

    def write_lines(self, lines: bytes) -> None:
        """Take RECORD messages that are encoded already, whole lines."""
        self._pending += lines
        if len(self._pending) >= FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write out what was collected."""
        # First of all, so that a signal waits: rows that left the collection must be out before a STATE speaks of them.
        self._busy = True
        try:
            data = bytes(self._pending)
            self._pending.clear()
            _write(data)
        except BrokenPipeError:
            self._exit_without_reader()
        except OSError as error:
            _exit(f"the output can't be written ({errno.errorcode.get(error.errno or 0, 'unknown error')}); stopped.")
        finally:
            self._busy = False
        if self._ending is not None:
            raise SystemExit(self._ending)

    def end_without_reader(self) -> None:
        """End the process since the target is gone; a write that is under way notices by itself."""
        if not self._busy:
            self._exit_without_reader()

    def _exit_without_reader(self) -> NoReturn:
        if self._reader_gone:  # already handled; the process is about to end
            raise SystemExit(1)
        self._reader_gone = True
        _exit("the target closed its input; stopped. What it had not confirmed is read again by the next run.")

    def end(self, status: int) -> None:
        """End the process from a signal handler: at once, or once the line that is being written is whole.

        If the reader does not take that line soon, the process ends all the same.
        """
        if not self._busy:
            raise SystemExit(status)
        self._ending = status
        signal.signal(signal.SIGALRM, lambda _signal, _frame: os._exit(status))
        signal.setitimer(signal.ITIMER_REAL, _EXIT_TIMEOUT_SECONDS)


def _write(data: bytes) -> None:
    out: Any = sys.stdout.buffer
    view = memoryview(data)
    while view:
        # An unbuffered output (python -u) may take only a part.
        view = view[out.write(view) :]
    out.flush()


def _exit(why: str) -> NoReturn:
    """End the process without a traceback, nor Python's own complaint about a standard output it can't flush."""
    logger.error(why)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    raise SystemExit(1)
