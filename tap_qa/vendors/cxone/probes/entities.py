"""Other entities of CXone: which versions there are, and what their columns are called."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tap_qa.files.csv_header import normalize_name
from tap_qa.probes.answers import Answer, Suggestion, answered, undecided
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import band
from tap_qa.vendors.cxone.probes.extractions import (
    DAY,
    EXTRACTION,
    QUESTIONS,
    RECORDINGS,
    Extraction,
    extract,
    no_rows,
    yesterday,
)

if TYPE_CHECKING:
    from tap_qa.probes.account import Account
    from tap_qa.probes.shapes import EvidenceValue

_VERSIONS = ("12", "10", "7")


def _questions(account: Account) -> Answer:
    end = yesterday(account)
    first = extract(account, QUESTIONS, "1", end - 13 * DAY, end)
    second = extract(account, QUESTIONS, "2", end - DAY, end)
    newest = first if second.is_unknown or second.table is None else second
    table = first.table or second.table
    if table is None:
        return no_rows(newest)
    names = {normalize_name(name) for name in table.header}
    keys = zip(table.cells("workflow_instance_id"), table.cells("question_id"), strict=True)
    repeated = sum(count > 1 for count in Counter(keys).values())
    seen: dict[str, EvidenceValue] = {"repeated": band(repeated), **table.evidence(account)}
    configured = str(account.config.get("qm_questions_version"))
    advice = Suggestion("cxone.qm_questions_version", newest.version, loses_rows=False)
    advice_or_none = advice if newest.version != configured else None
    for reading in ("workflow_instance_id", "workflow_id"):
        if normalize_name(reading) in names:
            return answered(reading, advice_or_none, **seen)
    return answered("another_id", advice_or_none, **seen) if table.header else undecided("answers of two weeks", **seen)


def _recordings(account: Account) -> Answer:
    found: Extraction | None = None
    for version in _VERSIONS:
        found = extract(account, RECORDINGS, version, yesterday(account) - DAY, yesterday(account))
        if not found.is_unknown:
            break
    assert found is not None  # noqa: S101 - there are versions
    if found.is_unknown:
        return answered("none")
    return (
        no_rows(found) if found.table is None else answered(f"version_{found.version}", **found.table.evidence(account))
    )


PROBES = (
    Probe(
        "C17",
        "shape",
        "version and id of qm-questions",
        {
            "workflow_instance_id": "the id is called WorkflowInstance ID",
            "workflow_id": "the id is called Workflow ID",
            "another_id": "the id is called otherwise",
        },
        "version 1; both names are understood",
        EXTRACTION,
        2,
        _questions,
        exports=True,
    ),
    Probe(
        "C11",
        "shape",
        "names of other entities",
        {
            "version_12": "version 12 of recording-interaction-metadata; unknown columns: {unknown}",
            "version_10": "version 10 of recording-interaction-metadata; unknown columns: {unknown}",
            "version_7": "version 7 of recording-interaction-metadata; unknown columns: {unknown}",
            "none": "no version of recording-interaction-metadata that we know",
        },
        "its stream is not selected by default",
        EXTRACTION,
        3,
        _recordings,
        exports=True,
    ),
)
