"""The CXone sandbox's files, in the forms that users have met."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import TYPE_CHECKING

import pytest

from qa_sandbox.exports.bulk import Bulk
from qa_sandbox.vendors.cxone.file_variant import PERCENTAGE_HEADERS

if TYPE_CHECKING:
    from qa_sandbox.vendors.cxone import CxOne
    from tests.sandbox.cxone.consumer import Consumer


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


def test_bulk_rows_are_written_without_being_held(vendor: CxOne, consumer: Consumer) -> None:
    vendor.jobs.bulk = Bulk(datetime(2026, 6, 20, 12, tzinfo=timezone.utc), {"qm-workflows": 20_000})
    rows = consumer.table(startDate="2026-06-20", endDate="2026-06-21")
    assert len({row["Workflow ID"] for row in rows}) == len(rows) == 20_000
    assert {date.fromisoformat(row["Submission Date"][:10]) for row in rows} == {date(2026, 6, 20)}
