"""The first steps of a command, before its imports; standard library only."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@contextlib.contextmanager
def freeze_gc() -> Iterator[None]:
    """Keep the garbage collector away from what is imported in this context, then and later.

    Imported modules stay until the end of the process. Scanning them takes a fifth of the start-up.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def install_signal_handlers() -> None:
    """Exit on SIGTERM and SIGINT with status 128 + signal and no traceback, until the program sets its own handlers."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    # Nothing has started yet, so there is nothing to clean up.
    os._exit(128 + number)
