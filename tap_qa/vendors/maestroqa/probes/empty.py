"""What MaestroQA gives where there is nothing to export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tap_qa.probes.answers import Answer, answered, failed
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import Shape
from tap_qa.vendors.maestroqa.probes.exports import DAY, HOUR, RAW_EXPORT, SCORES, Grades, raw_export
from tap_qa.vendors.maestroqa.streams import SCORE_FILES

if TYPE_CHECKING:
    from tap_qa.probes.account import Account


def _empty(account: Account) -> Answer:
    start = account.now() + DAY
    single, whole = raw_export(account, start, start + HOUR, SCORES), raw_export(account, start, start + HOUR)
    if not single.job.reply.is_ok:
        return answered("rejected", status=Shape(str(single.job.reply.status)))
    if not single.job.is_done:
        return failed("an export that the vendor says failed")
    return answered(_form(single), zip=Shape(_form(whole).replace("_", " ")))


def _form(grades: Grades) -> str:
    if grades.job.archive is None:
        return "no_link"
    if not grades.job.size:
        return "no_bytes"
    if grades.job.archive.stems and len(grades.tables) < len(SCORE_FILES):
        return "files_missing"
    return "no_bytes" if not any(table.size for table in grades.tables.values()) else "header_only"


PROBES = (
    Probe(
        "M12",
        "shape",
        "empty files",
        {
            "no_link": "no link; a zip: {zip}",
            "header_only": "a header alone; a zip: {zip}",
            "no_bytes": "a file without a byte; a zip: {zip}",
            "rejected": "an hour to come is refused with HTTP {status}",
        },
        "each of these is no rows",
        RAW_EXPORT,
        2,
        _empty,
        exports=True,
    ),
)
