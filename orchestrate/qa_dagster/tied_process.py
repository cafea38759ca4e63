"""Runs a program that ends with its parent: `python -m qa_dagster.tied_process [--parent PID] PROGRAM ARGUMENT …`.

A killed worker must not leave a tap behind that goes on spending the vendor's quota beside its retry. On Linux the
kernel sees to it; elsewhere the tap ends by itself when nobody reads what it writes.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent and become the program.

    Only a parent that says who it is can be missed if it dies while Python starts here.
    """
    named = sys.argv[1] == "--parent"
    parent, command = (int(sys.argv[2]), sys.argv[3:]) if named else (os.getppid(), sys.argv[1:])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the call
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - the engine's own commands


if __name__ == "__main__":
    main()
