"""Noticing that the reader of the standard output is gone, also while the program waits."""

from __future__ import annotations

import os
import select
import signal
import stat
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_GRACE_SECONDS = 0.7
"""How long the main thread has to end by itself; a look-up of a host name, say, can't be interrupted."""


def watch_reader(on_gone: Callable[[], None]) -> None:
    """Have a function called in the main thread as soon as the reader of the standard output is gone, if it is a pipe.

    A process whose target was killed would otherwise call the vendor until it has something to write. If the process
    is still there shortly afterwards, it is ended.

    Args:
        on_gone: Ends the process by an exception. It is called as a signal handler is, in the midst of anything.
    """
    main = threading.main_thread()
    output = _pipe()
    if output is None or threading.current_thread() is not main or not hasattr(select, "poll"):
        return
    # SIGURG is ignored by default, and nothing here uses it: as a signal, it interrupts what the main thread waits for.
    signal.signal(signal.SIGURG, lambda _signal, _frame: on_gone())
    threading.Thread(target=_watch, args=(output, main), name="reader-watch", daemon=True).start()


def _pipe() -> int | None:
    try:
        output = sys.stdout.fileno()
        mode = os.fstat(output).st_mode
    except (AttributeError, OSError, ValueError):
        return None
    return output if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else None


def _watch(output: int, main: threading.Thread) -> None:
    poll = select.poll()
    poll.register(output, 0)  # errors and the end of the reader are reported in any case
    _, event = poll.poll()[0]
    if event & select.POLLNVAL or main.ident is None:
        return  # the output was closed by ourselves
    signal.pthread_kill(main.ident, signal.SIGURG)
    main.join(_GRACE_SECONDS)
    os._exit(1)
