"""Texts that a JSON body should have written otherwise: unescaped control characters, and bytes that are no UTF-8."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)  # the end is optional, so that no attempt fails
_CONTROL = re.compile(rb"[\x00-\x1f]")
_REPLACEMENT = "\ufffd".encode()


@dataclass(frozen=True)
class RepairedBody:
    """A JSON body in which each such character or byte is U+FFFD."""

    body: bytes
    texts: frozenset[int]
    """Hashes of the texts that were repaired."""

    replaced_bytes: bool
    """Whether some of it was no UTF-8."""


def repair(body: bytes) -> RepairedBody:
    """Repair a JSON body; whatever is wrong outside its texts stays as it is."""
    texts: set[int] = set()
    replaced_bytes = False

    def repaired(match: re.Match[bytes]) -> bytes:
        nonlocal replaced_bytes
        text = match[0]
        fixed = _CONTROL.sub(_REPLACEMENT, text)
        try:
            fixed.decode()
        except UnicodeDecodeError:
            fixed = fixed.decode("utf-8", "replace").encode()
            replaced_bytes = True
        if fixed != text:
            texts.add(hash(text))
        return fixed

    return RepairedBody(_STRING.sub(repaired, body), frozenset(texts), replaced_bytes)
