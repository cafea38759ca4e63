"""The MaestroQA sandbox's exports: how they go, and links that die."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import requests

from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.http import effects
from tests.sandbox.maestroqa.client import ALWAYS, STAMP, Account

if TYPE_CHECKING:
    from qa_sandbox.vendors.maestroqa import MaestroQa


def test_jobs_take_their_time(vendor: MaestroQa, account: Account) -> None:
    vendor.jobs.plans.add(JobScript(polls=2), JobScript(duration=timedelta(minutes=1)), JobScript(outcome="errored"))
    by_polls, by_time, errored = (account.post("/request-groups-export", {}).json()["exportId"] for _ in range(3))
    running = [account.poll(by_polls).json() for _ in range(2)]
    assert running == [{"status": "requested", "dataUrl": ""}, {"status": "in_progress", "dataUrl": ""}]
    assert account.poll(by_polls).json()["dataUrl"]
    assert account.poll(by_time).json()["status"] == "requested"
    vendor.clock.advance(timedelta(minutes=1))
    assert account.poll(by_time).json()["status"] == "complete"
    assert account.poll(errored).json() == {"status": "errored", "dataUrl": ""}


def test_words_that_no_document_knows(vendor: MaestroQa, account: Account) -> None:
    vendor.jobs.plans.add(JobScript(polls=2, running_words=("queued",)), JobScript(outcome="paused"))
    odd, stuck = (account.post("/request-groups-export", {}).json()["exportId"] for _ in range(2))
    assert [account.poll(odd).json()["status"] for _ in range(3)] == ["queued", "queued", "complete"]
    assert {account.poll(stuck).json()["status"] for _ in range(3)} == {"paused"}


def test_nothing_to_export_is_complete_without_a_link(account: Account) -> None:
    future = {"startDate": "2027-01-01T00:00:00Z", "endDate": "2027-02-01T00:00:00Z"}
    assert account.export(**future) == {"status": "complete", "dataUrl": ""}
    assert account.export(**future, singleFileExport="csat") == {"status": "complete", "dataUrl": ""}


def test_too_many_scores_end_as_errored(vendor: MaestroQa, account: Account) -> None:
    vendor.jobs.max_scores = 5
    assert account.export(**ALWAYS)["status"] == "errored"


def test_the_bucket_refuses_credentials_forgeries_and_late_comers(vendor: MaestroQa, account: Account) -> None:
    link = account.export("/request-groups-export")["dataUrl"]
    assert not link.startswith(vendor.urls["api"])
    refused = [
        requests.get(link, headers=h, timeout=5).status_code for h in (account.headers, {"Authorization": "Bearer x"})
    ]
    assert refused == [400, 400]
    assert requests.get(link.replace("Expires=900", "Expires=9999"), timeout=5).status_code == 403
    assert requests.get(link, timeout=5).status_code == 200
    vendor.clock.advance(timedelta(minutes=15, seconds=1))
    late = requests.get(link, timeout=5)
    assert (late.status_code, ET.fromstring(late.text).findtext("Code")) == (403, "AccessDenied")  # noqa: S314


def test_downloads_can_break(vendor: MaestroQa, account: Account) -> None:
    vendor.faults.add(effects.truncate(0.5), server="files")
    link = account.export(**ALWAYS)["dataUrl"]
    with pytest.raises(requests.RequestException):
        requests.get(link, timeout=5).raise_for_status()
    assert requests.get(link, timeout=5).content.startswith(b"PK")
    assert [call.status for call in vendor.request_log.matching(server="files")][-1] == 200


def test_a_poll_gives_a_fresh_link(vendor: MaestroQa, account: Account) -> None:
    export_id = account.post("/request-groups-export", {}).json()["exportId"]
    account.poll(export_id)
    vendor.clock.advance(timedelta(hours=1))
    assert requests.get(account.poll(export_id).json()["dataUrl"], timeout=5).status_code == 200


def test_windows_go_by_the_last_update_and_leave_their_bounds_out(vendor: MaestroQa, account: Account) -> None:
    grade = next(vendor.dataset.graded(lambda _: True))
    at = vendor.dataset.settled.replace(microsecond=0)
    vendor.dataset.regrade(grade, at)
    second = timedelta(seconds=1)

    def found(start: datetime, end: datetime) -> set[str]:
        window = {"startDate": start.strftime(STAMP), "endDate": end.strftime(STAMP)}
        return {row["gradable_id"] for row in account.table("total_scores", **window)}

    vendor.style.link_without_rows = True
    assert grade.ticket.gradable_id in found(at - second, at + second)
    assert grade.ticket.gradable_id not in found(at, at + second)
    assert grade.ticket.gradable_id not in found(at - second, at)
    vendor.jobs.inclusive = True
    assert grade.ticket.gradable_id in found(at, at + second)
    assert grade.ticket.gradable_id in found(at - second, at)


@pytest.mark.parametrize("choice", ["none", "only", "all"])
def test_calibrations_come_as_asked(vendor: MaestroQa, account: Account, choice: str) -> None:
    kinds = Counter(
        row["grade_type"].split("_")[0] for row in account.table("total_scores", includeCalibrations=choice)
    )
    assert ("calibration" in kinds, "grading" in kinds) == (choice != "none", choice != "only")
    vendor.dataset.calibrations = choice
    assert len(vendor.dataset.expected_records("maestroqa_total_scores")) == sum(kinds.values())


def test_grader_qa_comes_when_asked(account: Account) -> None:
    rows = account.table("total_scores", includeGraderQA=True)
    assert any(row["grade_type"] == "grader_qa" and row["target_answer_id"] for row in rows)
