"""How a command of this package ends when something foreseen goes wrong."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import TYPE_CHECKING

from tap_qa.errors import TapQAError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def exit_on_error(program: str = "tap-qa") -> Iterator[None]:
    """End the process with status 1 and one line for a foreseen failure."""
    try:
        yield
    except TapQAError as failure:
        logging.getLogger(program).error("%s", failure)  # noqa: TRY400 - foreseen, so no traceback
        sys.exit(1)
