"""The members of a file that may be a zip of tables or one bare table; its content decides, not its name."""

from __future__ import annotations

import contextlib
import gzip
import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, cast
from zlib import error as zlib_error

from typing_extensions import override

from tap_qa.errors import FileError
from tap_qa.files.encodings import Utf8Opener
from tap_qa.records.drift_log import printable_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tap_qa.files.download import Download

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENCRYPTED = 0x1
_MAX_NAMES_LOGGED = 8
_MAX_NAME_LOGGED = 60
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENDINGS = (".csv", ".txt", ".tsv", ".gz")
_DIRECTORY_BYTES_A_MEMBER = 1 << 10  # its name and some extra fields
CORRUPTION_ERRORS = (
    gzip.BadGzipFile,
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


def _reader(download: Download) -> IO[bytes]:
    """Return the file from its start, with a buffer of its own.

    The position in the file is shared. If the download's own buffer had read ahead, closing it would move back from the
    position of this reader, and fail before the start.
    """
    file = open(download.file.fileno(), "rb", closefd=False)  # noqa: SIM115 - handed on
    file.seek(0)
    return file


class Member:
    """One table of a file."""

    def __init__(self, download: Download, check_size: Callable[[int], None]) -> None:
        """Take a bare file; for `check_size` see Utf8Opener."""
        self._download = download
        self._opener = Utf8Opener(self._open_raw, check_size)
        self.announced_empty = download.declared_empty

    def open(self) -> IO[bytes]:
        """Return its text in UTF-8, from its start; reading may raise CORRUPTION_ERRORS. One reader at a time."""
        return self._opener.open()

    def _open_raw(self) -> IO[bytes]:
        return _reader(self._download)


class ZipMember(Member):
    """One table in a zip."""

    def __init__(
        self,
        download: Download,
        check_size: Callable[[int], None],
        archive: zipfile.ZipFile,
        info: zipfile.ZipInfo,
    ) -> None:
        """Take an entry of an archive."""
        super().__init__(download, check_size)
        self.announced_empty = info.file_size == 0
        self._archive = archive
        self._info = info

    @override
    def _open_raw(self) -> IO[bytes]:
        return self._archive.open(self._info)


class _BoundedReads:
    """A file that a zip's list of contents is read from: as a whole, so it must not be of any length."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._most = max(most, 1 << 17)  # the end of the file is looked through for where the list starts
        self.exceeded = False
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(min(size, self._most + 1) if size >= 0 else self._most + 1)
        if len(data) > self._most:
            self.exceeded = True
            raise ValueError
        return data


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
        self._limits = limits or Limits()
        self._entries: dict[str, list[zipfile.ZipInfo]] = {}
        self._zip: zipfile.ZipFile | None = None
        with _reader(download) as file:
            start = file.read(4)
        if start in _ZIP_STARTS:
            self._zip = self._opened()
            self._take_entries()

    def close(self) -> None:
        """Let go of the file."""
        if self._zip is not None:
            self._zip.close()
        self._download.close()

    @property
    def stems(self) -> tuple[str, ...]:
        """The names of the files in it, without folder and ending; none if it is no zip."""
        return tuple(self._entries)

    def lacks(self, names: Sequence[str], others: Sequence[str]) -> bool:
        """Return whether this is a zip of nothing but other tables than this one.

        Args:
            names: What the table may be called.
            others: What all tables that belong to such a zip may be called.
        """
        return (
            self._zip is not None
            and not self._find(names, alone=False)
            and all(any(_is_called(stem, name) for name in others) for stem in self._entries)
        )

    def member(self, names: Sequence[str], *, alone: bool, who: str = "") -> Member:
        """Find a table.

        Args:
            who: Whose table it is, for messages, if the archive is not that stream's alone.
            names: What it may be called, without folder and ending; case, blanks and hyphens don't matter. Words before
                or behind the name are let pass if only one table is called so.
            alone: Whether the file was to hold this table and no other, so that its name doesn't matter.

        Raises:
            CorruptFileError: The file is no zip although it should be one; a further download may repair that.
            FileError: There is none, or more than one may be meant.
        """
        who = who or self._who
        if self._zip is None:
            if alone:
                return Member(self._download, self._check_expansion)
            raise CorruptFileError(who, f"the file is not the zip that should hold {names[0]}.")
        infos = self._find(names, alone=alone)
        if not infos:
            seen = ", ".join(
                printable_name(name[:_MAX_NAME_LOGGED]) for name in sorted(self._entries)[:_MAX_NAMES_LOGGED]
            )
            raise FileError(who, f"the zip holds no {names[0]}; it holds: {seen or 'nothing'}.")
        if len(infos) > 1:
            raise FileError(who, f"the zip holds {len(infos)} files that could be {names[0]}.")
        if infos[0].flag_bits & _ENCRYPTED:
            raise FileError(who, f"{names[0]} in the zip is encrypted.", "Turn off encryption of exports.")
        if infos[0].compress_type not in _METHODS:
            # Also since others may take gigabytes of memory to unpack.
            raise CorruptFileError(who, f"{names[0]} in the zip is packed by a method other than deflate.")
        return ZipMember(self._download, self._check_expansion, self._zip, infos[0])

    def _find(self, names: Sequence[str], *, alone: bool) -> list[zipfile.ZipInfo]:
        for name in names:
            if name in self._entries:
                return self._entries[name]
        for name in names:
            infos = [info for stem, found in self._entries.items() if _is_called(stem, name) for info in found]
            if infos:
                return infos
        return [info for found in self._entries.values() for info in found] if alone else []

    def _opened(self) -> zipfile.ZipFile:
        bounded = _BoundedReads(self._download.file, self._limits.members * _DIRECTORY_BYTES_A_MEMBER)
        damaged = CorruptFileError(self._who, "the zip is damaged: it has no readable list of contents.")
        with contextlib.suppress(*CORRUPTION_ERRORS):
            archive = zipfile.ZipFile(cast("IO[bytes]", bounded))
            archive.fp = self._download.file
            return archive
        if bounded.exceeded:
            raise FileError(self._who, f"the zip's list of contents is too long for {self._limits.members} files.")
        raise damaged

    def _check_expansion(self, size: int) -> None:
        """Raise if so many bytes are more than may come of the file."""
        limits = self._limits
        if size > limits.bytes or (size > limits.ratio_free_bytes and size > limits.ratio * self._download.size):
            raise FileError(
                self._who,
                f"the file of {self._download.size >> 10} KiB expands to {size >> 20} MiB or more; it is not read.",
                "Choose a smaller window_days if the size is genuine.",
            )

    def _take_entries(self) -> None:
        limits = self._limits
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


def _is_called(stem: str, name: str) -> bool:
    """Return whether a file is called so, words before and behind the name let pass."""
    return f"_{name}_" in f"_{stem}_"


def stem(name: str) -> str:
    """Return a file's name without its ending, in small letters, its words joined by underscores."""
    text = name.strip().lower()
    end = len(text)
    while (ending := next((one for one in _ENDINGS if text.endswith(one, 0, end)), "")) and end > len(ending):
        end -= len(ending)
    return re.sub(r"[^0-9a-z]+", "_", text[:end]).strip("_")
