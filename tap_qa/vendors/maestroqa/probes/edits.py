"""What an edit of a grade moves at MaestroQA, and when exports show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tap_qa.probes.answers import Answer, Suggestion, answered, undecided
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import band, duration, words
from tap_qa.state.windows import SECOND
from tap_qa.vendors.maestroqa.probes.bounds import Row, rows_of
from tap_qa.vendors.maestroqa.probes.exports import DAY, RAW_EXPORT, SCORES, Grades, raw_export
from tap_qa.vendors.maestroqa.probes.files import no_grades

if TYPE_CHECKING:
    from tap_qa.probes.account import Account

_DATES = ("date_graded", "date_reported_as", "date_first_graded", "date_first_started")
_LATER_SECONDS = (0, 120, 300)
_DELAYS = {0: "at_once", 120: "within_two_minutes", 300: "within_seven_minutes"}


def _moved(account: Account) -> Answer:
    """Compare the dates of the one grade that was edited between two exports of the same day."""
    start = account.now() - DAY
    before = raw_export(account, start, account.now(), SCORES)
    if before.scores is None:
        return no_grades(before)
    account.ask_user("Change the score of one grade of the last day in MaestroQA")
    account.wait(_LATER_SECONDS[1], "the edited grade to show")
    after = raw_export(account, start, account.now(), SCORES)
    old, new = _by_grade(before), _by_grade(after)
    changed = [row for row, cells in new.items() if row in old and old[row] != cells]
    if len(changed) != 1:
        return undecided("one edited grade that shows within two minutes", changed=band(len(changed)))
    dates = {name: _dates(before)[name][changed[0]] != _dates(after)[name][changed[0]] for name in _DATES}
    moved = [name for name in ("date_graded", "date_reported_as") if dates[name]]
    reading = "both" if len(moved) > 1 else moved[0] if moved else "neither"
    advice = None
    if dates["date_reported_as"]:
        advice = Suggestion("select", "maestroqa_total_scores alone: in the other files an edited grade gets new keys")
    return answered(reading, advice, moved=words(name for name, has in dates.items() if has))


def _by_grade(grades: Grades) -> dict[Row, Row]:
    return dict(zip(rows_of(grades), map(tuple, grades.scores.rows if grades.scores else ()), strict=True))


def _dates(grades: Grades) -> dict[str, dict[Row, str]]:
    assert grades.scores is not None  # noqa: S101 - a grade in it has changed
    return {name: dict(zip(rows_of(grades), grades.scores.cells(name), strict=True)) for name in _DATES}


def _delay(account: Account) -> Answer:
    started = account.now()
    account.ask_user("Change the score of one grade in MaestroQA")
    edited_at = account.now()
    for seconds in _LATER_SECONDS:
        account.wait(seconds, "the edited grade to show")
        grades = raw_export(account, started - SECOND, account.now() + SECOND, SCORES)
        if grades.scores is not None:
            return answered(_DELAYS[seconds], shown_after=duration(account.now() - edited_at))
    return undecided("an edit that shows within seven minutes")


PROBES = (
    Probe(
        "M4",
        "shape",
        "which dates an edit moves",
        {
            "date_graded": "an edit moves date_graded alone",
            "date_reported_as": "an edit moves date_reported_as alone",
            "both": "an edit moves both dates",
            "neither": "an edit moves neither date",
        },
        "keys hold date_first_graded, or date_reported_as where a file lacks that",
        RAW_EXPORT,
        2,
        None,
        _moved,
        exports=True,
    ),
    Probe(
        "M14",
        "limits",
        "delay from an edit to the export",
        {
            "at_once": "an edit shows at once, after {shown_after}",
            "within_two_minutes": "an edit shows after {shown_after}",
            "within_seven_minutes": "an edit shows after {shown_after}",
        },
        "lookback_days, 3 by default, and 5 minutes",
        RAW_EXPORT,
        3,
        None,
        _delay,
        exports=True,
    ),
)
