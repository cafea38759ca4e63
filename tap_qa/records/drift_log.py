"""What of a vendor's rows does not go where the schema says, and what is logged of it: names and counts, no values."""

from __future__ import annotations

import logging
import re
from collections import Counter
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

logger = logging.getLogger("tap-qa.records")
_MAX_NAME_CHARACTERS = 100
_POSITION = re.compile(r"\[\d+\]")
# Names of fields may be data: addresses, telephone numbers, people's names. These look like names of fields only.
_FIELD_NAME = re.compile(r"(?!.*\w\.\w)[\w $%#&()/.:?*+'-]+", re.ASCII)
_MANY_DIGITS = re.compile(r"\d(?:[ /()-]?\d){5}", re.ASCII)
_WORDS = re.compile(r"[A-Za-z'-]+(?: [A-Za-z'-]+)+")
_FIELD_WORDS = frozenset(
    {
        *("action", "answer", "category", "channel", "code", "column", "comment", "count", "custom", "data", "date"),
        *("description", "duration", "external", "field", "flag", "group", "id", "index", "internal", "is", "item"),
        *("key", "label", "language", "level", "link", "list", "mood", "name", "new", "note", "notes", "number", "of"),
        *("option", "order", "owner", "percentage", "period", "queue", "rank", "rate", "rating", "reason", "region"),
        *("result", "review", "score", "seconds", "section", "segment", "source", "stage", "state", "status", "step"),
        *("sub", "summary", "tag", "tags", "team", "text", "time", "title", "total", "type", "url", "value", "version"),
    }
)


class Reason(Enum):
    """Why a value goes to `_unmapped`."""

    INVALID = auto()
    """Its property's type can't hold it; the property is null."""

    UNKNOWN = auto()
    """The schema has no property for it."""

    LEADING_ZEROS = auto()
    """The property holds the number, which does not show them."""

    TEXT_ID = auto()
    """The property holds a number that stands for it."""


class Lost(NamedTuple):
    """A value that goes to `_unmapped`."""

    path: str
    value: Any
    reason: Reason = Reason.INVALID
    name: str = ""
    """The last name of the path, where the schema does not know it."""


def below(name: str, lost: list[Lost], start: int) -> None:
    """Put the name of what holds them before the paths of lost values, from `start` on."""
    lost[start:] = [one._replace(path=name + one.path) for one in lost[start:]]


def add_unmapped(unmapped: dict[str, Any], path: str, value: Any) -> None:  # noqa: ANN401 - JSON
    """Add a value to `_unmapped`; a path that is taken gets a number, as in `name (2)`."""
    name, number = path, 1
    while name in unmapped:
        number += 1
        name = f"{path} ({number})"
    unmapped[name] = value


def printable_name(name: str, words: frozenset[str] = _FIELD_WORDS) -> str:
    """Return a field's name as it may be logged: names that may be personal data are not shown.

    Args:
        name: The name.
        words: Words of which at least one is in a name of several words, or it may be a person's.
    """
    is_field_name = len(name) <= _MAX_NAME_CHARACTERS and _FIELD_NAME.fullmatch(name) and not _MANY_DIGITS.search(name)
    if is_field_name and (not _WORDS.fullmatch(name) or not words.isdisjoint(name.lower().split())):
        return name
    return f"(a name of {len(name)} characters that is not shown, since it may be personal data)"


class SchemaDriftLog:
    """What was odd about a stream's rows: each name is logged once a run, values are counted."""

    def __init__(self, stream: str, columns: Iterable[str] = ()) -> None:
        """Start with nothing noted; words of the schema's columns don't make a name look like a person's."""
        self._stream = stream
        self._words = _FIELD_WORDS.union(*(name.split("_") for name in columns))
        self._unknown: set[str] = set()
        self._missing: set[str] = set()
        self.misfits: Counter[str] = Counter()
        self._leading_zeros: Counter[str] = Counter()
        self._text_ids: Counter[str] = Counter()

    def unknown(self, name: str, *, parent: str = "") -> None:
        """Note a field that the schema does not know; `parent` is the path of what holds it."""
        if parent + name not in self._unknown:
            self._unknown.add(parent + name)
            logger.info(
                "%s: the vendor sends a field that is new to the schema; it goes to _unmapped: %s%s",
                self._stream,
                parent,
                printable_name(name, self._words),
            )

    def missing(self, name: str) -> None:
        """Note a column that a row does not have."""
        if name not in self._missing:
            self._missing.add(name)
            logger.info("%s: the vendor leaves out %s in at least one row; it is null there", self._stream, name)

    def note(self, name: str, lost: Sequence[Lost]) -> None:
        """Note what could not stay in one field of a row."""
        reasons = {one.reason for one in lost}
        if Reason.INVALID in reasons:
            self.count_invalid(name)
        if Reason.LEADING_ZEROS in reasons:
            self.count_leading_zeros(name)
        if Reason.TEXT_ID in reasons:
            self._text_ids[name] += 1
        if Reason.UNKNOWN in reasons:
            for one in lost:
                if one.reason is Reason.UNKNOWN:
                    self.unknown(one.name, parent=_POSITION.sub("", one.path.removesuffix(one.name)))

    def count_invalid(self, name: str, count: int = 1) -> None:
        """Count cells that do not fit their column."""
        self.misfits[name] += count

    def count_leading_zeros(self, name: str, count: int = 1) -> None:
        """Count numbers that were written with leading zeros."""
        self._leading_zeros[name] += count

    def absorb(self, other: SchemaDriftLog) -> None:
        """Take over the counts of another one, which starts again."""
        self.misfits.update(other.misfits)
        self._leading_zeros.update(other._leading_zeros)
        other.misfits.clear()
        other._leading_zeros.clear()

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Return what was counted since the counts were logged last."""
        return {"invalid": self.misfits, "leading zeros": self._leading_zeros}

    def log_counts(self) -> None:
        """Log the counts and start them again."""
        for name, count in sorted(self.misfits.items()):
            logger.warning(
                "%s: %d values of %s are invalid for its type: set to null, original in _unmapped",
                self._stream,
                count,
                printable_name(name, self._words),
            )
        for name, count in sorted(self._leading_zeros.items()):
            logger.info(
                "%s: %d values of %s are numbers with leading zeros: their text is in _unmapped as well",
                self._stream,
                count,
                printable_name(name, self._words),
            )
        for name, count in sorted(self._text_ids.items()):
            logger.info(
                "%s: %d values of %s have ids that are no numbers: a number stands for each, the id is in _unmapped",
                self._stream,
                count,
                printable_name(name, self._words),
            )
        self.misfits.clear()
        self._leading_zeros.clear()
        self._text_ids.clear()
