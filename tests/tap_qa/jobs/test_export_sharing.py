"""Exports that several streams read: one job a window, kept until the last has read it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest

from tap_qa.errors import (
    FileError,
)
from tap_qa.jobs.api import ExportRequest
from tap_qa.records.chunks import EncodedRows
from tap_qa.state.windows import Window
from tests.tap_qa.conftest import START
from tests.tap_qa.jobs.fakes import DAY, all_of, bench, tickets
from tests.tap_qa.jobs.scripts import windows


def zipped(*tables: tuple[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in tables:
            archive.writestr(f"{name}.csv", content)
    return buffer.getvalue()


def zip_for(request: ExportRequest) -> bytes:
    return zipped(*((name, f"ticket\n{name} {request.window}\n") for name in request.body["readers"]))


def test_one_job_a_window_serves_all_its_readers_and_is_kept_until_the_last() -> None:
    made = bench(content=zip_for)
    plan = made.plan("a", "b", days=2)
    first = plan.next_window("a")
    assert first is not None
    order = first.job
    assert tickets(first) == [f"a {windows(2)[0]}"]
    assert order.file is not None
    second = plan.next_window("b")
    assert second is not None
    assert tickets(second) == [f"b {windows(2)[0]}"]
    assert order.file is None
    all_of(plan, "a")
    all_of(plan, "b")
    assert made.fake.asked == 2


def test_nothing_is_asked_for_before_all_readers_have_joined() -> None:
    made = bench(content=zip_for)
    plan = made.plan("a", "b", days=1)
    plan._expected.add("c")  # noqa: SLF001
    made.pass_time(100)
    assert made.fake.asked == 0
    plan.unsubscribe("c")
    made.pass_time(100)
    assert made.fake.asked == 1


def test_a_reader_gets_only_the_windows_of_its_span() -> None:
    made = bench(content=zip_for)
    plan = made.plan("a", "b", spans={"b": Window(START + DAY * 1.5, START + 3 * DAY)})
    assert all_of(plan, "b") == [f"b {window}" for window in windows(3)[1:]]
    assert all_of(plan, "a") == [f"a {window}" for window in windows(3)]
    assert [job.request.body["readers"] for job in made.fake.jobs.values()].count(["a"]) == 1


def test_a_reader_that_left_costs_no_more_jobs() -> None:
    made = bench(content=zip_for)
    plan = made.plan("a", "b", spans={"b": Window(START + 2 * DAY, START + 3 * DAY)})
    plan.unsubscribe("a")
    assert all_of(plan, "b") == [f"b {windows(3)[2]}"]
    assert made.fake.asked == 1


def test_a_running_job_that_nobody_wants_any_more_keeps_its_place_at_the_vendor() -> None:
    made = bench()
    made.fake.limits = replace(made.fake.limits, max_concurrent=1)
    plan, other = made.plan("a"), made.plan("b", days=1)
    made.pass_time(1)
    plan.unsubscribe("a")
    all_of(other, "b")
    assert made.fake.most_running == 1
    assert len(made.fake.fetched) == 1


def test_a_missing_table_fails_only_the_reader_that_wants_it() -> None:
    def without_b(request: ExportRequest) -> bytes:
        return zip_for(ExportRequest("", request.window, {"readers": ["a"]}))

    made = bench(content=without_b)
    plan = made.plan("a", "b", days=1)
    with pytest.raises(FileError, match="no b; it holds: a"):
        plan.next_window("b")
    assert all_of(plan, "a") == [f"a {windows(1)[0]}"]


@pytest.mark.parametrize(("files", "why"), [(("a",), "the zip holds no b"), (("a", "b"), "the file b is empty")])
def test_a_table_that_its_zip_leaves_out_or_empty_has_no_rows_which_is_logged_once(
    files: tuple[str, ...], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    def without_rows_of_b(request: ExportRequest) -> bytes:
        return zipped(*((name, f"ticket\n{request.window}\n" if name == "a" else "") for name in files))

    made = bench(content=without_rows_of_b)
    plan = made.plan("a", "b", days=2, tables=("a", "b"), may_be_empty=True)
    assert all_of(plan, "b") == []
    assert all_of(plan, "a") == windows(2)
    told = [record for record in caplog.records if "no rows" in record.getMessage()]
    assert [(one.levelname, one.getMessage()) for one in told] == [
        ("WARNING", f"b: {why}, so there are no rows; this is logged once.")
    ]


def test_values_that_a_window_s_records_share_are_in_them() -> None:
    made = bench()
    plan = made.plan("a", days=1, constants=lambda window: {"_window_end": window and window.end.isoformat()})
    delivery = plan.next_window("a")
    assert delivery is not None
    [chunk] = delivery.chunks({})
    assert isinstance(chunk, EncodedRows)
    assert json.loads(chunk.lines)["_window_end"] == (START + DAY).isoformat()


def test_a_plan_that_all_readers_left_asks_for_nothing() -> None:
    made = bench()
    made.plan("a").unsubscribe("a")
    made.pass_time(1000)
    assert made.fake.asked == 0
