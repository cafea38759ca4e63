"""How a command of this package ends when something foreseen goes wrong."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
from typing import TYPE_CHECKING

from singer_sdk.exceptions import ConfigValidationError

from tap_qa.errors import TapQAError

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDS_A_PERSON = 1
_OUTPUT_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EPIPE})
RETRY_LATER = 75
"""EX_TEMPFAIL of sysexits.h: a later run may succeed without any action by a person."""


@contextlib.contextmanager
def exit_on_error(program: str = "tap-qa") -> Iterator[None]:
    """End the process for a foreseen failure: with one line, and a status that says whether to try again."""
    logger = logging.getLogger(program)
    try:
        yield
    except ConfigValidationError as failure:
        for problem in failure.errors:
            logger.error("%s", problem)  # noqa: TRY400 - foreseen, so no traceback
        logger.error("Config validation failed")  # noqa: TRY400
        sys.exit(NEEDS_A_PERSON)
    except TapQAError as failure:
        logger.error("%s", failure)  # noqa: TRY400
        sys.exit(RETRY_LATER if failure.may_pass else NEEDS_A_PERSON)


@contextlib.contextmanager
def exit_on_output_error(program: str) -> Iterator[None]:
    """End the process with status 1 and one line if the output can't be written: a full disk, a closed pipe."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if error.errno not in _OUTPUT_ERRORS:
            raise
        reason = errno.errorcode.get(error.errno or 0, "unknown error")
        logging.getLogger(program).error("the output can't be written (%s); stopped.", reason)  # noqa: TRY400 - foreseen
        # Python flushes it once more at its end, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)


def print_text(text: str, program: str) -> None:
    """Print a command's result; a closed pipe is told in a line, which click would end without."""
    with exit_on_output_error(program):
        print(text)  # noqa: T201 - the result
