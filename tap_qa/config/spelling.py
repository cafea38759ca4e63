"""The right name for a wrong one."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from tap_qa.config.json_object import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

_MIN_LIKENESS = 0.5
"""Names that are less alike, as `difflib` counts, are not taken for misspelt ones."""

_NOT_COMPARED = re.compile(r"[\W_]+")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is most like another; case and separators don't count. Empty if none is like it."""
    plain = _plain(name)
    likeness = {each: SequenceMatcher(None, plain, _plain(each)).ratio() for each in known}
    found = max(likeness, key=likeness.__getitem__, default="")
    return found if likeness.get(found, 0.0) >= _MIN_LIKENESS else ""


def is_meant(name: str, known: Iterable[str]) -> str:
    """Return what to do about an unknown name: the end of an error, with the nearest known name if one is like it."""
    found = nearest(name, known)
    return f"is {found} meant?" if found else "remove it."


def unknown_setting(path: str, name: str, known: Iterable[str]) -> str:
    """Return the error for a setting that does not exist.

    Args:
        path: The object that it is in, with a dot behind it; empty at the top.
        name: As it was given.
        known: The names of those that exist, as they are to be shown.
    """
    return f"{path}{shown(name)} is not a setting; {is_meant(name, known)}"


def _plain(name: str) -> str:
    return _NOT_COMPARED.sub("", name.lower())
