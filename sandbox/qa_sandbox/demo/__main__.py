"""The command `demo`; an interrupt ends it without a traceback from its first imports on."""

from __future__ import annotations

import sys


def main() -> None:
    """Run it."""
    try:
        from qa_sandbox.demo import command  # noqa: PLC0415 - takes a second
    except KeyboardInterrupt:
        sys.exit(130)
    command.main()


if __name__ == "__main__":
    main()
