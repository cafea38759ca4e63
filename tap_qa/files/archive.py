"""The members of a file that may be a zip of tables or one bare table; its content decides, not its name."""

from __future__ import annotations

import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING
from zlib import error as zlib_error

from typing_extensions import override

from tap_qa.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tap_qa.files.download import Download

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENCRYPTED = 0x1
_MOST_NAMES_TOLD = 8
_LONGEST_NAME_TOLD = 60
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
CORRUPTION_ERRORS = (
    zipfile.BadZipFile,
    zlib_error,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    RuntimeError,
)


class CorruptFileError(FileError):
    """A file is broken in a way that a further download may repair."""

    may_pass = True


@dataclass(frozen=True)
class Limits:
    """What an archive may hold at most; a zip can be a million times larger than it looks."""

    members: int = 1000
    bytes: int = 32 << 30
    ratio: int = 250
    ratio_free_bytes: int = 64 << 20
    """Up to this size any ratio is fine."""


class Member:
    """One table of a file."""

    def __init__(self, download: Download) -> None:
        """Take a bare file."""
        self._download = download
        self.announced_empty = download.declared_empty

    def open(self) -> IO[bytes]:
        """Return its bytes, from their start; reading them may raise one of DAMAGES. One reader at a time."""
        file = open(self._download.file.fileno(), "rb", closefd=False)  # noqa: SIM115 - handed on
        file.seek(0)
        return file


class ZipMember(Member):
    """One table in a zip."""

    def __init__(self, download: Download, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        """Take an entry of an archive."""
        super().__init__(download)
        self._archive = archive
        self._info = info

    @override
    def open(self) -> IO[bytes]:
        return self._archive.open(self._info)


class Archive:
    """A downloaded file, seen as the tables it holds."""

    def __init__(self, who: str, download: Download, limits: Limits | None = None) -> None:
        """Look at a file.

        Args:
            who: Whose it is, for messages.
            download: The file; it belongs to the archive from now on.
            limits: What is too much.

        Raises:
            CorruptFileError: It is a broken zip.
            FileError: It is a zip of more than may be.
        """
        self._who = who
        self._download = download
        self._entries: dict[str, list[zipfile.ZipInfo]] = {}
        self._zip: zipfile.ZipFile | None = None
        start = download.file.read(4)
        download.file.seek(0)
        if start in _ZIP_STARTS:
            self._zip = self._opened()
            self._take_entries(limits or Limits())

    def close(self) -> None:
        """Let go of the file."""
        if self._zip is not None:
            self._zip.close()
        self._download.close()

    def member(self, names: Sequence[str], *, alone: bool) -> Member:
        """Find a table.

        Args:
            names: What it may be called, without folder and ending; case, blanks and hyphens don't matter. Words before
                or behind the name are let pass if only one table is called so.
            alone: Whether the file was to hold this table and no other, so that its name doesn't matter.

        Raises:
            CorruptFileError: The file is no zip although it should be one; a further download may repair that.
            FileError: There is none, or it can't be told which it is.
        """
        if self._zip is None:
            if alone:
                return Member(self._download)
            raise CorruptFileError(self._who, f"the file is not the zip that should hold {names[0]}.")
        infos = self._find(names, alone=alone)
        if not infos:
            seen = ", ".join(name[:_LONGEST_NAME_TOLD] for name in sorted(self._entries)[:_MOST_NAMES_TOLD])
            raise FileError(self._who, f"the zip holds no {names[0]}; it holds: {seen or 'nothing'}.")
        if len(infos) > 1:
            raise FileError(self._who, f"the zip holds {len(infos)} files that could be {names[0]}.")
        if infos[0].flag_bits & _ENCRYPTED:
            raise FileError(self._who, f"{names[0]} in the zip is encrypted.", "Turn off encryption of exports.")
        if infos[0].compress_type not in _METHODS:
            # Also since others may take gigabytes of memory to unpack.
            raise CorruptFileError(self._who, f"{names[0]} in the zip is packed by a method other than deflate.")
        return ZipMember(self._download, self._zip, infos[0])

    def _find(self, names: Sequence[str], *, alone: bool) -> list[zipfile.ZipInfo]:
        for name in names:
            if name in self._entries:
                return self._entries[name]
        for name in names:
            run_context = re.compile(rf"(?:^|.*_){re.escape(name)}(?:_.*|$)")
            infos = [info for stem, found in self._entries.items() if run_context.fullmatch(stem) for info in found]
            if infos:
                return infos
        return [info for found in self._entries.values() for info in found] if alone else []

    def _opened(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self._download.file)
        except CORRUPTION_ERRORS:
            damaged = CorruptFileError(self._who, "the zip is damaged: it has no readable list of contents.")
        raise damaged

    def _take_entries(self, limits: Limits) -> None:
        assert self._zip is not None  # noqa: S101 - for the type checker
        infos = self._zip.infolist()
        if len(infos) > limits.members:
            raise FileError(self._who, f"the zip holds {len(infos)} files, more than {limits.members}.")
        if not all(0 <= info.header_offset < self._download.size for info in infos):
            raise CorruptFileError(self._who, "the zip is damaged: parts of it are missing.")
        # What is read never exceeds what the list of contents says: zipfile stops there and finds the checksum wrong.
        expanded = sum(info.file_size for info in infos)
        if expanded > limits.bytes or (
            expanded > limits.ratio_free_bytes and expanded > limits.ratio * self._download.size
        ):
            raise FileError(
                self._who,
                f"the zip of {self._download.size >> 10} KiB would expand to {expanded >> 20} MiB; it is not opened.",
                "Choose a smaller window_days if the size is genuine.",
            )
        for info in infos:
            path = PurePosixPath(info.filename.replace("\\", "/"))
            if info.filename.endswith("/") or "__MACOSX" in path.parts or path.name.startswith("."):
                continue
            self._entries.setdefault(stem(path.name), []).append(info)


def stem(name: str) -> str:
    """Return a file's name without its ending, in small letters, its words joined by underscores."""
    without_ending = re.sub(r"(?i)(?:\.(?:csv|txt))+$", "", name.strip())
    return re.sub(r"[^0-9a-z]+", "_", without_ending.lower()).strip("_")
