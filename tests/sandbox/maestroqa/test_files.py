"""The MaestroQA sandbox's files, as dirty as real ones."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from qa_sandbox.exports.bulk import Bulk
from qa_sandbox.vendors.maestroqa.dataset import SCORE_FILES
from qa_sandbox.vendors.maestroqa.file_variant import FILE_NAMES, HEADERS
from tests.sandbox.maestroqa.client import ALWAYS, Account

if TYPE_CHECKING:
    from qa_sandbox.vendors.maestroqa import MaestroQa


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


def test_bulk_rows_are_written_without_being_held(vendor: MaestroQa, account: Account) -> None:
    vendor.files.bulk = Bulk(datetime(2026, 6, 1, 12, tzinfo=timezone.utc), {"annotations": 20_000})
    window = {"startDate": "2026-06-01T11:59:59Z", "endDate": "2026-06-01T12:00:01Z"}
    rows = account.table("annotations", **window)
    assert len({row["gradable_id"] for row in rows}) == len(rows) == 20_000
