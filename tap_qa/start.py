"""The commands' first step: quick to import, so that a signal finds someone in charge from the first moment."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


def tap() -> None:
    """Run the command `tap-qa`."""
    _heed_signals()
    with _nothing_is_garbage():
        from tap_qa.tap import TapQA  # noqa: PLC0415 - it takes most of a second

    TapQA.cli()


def target() -> None:
    """Run the command `target-qa`."""
    _heed_signals()
    with _nothing_is_garbage():
        from target_qa.target import TargetQA  # noqa: PLC0415 - as above

    TargetQA.cli()


@contextlib.contextmanager
def _nothing_is_garbage() -> Iterator[None]:
    """Keep what is imported meanwhile from being looked through for garbage, now and ever after.

    All of it stays, and to find that out again and again takes a fifth of the start.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def _heed_signals() -> None:
    """End by SIGTERM and SIGINT with their own statuses and no traceback, until the program itself takes over."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    # Nothing was begun, so there is nothing to end in good order.
    os._exit(128 + number)
