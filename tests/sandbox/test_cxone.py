"""The CXone sandbox holds to the vendor's rules and shows the variations that users have met."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
import requests

from qa_sandbox.clock import SandboxClock
from qa_sandbox.exports.bulk import Bulk
from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.cxone.app import JOBS
from qa_sandbox.vendors.cxone.calendar import CHANGES_END_AFTER
from qa_sandbox.vendors.cxone.dataset import CxOneDataset
from qa_sandbox.vendors.cxone.file_variant import PERCENTAGE_HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

WEEK = {"entityName": "qm-workflows", "version": "3", "startDate": "2026-06-08", "endDate": "2026-06-14"}


class Consumer:
    """A client of the sandbox, as careless as a test may be."""

    def __init__(self, vendor: CxOne) -> None:
        """Log in."""
        self.vendor = vendor
        self.headers = {"Authorization": f"Bearer {self.login().json()['access_token']}"}

    def login(self, **changes: str) -> requests.Response:
        """Ask for a token."""
        body = {"accessKeyId": self.vendor.tokens.key_id, "accessKeySecret": self.vendor.tokens.key_secret} | changes
        return requests.post(self.vendor.urls["api"] + "/authentication/v1/token/access-key", json=body, timeout=5)

    def post(self, **changes: Any) -> requests.Response:  # noqa: ANN401
        """Ask for a job."""
        return requests.post(self.vendor.urls["api"] + JOBS, json=WEEK | changes, headers=self.headers, timeout=5)

    def get(self, job_id: str = "") -> requests.Response:
        """Ask for one job or for all."""
        url = self.vendor.urls["api"] + JOBS + (f"/{job_id}" if job_id else "")
        return requests.get(url, headers=self.headers, timeout=5)

    def start(self, **changes: Any) -> str:  # noqa: ANN401
        """Ask for a job that is accepted."""
        answer = self.post(**changes)
        assert answer.status_code == 202, answer.text
        return str(answer.json())

    def poll(self, job_id: str) -> dict[str, Any]:
        """Ask for the status of a job."""
        status: dict[str, Any] = self.get(job_id).json()["jobStatus"]
        return status

    def file(self, **changes: Any) -> bytes:  # noqa: ANN401
        """Download a job's file."""
        return requests.get(self.poll(self.start(**changes))["result"]["url"], timeout=5).content

    def table(self, **changes: Any) -> list[dict[str, str]]:  # noqa: ANN401
        """Read a job's file."""
        return list(csv.DictReader(io.StringIO(self.file(**changes).decode("utf-8-sig"), newline="")))


@pytest.fixture
def vendor() -> Iterator[CxOne]:
    clock = SandboxClock(frozen=True)
    vendor = CxOne(clock, CxOneDataset(clock, days=15))
    vendor.pacer.clock = None
    vendor.start()
    yield vendor
    vendor.close()


@pytest.fixture
def consumer(vendor: CxOne) -> Consumer:
    return Consumer(vendor)


def test_tokens_by_access_key_end_after_their_lifetime(vendor: CxOne, consumer: Consumer) -> None:
    assert consumer.login(accessKeySecret="guess").status_code == 401
    assert consumer.get().status_code == 200
    vendor.clock.advance(vendor.tokens.lifetime)
    assert consumer.get().status_code == 401
    assert requests.get(vendor.urls["api"] + JOBS, timeout=5).status_code == 401


def test_tokens_by_password_grant(vendor: CxOne, consumer: Consumer) -> None:
    tokens, url = vendor.tokens, vendor.urls["api"] + "/auth/token"
    form = {"grant_type": "password", "username": tokens.key_id, "password": tokens.key_secret}
    client = (tokens.client_id, tokens.client_secret)
    answer = requests.post(url, data=form, auth=client, timeout=5)
    assert answer.json()["expires_in"] == 3600
    consumer.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert consumer.get().status_code == 200
    in_form = requests.post(url, data=form | {"client_id": client[0], "client_secret": client[1]}, timeout=5)
    assert in_form.status_code == 200
    assert requests.post(url, data=form, auth=(client[0], "guess"), timeout=5).json()["error"] == "invalid_client"
    wrong_key = requests.post(url, data=form | {"password": "guess"}, auth=client, timeout=5)
    assert (wrong_key.status_code, wrong_key.json()["error"]) == (400, "invalid_grant")
    credentials = requests.post(url, data={"grant_type": "client_credentials"}, auth=client, timeout=5)
    assert credentials.json()["error"] == "unsupported_grant_type"
    assert requests.post(url, json=form, auth=client, timeout=5).status_code == 400


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"startDate": "2026-05-30", "endDate": "2026-06-14"}, 400),
        ({"startDate": "2026-06-15"}, 400),
        ({"startDate": "2026-06-08T00:00:00Z"}, 400),
        ({"startDate": "2026-02-30"}, 400),
        ({"version": 3}, 400),
        ({"endDate": None}, 400),
        ({"version": "99"}, 404),
        ({"entityName": "qm-notes"}, 404),
        ({"startDate": "2026-05-31", "endDate": "2026-06-14"}, 202),
        ({"startDate": "2026-06-14"}, 202),
    ],
)
def test_refuses_what_the_vendor_refuses(consumer: Consumer, changes: dict[str, object], status: int) -> None:
    assert consumer.post(**changes).status_code == status


def test_a_missing_permission_is_a_403_for_ever(vendor: CxOne, consumer: Consumer) -> None:
    vendor.permitted = {"qm-questions"}
    assert [consumer.post().status_code for _ in range(3)] == [403] * 3
    assert consumer.post(entityName="qm-questions", version="1").status_code == 202


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


@pytest.mark.parametrize(("version", "columns"), [("1", 37), ("3", 38), ("4", 39)])
def test_columns_by_version(consumer: Consumer, version: str, columns: int) -> None:
    head = next(iter(consumer.table(version=version)))
    assert len(head) == columns
    assert ("Workflow ID" in head) == (version != "1")


def test_files_vary(vendor: CxOne, consumer: Consumer) -> None:
    style = vendor.style
    style.bom, style.percentage_header, style.header = True, PERCENTAGE_HEADERS[1], str.upper
    style.new_columns, style.missing_columns = {"Coach": "nobody"}, {"Rank"}
    head = consumer.file().split(b"\r\n")[0]
    assert head.startswith(b"\xef\xbb\xbfTENANT NAME,")
    assert "SCORE \u2013 PERCENTAGE" in head.decode()
    assert head.endswith(b",COACH")
    assert b"RANK" not in head


def test_cells_are_as_the_vendor_writes_them(consumer: Consumer) -> None:
    rows = consumer.table()
    assert {row["Auto Acknowledged"] for row in rows} == {"TRUE", "FALSE", ""}
    assert {row["Failed Critical Question"] for row in rows} <= {"true", "false"}
    stamps = [row["Submission Date"] for row in rows]
    assert any(stamp.endswith("Z") for stamp in stamps)
    assert any(" " in stamp for stamp in stamps)
    assert any("." in stamp for stamp in stamps)
    answers = consumer.table(entityName="qm-questions", version="1")
    assert any("\n" in row["Answer"] for row in answers)
    assert {"", "0"} & {row["Actual Score"] for row in answers}


def test_no_rows_are_a_header_or_an_empty_file(vendor: CxOne, consumer: Consumer) -> None:
    future = {"startDate": "2027-01-01", "endDate": "2027-01-02"}
    assert len(consumer.file(**future).splitlines()) == 1
    vendor.style.empty_file_without_rows = True
    assert consumer.file(**future) == b""


def test_late_rows_appear_within_half_an_hour() -> None:
    noon = SandboxClock(datetime(2026, 6, 15, 12, tzinfo=timezone.utc), frozen=True)
    dataset = CxOneDataset(noon, evaluations_per_day=800, days=1)
    before = dataset.expected_records("cxone_qm_workflows")
    dataset.advance(hours=0.5)
    after = dataset.expected_records("cxone_qm_workflows")
    late = [row for key, row in after.items() if key not in before and str(row["submission_date"]) < "2026-06-15T12:00"]
    assert late
    assert all(str(row["submission_date"]) > "2026-06-15T11:30" for row in late)


def test_rows_change_after_their_submission_but_not_their_identity() -> None:
    dataset = CxOneDataset(SandboxClock(frozen=True))
    before = {stream: dataset.expected_records(stream) for stream in dataset.streams}
    dataset.advance(days=5)
    after = {stream: dataset.expected_records(stream) for stream in dataset.streams}
    changed = [(old, after["cxone_qm_workflows"][key]) for key, old in before["cxone_qm_workflows"].items()]
    changed = [(old, new) for old, new in changed if old != new]
    assert changed
    assert all(old["submission_date"] == new["submission_date"] for old, new in changed)
    assert all(old["last_updated"] < new["last_updated"] for old, new in changed)
    assert any(new["user_review_comments"] and not old["user_review_comments"] for old, new in changed)
    questions = before["cxone_qm_questions"]
    assert questions.keys() <= after["cxone_qm_questions"].keys()
    assert any(questions[key] != after["cxone_qm_questions"][key] for key in questions)
    assert all(e.steps[-1].at - e.submitted_at <= CHANGES_END_AFTER for e in dataset.evaluations)


def test_calibrations_share_much_and_may_share_the_workflow() -> None:
    apart, together = (
        CxOneDataset(SandboxClock(frozen=True), days=25, evaluators_share_id=share) for share in (False, True)
    )
    segments = Counter(e.interaction.segment_id for e in apart.evaluations if e.trigger == "Calibration")
    assert set(segments.values()) == {3}
    for dataset, version, columns in ((apart, "3", 5), (together, "3", 5), (apart, "1", 8)):
        dataset.version = version
        # A longer key would hold an ordinal.
        assert {len(key) for key in dataset.expected_records("cxone_qm_workflows")} == {columns}
    shared = {e.workflow_id for e in together.evaluations if e.trigger == "Calibration"}
    assert len(shared) == len({e.workflow_id for e in apart.evaluations if e.trigger == "Calibration"}) / 3


def test_every_evaluator_s_answers_are_told_apart() -> None:
    dataset = CxOneDataset(SandboxClock(frozen=True), days=25, evaluators_share_id=True)
    rows = dataset.expected_records("cxone_qm_questions")
    assert {len(key) for key in rows} == {6}
    answers = Counter((row["workflow_instance_id"], row["question_id"]) for row in rows.values())
    assert set(answers.values()) == {1, 2, 3}  # ordinary ones, with a self-assessment, and of calibrations
    submitted = {e.submitted_at.date() for e in dataset.evaluations if e.trigger == "Calibration"}
    assert (max(submitted) - min(submitted)).days > 16


def test_bulk_rows_are_written_without_being_held(vendor: CxOne, consumer: Consumer) -> None:
    vendor.jobs.bulk = Bulk(datetime(2026, 6, 20, 12, tzinfo=timezone.utc), {"qm-workflows": 20_000})
    rows = consumer.table(startDate="2026-06-20", endDate="2026-06-21")
    assert len({row["Workflow ID"] for row in rows}) == len(rows) == 20_000
    assert {date.fromisoformat(row["Submission Date"][:10]) for row in rows} == {date(2026, 6, 20)}
