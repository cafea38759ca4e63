"""What MaestroQA's files are like: headers, dialect, dates, keys, and how long their links live."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tap_qa.probes.answers import Answer, Suggestion, answered, failed, refused, undecided
from tap_qa.probes.asked import LOOK_AT_FILE
from tap_qa.probes.job import look_at_link
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import EvidenceValue, Shape, band, date_form, duration, known, offset, quarters
from tap_qa.records.row_key import Cells, strip_excel_guard
from tap_qa.vendors.maestroqa.probes.exports import RAW_EXPORT, SCORES, Grades, latest_grades, stream_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tap_qa.probes.account import Account

_NO_GRADES = "grades of the last day"
_QUARTER = timedelta(minutes=15)
_FURTHEST = 14 * 4
_GRADE_TYPES = ("grading", "calibration_review", "calibration_final", "grader_qa")
_NORMAL = "grading"
_LINK_SECONDS = 60
_REFUSED = frozenset({401, 403, 404, 410})


def no_grades(grades: Grades) -> Answer:
    """Return why there is nothing to read."""
    if grades.job.reply.is_refused:
        return refused("exports: the API token must be made by an admin")
    if not grades.job.reply.is_ok:
        return failed(f"HTTP {grades.job.reply.status}")
    return undecided(_NO_GRADES) if grades.job.is_done else failed("an export that the vendor says failed")


def _headers(account: Account) -> Answer:
    grades = latest_grades(account)
    if grades.scores is None:
        return no_grades(grades)
    unknown = sum(len(table.unknown) for table in grades.tables.values())
    missing = sum(len(table.missing) for table in grades.tables.values())
    seen: dict[str, EvidenceValue] = {
        "files": tuple(Shape(name) for name in grades.tables),
        "other_files": band(grades.others),
        **grades.scores.evidence(account),
    }
    for name, table in grades.tables.items():
        if name != SCORES:
            evidence = table.evidence(account)
            keys = ("unknown", "unknown_names", "missing")
            seen |= {
                f"{name}_{key}": evidence[key] for key in keys if key in evidence and evidence[key] not in {(), "0"}
            }
    return answered("other" if unknown or missing else "known", **seen)


def naive_stamps(cells: Iterable[str]) -> list[datetime]:
    """Return the instants without an offset, read as UTC; what is no ISO date is left out."""
    found = []
    for cell in cells:
        text = strip_excel_guard(cell).strip()
        try:
            instant = datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            continue
        if instant.tzinfo is None and len(text) > len("yyyy-MM-dd"):
            found.append(instant.replace(tzinfo=timezone.utc))
    return found


def possible_offsets(grades: Grades) -> list[int]:
    """Return by how many quarter hours naive stamps can be ahead of UTC, if all are within the window asked for.

    Grades that are older than any zone explains were edited without a new grading.
    """
    assert grades.scores is not None  # noqa: S101 - the caller looked
    stamps = naive_stamps(grades.scores.cells("date_graded", guarded=True))
    stamps = [stamp for stamp in stamps if stamp >= grades.start - _FURTHEST * _QUARTER]
    if not stamps:
        return []
    low, high = min(stamps), max(stamps)
    return [
        ahead
        for ahead in range(-_FURTHEST, _FURTHEST + 1)
        if grades.start <= low - ahead * _QUARTER and high - ahead * _QUARTER <= grades.end + timedelta(seconds=1)
    ]


def _zone(account: Account) -> Answer:
    grades = latest_grades(account)
    if grades.scores is None:
        return no_grades(grades)
    cells = [cell for cell in grades.scores.cells("date_graded", guarded=True) if cell]
    seen: dict[str, EvidenceValue] = {
        "rows": band(len(cells)),
        "forms": tuple(sorted({date_form(cell) for cell in cells})),
    }
    if cells and not naive_stamps(cells) and all("offset" in form or "Z" in form for form in map(date_form, cells)):
        return answered("with_offset", **seen)
    fits = possible_offsets(grades)
    if len(fits) != 1 and (0 in fits or not fits or min(fits) < 0 < max(fits)):
        return undecided("grades all over the hour, none of them edited later", **seen)
    zone = ZoneInfo(account.config.get("timezone") or "UTC")
    configured = quarters(grades.end.astimezone(zone).utcoffset() or timedelta())
    advice = None if configured in fits else Suggestion("maestroqa.timezone", "the zone of these timestamps")
    reading = "utc" if fits == [0] else "ahead_of_utc" if fits[0] > 0 else "behind_utc"
    return answered(reading, advice, offset=offset(fits[0]), **seen)


def _keys(account: Account) -> Answer:
    grades = latest_grades(account)
    if grades.scores is None:
        return no_grades(grades)
    repeated = {name: _repeated(grades, name) for name in grades.tables}
    kinds = grades.scores.cells("grade_type")
    targets = grades.scores.cells("target_answer_id")
    filled = sum(bool(target) for kind, target in zip(kinds, targets, strict=True) if kind == _NORMAL)
    seen: dict[str, EvidenceValue] = {
        "rows": band(len(kinds)),
        "files_with_duplicates": tuple(Shape(name) for name, count in repeated.items() if count),
        "target_answer_id_of_normal_grades": band(filled),
        "grade_types": known(kinds, _GRADE_TYPES),
        "other_grade_types": band(len({kind for kind in kinds if kind} - set(_GRADE_TYPES))),
        "deleted_column": any("delet" in name.lower() for table in grades.tables.values() for name in table.unknown),
    }
    if any(repeated.values()):
        return answered("duplicates", **seen)
    if filled and filled == kinds.count(_NORMAL):
        return answered("answer_ids", **seen)
    return undecided("a day on which one grader graded a ticket twice", **seen)


def _repeated(grades: Grades, name: str) -> int:
    table = grades.tables[name]
    stream = stream_of(name)
    if stream.identity.missing(table.positions):
        return 0
    read = stream.identity.reader(Cells(table.positions, {}))
    width = max(table.positions.values()) + 1
    keys = [tuple(read([*row, *[""] * (width - len(row))])) for row in table.rows]
    return len(keys) - len(set(keys))


def _link(account: Account) -> Answer:
    grades = latest_grades(account)
    if not grades.job.url:
        return no_grades(grades)
    seen: dict[str, EvidenceValue] = {"job_took": duration(grades.job.took)}
    if look_at_link(account, grades.job.url) in _REFUSED:
        return undecided("a file host that answers to HEAD", **seen)
    account.wait(_LINK_SECONDS, "a link to age")
    after = look_at_link(account, grades.job.url)
    return answered("dies_within_a_minute" if after in _REFUSED else "lives_a_minute", **seen)


PROBES = (
    Probe(
        "M1",
        "shape",
        "headers, files, dialect",
        {
            "known": "all columns are known, none is missing",
            "other": "columns differ; unknown in total scores: {unknown}",
        },
        "unknown columns go to _unmapped, missing ones are null",
        RAW_EXPORT,
        2,
        _headers,
        exports=True,
    ),
    Probe(
        "M5",
        "shape",
        "two rows with one key, deleted grades",
        {
            "duplicates": "rows share what identifies them: {files_with_duplicates}",
            "answer_ids": "each grade has an id, target_answer_id",
        },
        "an ordinal and a warning inside one file",
        RAW_EXPORT,
        2,
        _keys,
        exports=True,
    ),
    Probe(
        "M2",
        "shape",
        "zone and form of dates",
        {
            "utc": "dates are in UTC",
            "ahead_of_utc": "dates are ahead of UTC: {offset}",
            "behind_utc": "dates are behind UTC: {offset}",
            "with_offset": "dates tell their offset",
        },
        "UTC, or maestroqa.timezone",
        RAW_EXPORT,
        2,
        _zone,
        exports=True,
    ),
    Probe(
        "M7",
        "limits",
        "time of a job, life of its link",
        {
            "lives_a_minute": "a link works for a minute at least; the job took {job_took}",
            "dies_within_a_minute": "a link dies within a minute; the job took {job_took}",
        },
        "a fresh link where one is refused",
        (*RAW_EXPORT, LOOK_AT_FILE),
        4,
        _link,
        exports=True,
    ),
)
