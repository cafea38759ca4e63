"""MaestroQA's files in every form that public connectors have met."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from qa_sandbox.http import effects
from qa_sandbox.vendors.maestroqa.file_variant import FILE_NAMES, HEADERS
from tests.tap_qa.vendors.maestroqa.support import SCORES, WINDOWS, bodies

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.vendors.maestroqa import MaestroQa
    from tests.tap_qa.exports import Syncs


STYLES: dict[str, dict[str, Any]] = {
    **{f"files {name}": {"file_name": form} for name, form in FILE_NAMES.items()},
    **{f"headers {name}": {"header": form} for name, form in HEADERS.items()},
    "guarded dates": {"dates": ("guarded",)},
    "naive dates": {"dates": ("naive",)},
    "iso dates": {"dates": ("iso",)},
    "no words for nothing": {"words_for_nothing": False},
    "guarded ids": {"guarded_ids": True},
    "byte order mark": {"bom": True},
    "line feeds": {"line_end": "\n"},
    "shuffled columns": {"shuffled_columns": True},
    "junk in the zip": {"junk": True},
    "single files zipped": {"zip_single_files": True},
    "header alone": {"link_without_rows": True},
}


@pytest.mark.parametrize("changes", STYLES.values(), ids=STYLES)
def test_every_form_of_the_files_gives_the_same_tables(
    syncs: Callable[..., Syncs], account: MaestroQa, changes: dict[str, Any]
) -> None:
    for name, value in changes.items():
        setattr(account.style, name, value)
    made = syncs("maestroqa_total_scores", "maestroqa_csat", "maestroqa_agent_groups", "maestroqa_audit_logs")
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_naive_dates_are_read_in_the_configured_zone(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.style.zone = ZoneInfo("Pacific/Auckland")
    account.style.dates = ("naive", "guarded")
    made = syncs("maestroqa_total_scores", timezone="Pacific/Auckland")
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_new_columns_are_kept_and_missing_ones_are_null(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.style.new_columns = {"total_scores": {"Mood Of Grader": "sunny"}}
    account.style.missing_columns = {"total_scores": {"comment", "target_answer_id"}}
    run = syncs("maestroqa_total_scores").run().succeeded()
    for row in run.records("maestroqa_total_scores"):
        assert row["_unmapped"] == {"Mood Of Grader": "sunny"}
        assert row["comment"] is None


def test_a_file_without_a_key_column_fails_its_stream_alone(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.style.missing_columns = {"section_scores": {"rubric_id"}}
    made = syncs(*SCORES)
    run = made.run()
    assert run.status == 1
    assert [line for line in run.errors if "rubric_id" in line and "section_scores" in line]
    made.streams = [name for name in SCORES if name != "maestroqa_section_scores"]
    made.assert_equals_expected_records()
    assert len(bodies(account)) == WINDOWS


def test_a_dead_link_is_renewed(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.faults.add(effects.reply(403, b"<Error/>"), server="files", times=2)
    made = syncs(*SCORES)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert len(bodies(account)) == WINDOWS


@pytest.mark.parametrize("at", [0.25, 0.5, 0.99])
@pytest.mark.parametrize("framing", ["full", "cut", "chunked"])
def test_a_cut_zip_is_fetched_again(syncs: Callable[..., Syncs], account: MaestroQa, at: float, framing: Any) -> None:  # noqa: ANN401
    account.faults.add(effects.truncate(at, framing), server="files", times=2)
    made = syncs(*SCORES)
    made.run().succeeded()
    made.assert_equals_expected_records()


@pytest.mark.parametrize("empty", [True, False])
def test_a_zip_may_lack_a_table_or_hold_an_empty_one(
    syncs: Callable[..., Syncs], account: MaestroQa, *, empty: bool
) -> None:
    (account.style.empty_tables if empty else account.style.absent_tables).add("section_scores")
    made = syncs(*SCORES)
    run = made.run().succeeded()
    [line] = [line for line in run.lines(logging.WARNING) if "section_scores" in line]
    assert line.startswith("maestroqa_section_scores: ")
    assert "there are no rows" in line
    assert run.bookmark("maestroqa_section_scores") == run.bookmark("maestroqa_csat") is not None
    made.streams = [stream for stream in SCORES if stream != "maestroqa_section_scores"]
    made.assert_equals_expected_records()


def test_a_file_of_no_bytes_has_no_rows(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.style.empty_tables.add("csat")
    run = syncs("maestroqa_csat").run().succeeded()
    assert run.records("maestroqa_csat") == []
    assert run.bookmark("maestroqa_csat") is not None


def test_a_table_that_may_go_by_another_name_is_missed_by_the_right_stream(
    syncs: Callable[..., Syncs], account: MaestroQa
) -> None:
    account.style.file_name = lambda name: f"{'sections' if name == 'section_scores' else name}.csv"
    run = syncs(*SCORES).run()
    assert run.status == 1
    [line] = [line for line in run.errors if "the zip holds no" in line]
    assert line.startswith("maestroqa_section_scores: the zip holds no section_scores; it holds: ")
