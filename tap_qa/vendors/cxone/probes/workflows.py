"""What CXone's workflows are: the newest version and its columns, whether ids are unique, and what is in the file."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from tap_qa.probes.answers import Answer, Suggestion, answered, undecided
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import Shape, band, known, words
from tap_qa.vendors.cxone.probes.extractions import EXTRACTION, newest_workflows, no_rows, two_weeks

if TYPE_CHECKING:
    from tap_qa.probes.account import Account
    from tap_qa.probes.shapes import EvidenceValue
    from tap_qa.probes.table import Table

_TYPES = ("Evaluation", "Self-Assessment", "Calibration", "Collaborative")
_STATUSES = (
    *("Claimed (new)", "Sent to Agent", "Dispute", "In Progress", "In Review", "Completed Reviewed"),
    *("Completed Acknowledged", "Completed No Review", "Completed", "Expired", "Awaiting Submission", "Deleted"),
    *("Deleted - Expired", "Replaced", "Partially Completed", "Waiting for Agent", "Waiting for Evaluator"),
)
_STATES = ("Open", "Closed", "Timed-Out")
_CALIBRATION = "calibration"
_KEYS = ("id", "status", "result", "url", "errorMessage", "messageError", "jobStatus", "message")


def _version(account: Account) -> Answer:
    newest = newest_workflows(account)
    if newest.table is None:
        return no_rows(newest)
    configured = str(account.config.get("qm_workflows_version"))
    advice = Suggestion("cxone.qm_workflows_version", newest.version, loses_rows=False)
    return answered(
        f"version_{newest.version}", None if newest.version == configured else advice, **newest.table.evidence(account)
    )


def _ids(account: Account) -> Answer:
    found = two_weeks(account)
    if found.table is None or not found.table.rows:
        return no_rows(found)
    table = found.table
    groups: dict[str, list[int]] = defaultdict(list)
    for place, identifier in enumerate(table.cells("workflow_id")):
        groups[identifier].append(place)
    shared = [places for identifier, places in groups.items() if identifier and len(places) > 1]
    kinds, evaluators = table.cells("type"), _evaluators(table)
    statuses = Counter(table.cells("workflow_status"))
    seen: dict[str, EvidenceValue] = {
        "rows": band(len(table.rows)),
        "shared_ids": band(len(shared)),
        "shared_by_types": known({kinds[place] for places in shared for place in places}, _TYPES),
        "shared_by_evaluators": any(len({evaluators[place] for place in places}) > 1 for places in shared),
        "without_submission_date": band(table.cells("submission_date").count("")),
        "statuses": tuple(Shape(f"{word} {band(statuses[word])}") for word in known(statuses, _STATUSES)),
        "other_statuses": band(len(set(statuses) - {"", *_STATUSES})),
        "states": known(table.cells("workflow_state"), _STATES),
    }
    if shared:
        return answered("shared", **seen)
    return answered("unique", **seen) if _calibrated_apart(table) else undecided("a calibration", **seen)


def _evaluators(table: Table) -> list[tuple[str, str]]:
    return list(zip(table.cells("evaluator_first_name"), table.cells("evaluator_last_name"), strict=True))


def _calibrated_apart(table: Table) -> bool:
    """Return whether several evaluators of one calibration have an id each."""
    cases: dict[tuple[str, ...], set[tuple[tuple[str, str], str]]] = defaultdict(set)
    columns = (table.cells(name) for name in ("segment_id", "form_name", "form_version", "workflow_id"))
    kinds = zip(table.cells("type"), table.cells("evaluation_flow_trigger"), strict=True)
    for *case, identifier, evaluator, kind in zip(*columns, _evaluators(table), kinds, strict=True):
        if any(word.lower() == _CALIBRATION for word in kind) and identifier:
            cases[tuple(map(str, case))].add((evaluator, identifier))
    return any(len(found) > 1 for found in cases.values())


def _pace(account: Account) -> Answer:
    polls = newest_workflows(account).job.polls
    if not polls:
        return no_rows(newest_workflows(account))
    jobs = [reply.fields.get("jobStatus", {}) for reply in polls]
    results = [job.get("result") for job in jobs if isinstance(job, dict)]
    seen: dict[str, EvidenceValue] = {
        "statuses": words(str(reply.status) for reply in polls),
        "keys": known({key for reply in polls for key in reply.fields}, _KEYS),
        "result_keys": known({key for result in results if isinstance(result, dict) for key in result}, _KEYS),
        "result_while_running": Shape(
            "an object" if any(isinstance(result, dict) for result in results[:-1]) else "nothing"
        ),
        "polls": band(len(polls)),
    }
    if newest_workflows(account).job.is_throttled:
        return answered("paced", **seen)
    return answered("free", **seen) if len(polls) > 1 else undecided("a job that takes two polls", **seen)


PROBES = (
    Probe(
        "C2",
        "shape",
        "is a workflow's id unique",
        {
            "shared": "several rows share an id; their types: {shared_by_types}",
            "unique": "each evaluator of a calibration has an id of their own",
        },
        "what is no ordinary evaluation has type, start and evaluator in its key",
        EXTRACTION,
        3,
        _ids,
        exports=True,
    ),
    Probe(
        "C1",
        "shape",
        "newest version of qm-workflows",
        {
            "version_5": "version 5; unknown columns: {unknown}",
            "version_4": "version 4; unknown columns: {unknown}",
            "version_3": "version 3; unknown columns: {unknown}",
        },
        "version 3",
        EXTRACTION,
        2,
        _version,
        exports=True,
    ),
    Probe(
        "C7",
        "limits",
        "do polls count as calls",
        {"free": "polls are not held back", "paced": "polls are refused for their pace: HTTP {statuses}"},
        "a rejection is taken for a throttle; both names of the error text are read",
        EXTRACTION,
        2,
        _pace,
        exports=True,
    ),
)
