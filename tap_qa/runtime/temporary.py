"""Temporary files without a name, which vanish with the process however that ends."""

from __future__ import annotations

import contextlib
import errno
import tempfile
from typing import IO, TYPE_CHECKING

from tap_qa.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
HINT = "Free space, or name another folder in the environment variable TMPDIR."


class NoRoomError(FileError):
    """Temporary files can't be written."""


def problem_with_room(error: OSError, what: str) -> str:
    """Say what is wrong with the folder for temporary files; an empty text if it is something else."""
    if error.errno in _NO_ROOM:
        return f"there is no room for {what} in the folder for temporary files ({tempfile.gettempdir()})."
    if tempfile.tempdir is None and error.errno == errno.ENOENT:
        return f"there is no folder for temporary files in which {what} can be kept."
    return ""


@contextlib.contextmanager
def room_for(who: str, what: str) -> Iterator[None]:
    """Raise NoRoomError where the block fails since temporary files can't be written.

    Args:
        who: Whose file it is, for messages.
        what: What is written.
    """
    try:
        yield
    except OSError as error:
        problem = problem_with_room(error, what)
        if not problem:
            raise
        raise NoRoomError(who, problem, HINT) from None


def temporary_file(*, buffering: int = -1) -> IO[bytes]:
    """Return a file to write and read; for `buffering` see `open`."""
    return tempfile.TemporaryFile(prefix="tap-qa-", buffering=buffering)


def discard(file: IO[bytes]) -> None:
    """Close a file that is not read any more, even if part of it could not be written."""
    with contextlib.suppress(OSError):
        file.close()
