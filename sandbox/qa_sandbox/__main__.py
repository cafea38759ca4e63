"""Starts the vendors alone, prints a config for the tap, and runs until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
import threading
from pathlib import Path
from typing import TextIO

from qa_sandbox.clock import SandboxClock, real_now
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.discovery import vendor_types


def main(arguments: list[str] | None = None) -> None:
    """The command `sandbox`."""
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("vendors", nargs="*", metavar="vendor", help=f"of {', '.join(vendor_types())}; default all")
    parser.add_argument("--config", type=Path, help="write the config to this file instead of printing it")
    parser.add_argument(
        "--first-port", type=int, default=0, help="take this port and those after it; default free ones"
    )
    options = parser.parse_args(arguments)
    unknown = set(options.vendors) - set(vendor_types())
    if unknown:
        parser.error(f"unknown vendor: {', '.join(sorted(unknown))}")
    with contextlib.ExitStack() as running:
        clock = SandboxClock(real_now().replace(microsecond=0))
        try:
            sandbox = running.enter_context(
                Sandbox(options.vendors or None, clock=clock, first_port=options.first_port)
            )
            _write_config(sandbox, options.config)
        except (OSError, OverflowError) as error:  # a port that is taken or none, a folder that is not there
            parser.error(str(error))
        _say("Serving on 127.0.0.1. Enter lets a day pass; Ctrl-C stops.")
        try:
            _wait(sandbox)
        except KeyboardInterrupt:
            _say("Stopped.")


def _write_config(sandbox: Sandbox, file: Path | None) -> None:
    config = json.dumps(sandbox.config(), indent=2)
    if file is None:
        _say(config, to=sys.stdout)
    else:
        file.write_text(config + "\n", encoding="utf-8")


def _wait(sandbox: Sandbox) -> None:
    if sys.platform != "win32":
        # In the background of a terminal, reading must fail instead of stopping the process.
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        while sys.stdin.readline():
            sandbox.pass_time(days=1)
            _say(f"It is {sandbox.clock.now():%Y-%m-%d %H:%M} UTC now.")
    wait_for_ever()


def wait_for_ever() -> None:
    """Wait until interrupted."""
    threading.Event().wait()


def _say(text: str, to: TextIO | None = None) -> None:
    print(text, file=to or sys.stderr, flush=True)


if __name__ == "__main__":
    main()
