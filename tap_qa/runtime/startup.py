"""The first steps of a command, before its imports; standard library only."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_M_ARENA_MAX = -8  # of malloc.h


@contextlib.contextmanager
def freeze_gc() -> Iterator[None]:
    """Keep the garbage collector away from what is imported in this context, then and later.

    Imported modules stay until the end of the process. Scanning them takes a fifth of the start-up.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def limit_heaps() -> None:
    """Let threads share two heaps, where the C library is glibc and the user does not say otherwise.

    It would give each thread a heap of its own, which keeps the memory that a page took: 5 MiB more in all.
    """
    if "MALLOC_ARENA_MAX" not in os.environ:
        with contextlib.suppress(AttributeError, OSError, TypeError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    # Nothing has started yet, so there is nothing to clean up.
    os._exit(128 + number)


def install_signal_handlers(handler: Callable[[int, FrameType | None], object] = _end) -> None:
    """Have the signals that end a process handled.

    A hangup is left alone where it is ignored, as under nohup.

    Args:
        handler: Takes the signal. The default exits with status 128 + signal and no traceback, until the program sets
            its own.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)
    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        signal.signal(hangup, handler)


def check_standard_streams(program: str) -> None:
    """End the process if its standard output is closed, and keep files and sockets out of the places of closed streams.

    Else the first file or connection would take the number of the output, and what was meant for a reader would go
    there.
    """
    is_closed = sys.stdout is None
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # noqa: PERF203 - three times
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - open for as long as the process
    if is_closed:
        sys.stderr.write(f"{program}: the standard output is closed. Open it, or lead it to {os.devnull}.\n")
        sys.exit(1)
