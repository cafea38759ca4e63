from __future__ import annotations

import functools
import logging
import signal
import tempfile
import zoneinfo
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from tap_qa import settings
from tap_qa.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Iterator


MEMORY = Path("/dev/shm")  # noqa: S108 - where it is missing, files go where they always go


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """Make the tap quick to set up in this process, keep its log to errors, and undo afterwards what it does."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    logging.disable(logging.WARNING)
    with (
        # Both look into files, and take longer than a short sync.
        mock.patch.object(settings, "available_timezones", functools.cache(zoneinfo.available_timezones)),
        mock.patch.object(metadata, "version", functools.cache(metadata.version)),
        # Thousands of temporary files, each for a moment: in memory, where that can be.
        mock.patch.object(tempfile, "tempdir", str(MEMORY) if MEMORY.is_dir() else None),
    ):
        yield
    logging.disable(logging.NOTSET)
    for number, before in handlers.items():
        signal.signal(number, before)
    for handler in logging.getLogger().handlers:
        handler.filters = [found for found in handler.filters if not isinstance(found, Redactor)]
