"""Files of jobs: dead links, damage, files that are too large."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import pytest

from tap_qa.errors import (
    DownloadError,
    FileError,
)
from tap_qa.files.archive import Archive
from tap_qa.files.csv_table import Table
from tap_qa.files.download import LinkExpiredError, TooLargeError
from tap_qa.jobs.job import ExportFile, ExportJob
from tests.tap_qa.jobs.fakes import DAY, all_of, bench

if TYPE_CHECKING:
    from collections.abc import Callable

    from tap_qa.jobs.api import ExportRequest
from tests.tap_qa.jobs.scripts import LINK_TROUBLES, windows


def breaking(error: Exception, times: int) -> Callable[[int, ExportRequest], None]:
    def on_fetch(number: int, _request: ExportRequest) -> None:
        if number <= times:
            raise error

    return on_fetch


@pytest.mark.parametrize("error", LINK_TROUBLES)
def test_a_dead_link_is_renewed_at_the_same_job(error: Exception) -> None:
    made = bench(on_fetch=breaking(error, 2))
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert made.fake.asked == 1
    assert len(made.fake.jobs["job-1"].links) == 3


@pytest.mark.parametrize("error", LINK_TROUBLES)
def test_after_three_dead_links_comes_another_job(error: Exception) -> None:
    made = bench(on_fetch=breaking(error, 3))
    assert all_of(made.plan("a", days=1), "a") == windows(1)
    assert made.fake.asked == 2


def test_dead_links_without_end_are_an_error() -> None:
    made = bench(on_fetch=breaking(LINK_TROUBLES[0], 1000))
    with pytest.raises(LinkExpiredError):
        made.plan("a", days=1).next_window("a")
    assert made.fake.asked == 3
    assert len(made.fake.fetched) == 9


def test_an_address_that_must_not_be_fetched_is_an_error_at_once() -> None:
    made = bench(on_fetch=breaking(DownloadError("fake", "not https"), 1))
    with pytest.raises(DownloadError, match="not https"):
        made.plan("a", days=1).next_window("a")
    assert len(made.fake.fetched) == 1


def test_a_file_that_is_too_large_is_asked_for_in_halves() -> None:
    def on_fetch(_number: int, request: ExportRequest) -> None:
        if request.window is not None and request.window.width > DAY:
            raise TooLargeError("fake", "large")

    made = bench(on_fetch=on_fetch)
    assert all_of(made.plan("a", days=4, width=4), "a") == windows(4)


DAMAGED = [b"ticket,score\n1,2\n3\n", b'ticket\n"1\n', b"PK\x03\x04rest", b"<html></html>", b""]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_fetched_again_before_any_row_goes_out(content: bytes) -> None:
    made = bench()
    made.fake.content = lambda _request: content if len(made.fake.fetched) < 3 else b"ticket\n1\n"
    assert all_of(made.plan("a", days=1), "a") == ["1"]
    assert made.fake.asked == 1


@pytest.mark.parametrize("content", DAMAGED)
def test_a_file_that_stays_damaged_is_an_error(content: bytes) -> None:
    made = bench(content=lambda _request: content)
    with pytest.raises(FileError):
        made.plan("a", days=1).next_window("a")


def test_a_broken_byte_or_quotation_mark_that_stays_costs_a_cell(caplog: pytest.LogCaptureFixture) -> None:
    content = b'ticket,comment\n1,na\xefve\n2,"the "good" one"\n3,c\n'
    made = bench(content=lambda _request: content)
    assert all_of(made.plan("a", days=1), "a") == ["1", "2", "3"]
    assert len(made.fake.fetched) == 2
    [told] = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert "2 lines hold bytes that are no UTF-8" in told


def test_a_file_without_its_key_column_is_an_error_at_once() -> None:
    made = bench(content=lambda _request: b"other\n1\n")
    with pytest.raises(FileError, match="lacks ticket"):
        made.plan("a", days=1).next_window("a")
    assert len(made.fake.fetched) == 1


def test_a_file_that_is_dropped_lets_go_of_its_tables_and_its_archive() -> None:
    table, archive = mock.create_autospec(Table, instance=True), mock.create_autospec(Archive, instance=True)
    job = ExportJob(window=None, pending_subscribers=set())
    job.finish(file=ExportFile({"a": table, "b": None, "c": FileError("m", "damaged")}, archive))
    job.drop()
    job.drop()
    table.close.assert_called_once_with()
    archive.close.assert_called_once_with()
