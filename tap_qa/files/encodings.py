"""Files as UTF-8, whatever they are packed or encoded in: gzip and UTF-16 beside what is UTF-8 already."""

from __future__ import annotations

import codecs
import gzip
import io
from typing import IO, TYPE_CHECKING

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

_GZIP = b"\x1f\x8b"
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_START_BYTES = 64
_PIECE_BYTES = 1 << 16


class Utf8Opener:
    """Opens a file as a stream of UTF-8."""

    def __init__(self, open_raw: Callable[[], IO[bytes]], check_size: Callable[[int], None]) -> None:
        """Prepare.

        Args:
            open_raw: Opens the file, from its start.
            check_size: Called with the number of bytes decompressed so far; raises if it is too large.
        """
        self._open_raw = open_raw
        self._check_size = check_size
        self._is_packed: bool | None = None
        self._encoding = ""

    def open(self) -> IO[bytes]:
        """Return the bytes from their start; reading may raise what damaged files raise."""
        if self._is_packed is None:
            self._is_packed = self._start().startswith(_GZIP)
            self._encoding = _encoding_of(self._start())
        file = self._unpacked()
        return io.BufferedReader(_Utf16AsUtf8(file, self._encoding), _PIECE_BYTES) if self._encoding else file

    def _unpacked(self) -> IO[bytes]:
        file = self._open_raw()
        return io.BufferedReader(_Unpacked(file, self._check_size), _PIECE_BYTES) if self._is_packed else file

    def _start(self) -> bytes:
        with self._unpacked() as file:
            return file.read(_START_BYTES)


def _encoding_of(start: bytes) -> str:
    """Return the name of a wide encoding, which a mark or the zeros of Latin letters show."""
    if start[:2] in _WIDE:
        return _WIDE[start[:2]]
    even, odd = start[: len(start) & ~1 : 2], start[1::2]
    if any(even) == any(odd):
        return ""
    return "utf-16-le" if all(even) else "utf-16-be" if all(odd) else ""


class _Unpacked(io.RawIOBase):
    """What is in a gzip."""

    def __init__(self, file: IO[bytes], check_size: Callable[[int], None]) -> None:
        self._file = file
        self._unpack = gzip.GzipFile(fileobj=file)
        self._check_size = check_size
        self._size = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # what BufferedReader gives
        data = self._unpack.read1(len(buffer))
        self._size += len(data)
        self._check_size(self._size)
        buffer[: len(data)] = data
        return len(data)

    @override
    def close(self) -> None:
        self._unpack.close()
        self._file.close()
        super().close()


class _Utf16AsUtf8(io.RawIOBase):
    """UTF-16 re-encoded."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder(encoding)().decode
        self._pending = b""

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # what BufferedReader gives
        while not self._pending:
            piece = self._file.read(_PIECE_BYTES)
            try:
                self._pending = self._decode(piece, final=not piece).encode()
            except UnicodeDecodeError:
                broken = True
            else:
                broken = False
            if broken:
                msg = "it is no UTF-16"
                raise ValueError(msg)
            if not piece:
                break
        data, self._pending = self._pending[: len(buffer)], self._pending[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    @override
    def close(self) -> None:
        self._file.close()
        super().close()
