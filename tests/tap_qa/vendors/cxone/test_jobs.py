"""CXone's extraction jobs: one at a time, refused, throttled, failed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.http import effects
from qa_sandbox.vendors.cxone.app import JOBS
from tests.tap_qa.vendors.cxone.support import QUESTIONS, WORKFLOWS, bodies, days_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.vendors.cxone import CxOne
    from tests.tap_qa.exports import Syncs


ANSWERS: list[dict[str, Any]] = [
    {"job_id": "object"},
    {"poll_status": 202},
    {"success": "SUCCESS"},
    {"success": "Succeeded"},
    {"running_result": "null"},
    {"running_result": "empty"},
]


@pytest.mark.parametrize("changes", ANSWERS, ids=str)
def test_every_form_of_answers_is_understood(
    syncs: Callable[..., Syncs], tenant: CxOne, changes: dict[str, Any]
) -> None:
    for name, value in changes.items():
        setattr(tenant.answers, name, value)
    made = syncs(WORKFLOWS)
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_one_job_runs_at_a_time(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    most = 0

    def count(_call: object) -> None:
        nonlocal most
        most = max(most, sum(tenant.jobs.status(job) == "RUNNING" for job in tenant.jobs.done.values()))

    tenant.dataset.on_request.append(count)
    syncs(window_days=4).run().succeeded()
    assert most == 1


def test_a_throttle_is_waited_out(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.faults.add(effects.reply(403, {"message": "Forbidden"}), method="POST", path=JOBS, times=3)
    tenant.faults.add(effects.reply(403, {"message": "Forbidden"}), method="GET", path=f"{JOBS}/", times=3)
    made = syncs()
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_submit_waits_for_foreign_job(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(WORKFLOWS)
    tenant.jobs.start_foreign(timedelta(minutes=20))
    run = made.run().succeeded()
    made.assert_equals_expected_records()
    assert run.log_text().count("another job is running") == 1


def test_a_foreign_job_without_end_is_an_error(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(WORKFLOWS)
    tenant.jobs.start_foreign(timedelta(days=2))
    run = made.run()
    assert run.status == 75
    assert [line for line in run.errors if "another job kept it busy for 60 minutes" in line]


def test_an_unknown_version_names_its_setting(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(qm_workflows_version="99")
    run = made.run()
    assert run.status == 1
    [line] = [line for line in run.errors if line.startswith(WORKFLOWS)]
    assert "cxone.qm_workflows_version" in line
    assert "cxone.url" in line
    assert len([body for body in bodies(tenant, accepted=False) if body["version"] == "99"]) == 1
    made.streams = [QUESTIONS]
    made.assert_equals_expected_records()


@pytest.mark.parametrize("outcome", ["FAILED", "CANCELLED", "EXPIRED"])
def test_a_job_that_ends_badly_is_asked_for_again(syncs: Callable[..., Syncs], tenant: CxOne, outcome: str) -> None:
    tenant.jobs.plans.add(JobScript(outcome=outcome), JobScript(outcome=outcome))
    made = syncs()
    made.run().succeeded()
    made.assert_equals_expected_records()


@pytest.mark.parametrize("field", ["errorMessage", "messageError"])
def test_a_job_that_always_fails_tells_in_the_vendor_s_words(
    syncs: Callable[..., Syncs],
    tenant: CxOne,
    field: Any,  # noqa: ANN401
) -> None:
    tenant.answers.error_field = field
    tenant.jobs.plans.usual = JobScript(
        outcome="FAILED", message="No data for eva@example.com, see https://x/?sig=5ecr3t"
    )
    made = syncs(WORKFLOWS)
    run = made.run()
    assert run.status == 1
    [line] = [line for line in run.errors if line.startswith(WORKFLOWS)]
    assert "No data for (address), see (link)" in line
    assert "2026-05-26T00:00:00Z to 2026-05-27T00:00:00Z" in line
    assert "5ecr3t" not in run.log_text()


def test_too_large_extractions_are_halved(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.jobs.max_rows = 60
    made = syncs(WORKFLOWS)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert min((end - start).days for start, end in map(days_of, bodies(tenant))) < 7


def test_a_request_that_broke_off_does_not_make_two_jobs_run(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.faults.add(effects.reset(accept=True), method="POST", path=JOBS)
    made = syncs(WORKFLOWS)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert tenant.request_log.matching(f"{JOBS}$", method="GET")
    assert tenant.pacer.refused == 0
