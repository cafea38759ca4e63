"""The MaestroQA sandbox holds to the vendor's rules and shows the vendor's dirt."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import requests

from qa_sandbox.clock import SandboxClock
from qa_sandbox.exports.bulk import Bulk
from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.http import effects
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import IDENTIFYING, SCORE_FILES, MaestroQaDataset
from qa_sandbox.vendors.maestroqa.file_variant import FILE_NAMES, HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

STAMP = "%Y-%m-%dT%H:%M:%SZ"
ALWAYS = {"startDate": "2026-01-01T00:00:00Z", "endDate": "2026-12-31T00:00:00Z"}


class Account:
    """A client of the sandbox, as careless as a test may be."""

    def __init__(self, vendor: MaestroQa) -> None:
        """Hold its token."""
        self.vendor = vendor
        self.headers = {"apitoken": vendor.token}

    def post(self, path: str, body: object = None, **headers: str) -> requests.Response:
        """Call with a body."""
        url = self.vendor.config()["url"] + path
        return requests.post(url, json=body, headers=self.headers | headers, timeout=5)

    def poll(self, export_id: str) -> requests.Response:
        """Ask for the state of an export."""
        url = self.vendor.config()["url"] + "/get-export-data"
        return requests.get(url, headers=self.headers | {"exportId": export_id}, timeout=5)

    def export(self, path: str = "/request-raw-export", **body: Any) -> dict[str, str]:  # noqa: ANN401
        """Ask for an export and poll once."""
        answer = self.post(path, body)
        assert answer.status_code == 200, answer.text
        result: dict[str, str] = self.poll(answer.json()["exportId"]).json()
        return result

    def file(self, path: str = "/request-raw-export", **body: Any) -> bytes:  # noqa: ANN401
        """Download an export."""
        link = self.export(path, **body)["dataUrl"]
        assert link
        return requests.get(link, timeout=5).content

    def table(self, file: str, **body: Any) -> list[dict[str, str]]:  # noqa: ANN401
        """Read an export of one file."""
        content = self.file(singleFileExport=file, **{**ALWAYS, **body})
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def vendor() -> Iterator[MaestroQa]:
    clock = SandboxClock(frozen=True)
    vendor = MaestroQa(clock, MaestroQaDataset(clock, days=8))
    vendor.demanding.clock = vendor.easy.clock = None
    vendor.start()
    yield vendor
    vendor.close()


@pytest.fixture
def account(vendor: MaestroQa) -> Account:
    return Account(vendor)


def test_refuses_a_wrong_token_and_one_of_over_90_days(vendor: MaestroQa, account: Account) -> None:
    assert account.post("/request-groups-export", {}, apitoken="guess").status_code == 401
    vendor.clock.advance(timedelta(days=90))
    assert account.post("/request-groups-export", {}).status_code == 200
    vendor.clock.advance(timedelta(seconds=1))
    assert account.post("/request-groups-export", {}).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"startDate": None},
        {"endDate": "2026-06-01"},
        {"endDate": "2026-06-01T00:00:00.000Z"},
        {"endDate": "2026-02-30T00:00:00Z"},
        {"endDate": ALWAYS["startDate"]},
        {"name": None},
        {"singleFileExport": None},
        {"singleFileExport": "scores"},
        {"includeCalibrations": True},
        {"includeGraderQA": "false"},
        {"pageSize": 100},
    ],
)
def test_refuses_invalid_parameters(account: Account, wrong: dict[str, object]) -> None:
    assert account.post("/request-raw-export", {**ALWAYS, **wrong}).status_code == 422


def test_takes_the_export_id_in_header_body_and_path(vendor: MaestroQa, account: Account) -> None:
    export_id = account.post("/request-groups-export", {}).json()["exportId"]
    base = vendor.config()["url"]
    in_body = requests.get(f"{base}/get-export-data", json={"exportId": export_id}, headers=account.headers, timeout=5)
    in_path = requests.get(f"{base}/export-data/{export_id}", headers=account.headers, timeout=5)
    assert [account.poll(export_id).json()["status"], in_body.json()["status"], in_path.json()["status"]] == [
        "complete"
    ] * 3
    assert account.poll("id_unknown").status_code == 404
    assert requests.get(f"{base}/get-export-data", headers=account.headers, timeout=5).status_code == 422


def test_paces_requests_and_polls(vendor: MaestroQa, account: Account) -> None:
    seconds = 0.0
    vendor.demanding.clock = vendor.easy.clock = lambda: seconds
    assert [account.post("/request-groups-export", {}).status_code for _ in range(2)] == [200, 429]
    for _ in range(29):
        seconds += 1
        assert account.post("/request-groups-export", {}).status_code == 200
    seconds += 1
    assert account.post("/request-groups-export", {}).status_code == 429
    assert Counter(account.poll("id_unknown").status_code for _ in range(12)) == {404: 10, 429: 2}
    seconds = 61.0
    assert account.post("/request-groups-export", {}).status_code == 200


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


def test_the_zip_holds_the_five_tables(account: Account) -> None:
    with zipfile.ZipFile(io.BytesIO(account.file(**ALWAYS))) as archive:
        assert archive.namelist() == [f"{name}.csv" for name in SCORE_FILES]
        assert archive.read("csat.csv").startswith(b"gradable_id,csat_score,")


def test_names_headers_and_columns_vary(vendor: MaestroQa, account: Account) -> None:
    style = vendor.style
    style.file_name, style.header, style.bom, style.junk = FILE_NAMES["folder"], HEADERS["capitals"], True, True
    style.new_columns["csat"], style.missing_columns["csat"] = {"Channel": "mail"}, {"source"}
    with zipfile.ZipFile(io.BytesIO(account.file(**ALWAYS))) as archive:
        assert "raw export (2026)/total_scores.csv" in archive.namelist()
        assert "README.txt" in archive.namelist()
        head = archive.read("raw export (2026)/csat.csv").splitlines()[0]
    assert head.decode("utf-8-sig") == "GRADABLE_ID,CSAT_SCORE,CSAT_COMMENT,TICKET_CREATED_AT,Channel"
    assert head.startswith(b"\xef\xbb\xbf")


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


def test_cells_are_as_dirty_as_real_ones(account: Account) -> None:
    rows = account.table("total_scores")
    dates = [row["date_graded"] for row in rows]
    assert any(date.startswith('="20') and date.endswith('"') for date in dates)
    assert any("." in date for date in dates)
    assert any("." not in date for date in dates)
    assert any(date.endswith("Z") for date in dates)
    assert {"", "N/A"} <= {row["alignment_score"] for row in rows}
    assert any("\n" in row["comment"] for row in rows)
    assert dates != sorted(dates)
    scores = {row["question_score"] for row in account.table("individual_answers")}
    assert "N/A" in scores
    assert any("." in score for score in scores)


def test_groups_leave_unavailable_agents_out_unless_asked(account: Account) -> None:
    def flags(**body: bool) -> set[bytes]:
        return {line.rsplit(b",", 1)[1] for line in account.file("/request-groups-export", **body).splitlines()[1:]}

    assert flags() == {b"True"}
    assert flags(includeUnavailable=True) == {b"True", b"False"}


def test_audit_logs_of_a_window(vendor: MaestroQa, account: Account) -> None:
    content = account.file("/request-audit-log-export", **ALWAYS).decode()
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == len(vendor.dataset.expected_records("maestroqa_audit_logs"))
    assert max(Counter(row["activity_id"] for row in rows).values()) > 1


def test_screen_capture_needs_groups_and_an_interval(vendor: MaestroQa, account: Account) -> None:
    groups = sorted({str(row["group_id"]) for row in vendor.dataset.group_rows()})
    path = "/screen-capture-usage-stats"
    data = account.post(path, {"groupIds": groups, "interval": "week"}).json()["data"]
    assert {row["agentId"] for row in data} == {
        k[0] for k in vendor.dataset.expected_records("maestroqa_screen_capture_usage", interval="week")
    }
    assert account.post(path, {"groupIds": [], "interval": "week"}).status_code == 422
    assert account.post(path, {"groupIds": groups, "interval": "year"}).status_code == 422


def test_edits_keep_the_identity_and_change_the_rest() -> None:
    dataset = MaestroQaDataset(SandboxClock(frozen=True), days=10)
    before = {stream: dataset.expected_records(stream) for stream in dataset.streams}
    dataset.advance(days=2)
    after = {stream: dataset.expected_records(stream) for stream in dataset.streams}
    for stream in dataset.streams:
        assert before[stream].keys() <= after[stream].keys()
        assert all(len(key) == len(IDENTIFYING[stream.removeprefix("maestroqa_")]) for key in after[stream])
    for name in ("total_scores", "section_scores", "individual_answers", "annotations"):
        old, new = before[f"maestroqa_{name}"], after[f"maestroqa_{name}"]
        assert len(new) > len(old)
        assert any(old[key] != new[key] for key in old)


def test_a_ticket_may_be_graded_twice() -> None:
    dataset = MaestroQaDataset(SandboxClock(frozen=True), days=20)
    for name, columns in (("total_scores", 7), ("section_scores", 8)):
        rows = dataset.expected_records(f"maestroqa_{name}")
        assert {len(key) for key in rows} == {columns}, "a longer key would hold an ordinal"
        assert max(Counter(key[: columns - 2] for key in rows).values()) == 2


def test_the_same_seed_gives_the_same_world_however_time_passes() -> None:
    at_once, in_steps = (MaestroQaDataset(SandboxClock(frozen=True), days=10) for _ in range(2))
    at_once.advance(days=3)
    for _ in range(3):
        in_steps.advance(days=1)
    assert at_once.expected_records("maestroqa_total_scores") == in_steps.expected_records("maestroqa_total_scores")


def test_bulk_rows_are_written_without_being_held(vendor: MaestroQa, account: Account) -> None:
    vendor.files.bulk = Bulk(datetime(2026, 6, 1, 12, tzinfo=timezone.utc), {"annotations": 20_000})
    window = {"startDate": "2026-06-01T11:59:59Z", "endDate": "2026-06-01T12:00:01Z"}
    rows = account.table("annotations", **window)
    assert len({row["gradable_id"] for row in rows}) == len(rows) == 20_000
