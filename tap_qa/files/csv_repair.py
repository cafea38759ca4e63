"""Lines of a CSV file as they were meant: quotation marks that were not doubled, and bytes that are no UTF-8."""

from __future__ import annotations

import re

BYTES_KEPT = "surrogateescape"
"""How to decode a file, so that bytes that are no UTF-8 can be told from the character that replaces them."""

_BYTES = re.compile("[\udc80-\udcff]+")
_MARKS = re.compile('"+')


class LineRepair:
    """Repairs line by line what would make a file unreadable, and nothing else.

    Marks are doubled only in a cell that begins and ends on one line: else one mark too many could make one cell of
    several rows.
    """

    def __init__(self, delimiter: str) -> None:
        """Prepare for a file."""
        self._delimiter = delimiter
        self._is_inside = False
        self.count = 0
        """How many lines were repaired."""

        self.is_in_vain = False
        """Whether a cell with such marks goes on behind its line."""

    def __call__(self, line: str) -> tuple[str, bool]:
        """Return a line as it was meant, bytes that are no UTF-8 as U+FFFD, and whether marks in it were doubled."""
        decoded = _BYTES.sub("\ufffd", line)
        made = self._with_doubled_marks(decoded) if self._is_inside or '"' in decoded else decoded
        self.count += made != line
        return made, made != decoded

    def _with_doubled_marks(self, line: str) -> str:
        made: list[str] = []
        at, began_before, is_repaired = 0, self._is_inside, False
        while at < len(line):
            if not self._is_inside:
                began_before = is_repaired = False
                self._is_inside = line[at] == '"'
                end = at if self._is_inside else line.find(self._delimiter, at)
                if end < 0:
                    break
                made.append(line[at : end + 1])
                at = end + 1
                continue
            marks = _MARKS.search(line, at)
            if marks is None:
                self.is_in_vain |= is_repaired
                break
            made.append(line[at : marks.start()])
            at, number = marks.end(), len(marks[0])
            is_last = line[at : at + 1] in {self._delimiter, "\r", "\n", ""} and (number % 2 == 1 or is_repaired)
            inner = number - is_last
            if inner % 2 == 1:
                is_repaired = True
                self.is_in_vain |= began_before
                inner = 2 * inner if is_last else inner + 1
            made.append('"' * (inner + is_last))
            if is_last:
                self._is_inside = False
                made.append(line[at : at + 1])
                at += 1
        return "".join(made) + line[at:]
