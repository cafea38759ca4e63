"""What tenants of CXone can be like."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.http import effects
from qa_sandbox.vendors.cxone.file_variant import COLUMNS
from tests.tap_qa.doctor.cases.case import REFUSED, TO_DO, UNDECIDED, UNREACHABLE, Case, change, reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.vendors.cxone import CxOne

WORKFLOWS, QUESTIONS, RECORDINGS = "qm-workflows", "qm-questions", "recording-interaction-metadata"


def switches(**values: Any) -> Callable[[CxOne], None]:  # noqa: ANN401 - switches
    """Set switches."""

    def arrange(vendor: CxOne) -> None:
        assert all(hasattr(vendor, name) for name in values)
        for name, value in values.items():
            setattr(vendor, name, value)

    return arrange


def version(entity: str, number: str, columns: dict[str, str]) -> Callable[[CxOne], None]:
    """Have one more version of an entity."""
    return lambda vendor: vendor.style.columns.update({(entity, number): columns})


def recordings(*versions: str) -> Callable[[CxOne], None]:
    """Have just these versions of the entity."""

    def arrange(vendor: CxOne) -> None:
        known = vendor.style.columns
        for number in ("12", "10"):
            del known[RECORDINGS, number]
        known.update({(RECORDINGS, number): COLUMNS[RECORDINGS, "12"] for number in versions})

    return arrange


def without_version(number: str) -> Callable[[CxOne], object]:
    return lambda vendor: vendor.style.columns.pop((WORKFLOWS, number))


def shared_ids(vendor: CxOne) -> None:
    """Give each evaluator of a calibration the same id."""
    for evaluation in vendor.dataset.evaluations:
        if evaluation.trigger == "Calibration":
            evaluation.workflow_id = f"calibration {evaluation.number.rpartition('/')[0]}"


def no_evaluations(vendor: CxOne) -> None:
    vendor.dataset.evaluations.clear()


def no_calibrations(vendor: CxOne) -> None:
    vendor.dataset.evaluations = [found for found in vendor.dataset.evaluations if found.trigger != "Calibration"]


def question_id_called(header: str) -> Callable[[CxOne], None]:
    columns = {
        (header if name == "WorkflowInstance ID" else name): own for name, own in COLUMNS[QUESTIONS, "1"].items()
    }
    return lambda vendor: vendor.style.columns.update({(QUESTIONS, "1"): columns})


def slow_jobs(vendor: CxOne) -> None:
    vendor.jobs.plans.usual = JobScript(polls=2)


def paced_polls(vendor: CxOne) -> None:
    slow_jobs(vendor)
    vendor.faults.add(effects.reply(403, {"message": "Forbidden"}), method="GET", path="jobs/.", times=1)


def no_links(vendor: CxOne) -> None:
    change(vendor, "jobs/.", lambda body: body["jobStatus"].update(result={"url": ""}), method="GET")


CASES: tuple[Case[CxOne], ...] = (
    Case("CA1", "access_key", evidence={"lifetime": "60 min"}),
    Case("CA1", "password_grant", switches(global_login=True)),
    Case("CA1", REFUSED, config={"access_key_secret": "wrong"}, status=UNREACHABLE),
    Case("CA2", "as_configured", evidence={"area": "na1"}),
    Case("CA2", "another_area", switches(area="au1"), status=TO_DO, evidence={"area": "au1"}),
    Case("CA2", "another_area", switches(area="xx9"), status=TO_DO, evidence={"area": "another"}),
    Case("CA2", UNDECIDED, switches(area="")),
    Case("CA3", "idle"),
    Case("CA3", "busy", lambda vendor: vendor.jobs.start_foreign(timedelta(hours=1))),
    Case("CA3", REFUSED, lambda vendor: reply(vendor, 403, "jobs$"), status=UNREACHABLE),
    Case("CA3", "not_listed", lambda vendor: reply(vendor, 404, "jobs$")),
    Case("C1", "version_4", evidence={"unknown": "1", "missing": []}),
    Case("C1", "version_3", without_version("4"), evidence={"unknown": "0"}),
    Case("C1", "version_5", version(WORKFLOWS, "5", COLUMNS[WORKFLOWS, "4"])),
    Case("C1", REFUSED, switches(forbidden={WORKFLOWS})),
    Case("C2", "shared", shared_ids, evidence={"shared_by_evaluators": True}),
    Case("C2", "unique"),
    Case("C2", UNDECIDED, no_calibrations),
    Case("C2", UNDECIDED, no_evaluations),
    Case("C7", "free", slow_jobs),
    Case("C7", "paced", paced_polls),
    Case("C7", UNDECIDED),
    Case("C5", "included"),
    Case("C5", "excluded", lambda vendor: setattr(vendor.jobs, "end_inclusive", False)),
    Case("C5", "included", switches(takes_single_days=False), evidence={"alone": "400"}),
    Case("C5", UNDECIDED, no_evaluations),
    Case("C19", "works"),
    Case("C19", "rejected", switches(future_end=400), evidence={"status": "400"}),
    Case("C19", "server_error", switches(future_end=500), evidence={"status": "500"}),
    Case("C19", "job_fails", switches(future_end="FAILED")),
    Case("C19", REFUSED, switches(forbidden={WORKFLOWS})),
    Case("C9", "header_only", evidence={"decimals": ["point"], "delimiter": "comma"}),
    Case("C9", "no_bytes", lambda vendor: setattr(vendor.style, "empty_file_without_rows", True)),
    Case("C9", "no_link", no_links),
    Case("C17", "workflow_instance_id", evidence={"repeated": "0"}),
    Case("C17", "workflow_id", question_id_called("Workflow ID")),
    Case("C17", "another_id", question_id_called("Number")),
    Case("C17", "workflow_instance_id", version(QUESTIONS, "2", COLUMNS[QUESTIONS, "1"])),
    Case("C17", REFUSED, switches(forbidden={QUESTIONS})),
    Case("C11", "version_12", evidence={"unknown": "1"}),
    Case("C11", "version_10", recordings("10")),
    Case("C11", "version_7", recordings("7")),
    Case("C11", "none", recordings()),
    Case("C11", REFUSED, switches(forbidden={RECORDINGS})),
)
