"""Texts that a JSON body should have written otherwise: characters without their escape, and bytes that are no UTF-8.

Control characters and backslashes show by themselves. A quotation mark is taken for the end of a text if what has to
follow a text follows it, else for part of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)  # the end is optional, so that no attempt fails
_CONTROL = re.compile(rb"[\x00-\x1f]")
_ESCAPE = rb'(\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))'
_BARE_BACKSLASH = re.compile(_ESCAPE + rb"|\\")
_BARE_MARK = re.compile(_ESCAPE + rb'|[\\"]')
_REPLACEMENT = "\ufffd".encode()

_MARK = re.compile(rb'["{}\[\],:]')
_MAY_END = re.compile(rb'\\.|"', re.DOTALL)
_BEHIND_KEY = re.compile(rb"\s*:")
_BEHIND_MEMBER = re.compile(rb'\s*(?:\}\s*(?:[,\]}]|\Z)|,\s*"[^"]*"\s*:)')
_BEHIND_ITEM = re.compile(rb'\s*(?:\]|,\s*["\[{tfn\d-])')
_MAX_BYTES = 16 << 20
"""Of a body in which ends of texts are looked for: it takes some seconds."""


@dataclass(frozen=True)
class RepairedBody:
    """A JSON body in which each such character or byte is U+FFFD."""

    body: bytes
    texts: frozenset[int]
    """Hashes of the texts that were repaired."""

    replaced_bytes: bool
    """Whether some of it was no UTF-8."""


def repairs(body: bytes) -> Iterator[RepairedBody]:
    """Yield a body as it may have been meant, the likeliest form first."""
    yield repair(body)
    if len(body) <= _MAX_BYTES and body.lstrip()[:1] in {b"{", b"["}:
        for is_escaped_end in (True, False):
            yield _with_ends(body, is_escaped_end=is_escaped_end)


def repair(body: bytes) -> RepairedBody:
    """Repair a JSON body whose texts end where they seem to; whatever is wrong outside its texts stays as it is."""
    texts = _Texts()
    return texts.within(_STRING.sub(lambda match: texts.repaired(match[0]), body))


class _Texts:
    """Repairs texts, and notes which had to be."""

    def __init__(self) -> None:
        self._changed: set[int] = set()
        self._replaced_bytes = False

    def within(self, body: bytes) -> RepairedBody:
        """Return the body that these texts are in."""
        return RepairedBody(body, frozenset(self._changed), self._replaced_bytes)

    def repaired(self, text: bytes, *, within: bool = False) -> bytes:
        """Return a text without what JSON does not allow; with `within`, quotation marks are that, too."""
        fixed = _CONTROL.sub(_REPLACEMENT, text)
        fixed = (_BARE_MARK if within else _BARE_BACKSLASH).sub(lambda match: match[1] or _REPLACEMENT, fixed)
        try:
            fixed.decode()
        except UnicodeDecodeError:
            fixed = fixed.decode("utf-8", "replace").encode()
            self._replaced_bytes = True
        if fixed != text:
            self._changed.add(hash(text))
        return fixed


def _with_ends(body: bytes, *, is_escaped_end: bool) -> RepairedBody:
    r"""Repair a JSON body whose texts hold quotation marks, or end with a backslash.

    Args:
        body: The body.
        is_escaped_end: Whether a text may end with `\"`, its backslash being one that was not escaped.
    """
    texts = _Texts()
    made = bytearray()
    around: list[bytes] = []
    behind = _BEHIND_ITEM
    at = 0
    while mark := _MARK.search(body, at):
        made += body[at : mark.end()]
        at = mark.end()
        if mark[0] == b'"':
            ends = _ends(body, at, is_escaped_end=is_escaped_end)
            end = next((place for place in ends if behind.match(body, place + 1)), len(body))
            made += texts.repaired(body[at:end], within=True) + body[end : end + 1]
            at = end + 1
            continue
        if mark[0] in b"{[":
            around.append(mark[0])
        elif mark[0] in b"}]":
            del around[-1:]
        is_member = around[-1:] == [b"{"]
        behind = _BEHIND_ITEM if not is_member else _BEHIND_MEMBER if mark[0] == b":" else _BEHIND_KEY
    return texts.within(bytes(made + body[at:]))


def _ends(body: bytes, start: int, *, is_escaped_end: bool) -> Iterator[int]:
    """Yield the places of the quotation marks that may end a text."""
    for match in _MAY_END.finditer(body, start):
        if match[0] == b'"' or (is_escaped_end and match[0] == b'\\"'):
            yield match.end() - 1
