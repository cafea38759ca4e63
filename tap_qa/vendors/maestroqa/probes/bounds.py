"""Whether the bounds of a window of MaestroQA belong to it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tap_qa.probes.answers import Answer, answered, undecided
from tap_qa.probes.probe import Probe
from tap_qa.state.windows import SECOND
from tap_qa.vendors.maestroqa.probes.exports import RAW_EXPORT, SCORES, Grades, latest_grades, raw_export
from tap_qa.vendors.maestroqa.probes.files import naive_stamps, no_grades, possible_offsets

if TYPE_CHECKING:
    from tap_qa.probes.account import Account

_QUARTER = timedelta(minutes=15)
_GRADE = ("gradable_id", "agent_id", "rubric_id", "grader", "grade_type")
Row = tuple[str, ...]


def rows_of(grades: Grades) -> list[Row]:
    """Return what identifies a grade, row by row."""
    if grades.scores is None:
        return []
    return list(zip(*(grades.scores.cells(name) for name in _GRADE), strict=True))


def _bounds(account: Account) -> Answer:
    """Export up to a second at which a grade was saved, and from it on."""
    grades = latest_grades(account)
    if grades.scores is None:
        return no_grades(grades)
    ahead = possible_offsets(grades)
    found = _border(grades, ahead[0]) if len(ahead) == 1 else None
    if found is None:
        return undecided("a grade saved at a whole second, and dates whose zone M2 has found")
    border, row = found
    width = grades.end - grades.start

    def holds(start: datetime, end: datetime) -> bool:
        return row in rows_of(raw_export(account, start, end, SCORES))

    before, after = holds(border - width, border), holds(border, border + width)
    if after and not before and not holds(border, border + SECOND):
        return undecided("a grade that was graded again, not edited")
    return answered(
        {(True, True): "both", (False, False): "neither", (True, False): "end"}.get((before, after), "start")
    )


def _border(grades: Grades, ahead: int) -> tuple[datetime, Row] | None:
    assert grades.scores is not None  # noqa: S101 - the caller looked
    rows = rows_of(grades)
    count = Counter(rows)
    for row, cell in zip(rows, grades.scores.cells("date_graded"), strict=True):
        stamps = naive_stamps([cell])
        if stamps and not stamps[0].microsecond and count[row] == 1:
            return stamps[0] - ahead * _QUARTER, row
    return None


PROBES = (
    Probe(
        "M3",
        "paging",
        "do bounds belong to a window",
        {
            "both": "both bounds belong to a window",
            "neither": "neither bound does",
            "start": "the start does, the end does not",
            "end": "the end does, the start does not",
        },
        "neighbours overlap by a second",
        RAW_EXPORT,
        5,
        _bounds,
        exports=True,
    ),
)
