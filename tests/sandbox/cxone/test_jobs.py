"""The CXone sandbox's jobs: one a tenant, spaced, with links that die."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests

from qa_sandbox.clock import SandboxClock
from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.cxone.dataset import CxOneDataset
from tests.sandbox.cxone.consumer import Consumer


def test_one_job_per_tenant(vendor: CxOne, consumer: Consumer) -> None:
    foreign = vendor.jobs.start_foreign(timedelta(minutes=2))
    assert consumer.post().status_code == 403
    assert consumer.get().json() == {"jobs": [{"id": foreign.id, "status": "RUNNING"}]}
    vendor.clock.advance(timedelta(minutes=2))
    vendor.jobs.plans.add(JobScript(polls=1))
    ours = consumer.start()
    assert consumer.post().status_code == 403
    assert [consumer.poll(ours)["status"] for _ in range(2)] == ["RUNNING", "SUCCEEDED"]
    assert consumer.post().status_code == 202


def test_job_requests_are_spaced_and_polls_are_not() -> None:
    seconds = 0.0
    with_rule = CxOne(SandboxClock(frozen=True), CxOneDataset(SandboxClock(), days=1), call_interval_seconds=30)
    with_rule.pacer.clock = lambda: seconds
    with_rule.start()
    try:
        consumer = Consumer(with_rule)
        first = consumer.post()
        assert [consumer.get(first.json()).status_code for _ in range(3)] == [200] * 3
        seconds = 29.0
        assert consumer.post().status_code == 403
        seconds = 30.0
        assert consumer.post().status_code == 202
    finally:
        with_rule.close()


def test_links_live_30_seconds_and_files_24_hours(vendor: CxOne, consumer: Consumer) -> None:
    job = consumer.start()
    link = consumer.poll(job)["result"]["url"]
    assert not link.startswith(vendor.urls["api"])
    assert requests.get(link, headers=consumer.headers, timeout=5).status_code == 400
    vendor.clock.advance(timedelta(seconds=30))
    assert requests.get(link, timeout=5).status_code == 200
    vendor.clock.advance(timedelta(seconds=1))
    assert (
        requests.get(link, timeout=5).status_code,
        b"Request has expired" in requests.get(link, timeout=5).content,
    ) == (403, True)
    assert requests.get(consumer.poll(job)["result"]["url"], timeout=5).status_code == 200
    vendor.clock.advance(timedelta(hours=24))
    consumer = Consumer(vendor)
    assert consumer.poll(job)["status"] == "EXPIRED"


@pytest.mark.parametrize("field", ["errorMessage", "messageError"])
@pytest.mark.parametrize("ending", ["FAILED", "CANCELLED", "EXPIRED"])
def test_jobs_that_do_not_succeed_say_why(vendor: CxOne, consumer: Consumer, field: Any, ending: str) -> None:  # noqa: ANN401
    vendor.answers.error_field = field
    vendor.jobs.plans.add(JobScript(outcome=ending, message="warehouse is closed"))
    status = consumer.poll(consumer.start())
    assert (status["status"], status["result"][field]) == (ending, "warehouse is closed")


def test_answers_come_in_every_shape_that_was_seen(vendor: CxOne, consumer: Consumer) -> None:
    vendor.answers.job_id, vendor.answers.poll_status, vendor.answers.success = "object", 202, "SUCCESS"
    vendor.answers.running_result = "empty"
    vendor.jobs.plans.add(JobScript(polls=1))
    created = consumer.post()
    assert created.status_code == 200
    running, ended = (consumer.get(created.json()["jobId"]) for _ in range(2))
    assert running.json()["jobStatus"]["result"] == {"url": "", "errorMessage": ""}
    assert (ended.status_code, ended.json()["jobStatus"]["status"]) == (202, "SUCCESS")


def test_too_many_rows_fail(vendor: CxOne, consumer: Consumer) -> None:
    vendor.jobs.max_rows = 30
    assert consumer.poll(consumer.start())["status"] == "FAILED"
    assert consumer.poll(consumer.start(startDate="2026-06-13"))["status"] == "SUCCEEDED"


def test_extractions_go_by_the_utc_day_of_submission(vendor: CxOne, consumer: Consumer) -> None:
    vendor.style.stamps = ("z",)

    def days(**changes: str) -> set[str]:
        return {row["Submission Date"][:10] for row in consumer.table(**changes)}

    assert days(startDate="2026-06-10", endDate="2026-06-12") == {"2026-06-10", "2026-06-11", "2026-06-12"}
    vendor.jobs.end_inclusive = False
    assert days(startDate="2026-06-10", endDate="2026-06-12") == {"2026-06-10", "2026-06-11"}
