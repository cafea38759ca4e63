"""The benchmarks read what they say they read, and the published table is theirs. No figure is looked at."""

from __future__ import annotations

import json
import logging
import shutil
from typing import TYPE_CHECKING

import pytest

from benchmarks import page
from benchmarks.cases import CASES, Case
from benchmarks.field import BASELINE, FIELD
from benchmarks.measures.race import Result
from benchmarks.measures.resource_usage import ResourceUsage
from benchmarks.own import TAP
from benchmarks.serving.process import served
from qa_harness.run import run_tap, select

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 250
HEX_DIGITS = 12  # of references that are not odd


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_tap_reads_all_rows_of_a_case(case: Case, tmp_path: Path) -> None:
    case.write_file(tmp_path, ROWS)
    with served(tmp_path) as server:
        run = run_tap(case.config(case.root(server, ROWS)), catalog=select(*case.streams)).succeeded()
    records = [record for stream in case.streams for record in run.records(stream)]
    assert len(records) == ROWS
    assert not any(record["_unmapped"] for record in records)
    odd = sum((record.get("reference") or "").isdigit() and len(record["reference"]) < HEX_DIGITS for record in records)
    assert odd == (len(range(0, ROWS, case.odd_every)) if case.odd_every else 0)
    duplicates = sum("share their identifying columns" in line for line in run.lines(logging.WARNING))
    assert duplicates == (1 if case.duplicate_every else 0)
    assert {message["stream"] for message in run.of_type("RECORD")} == set(case.streams)


def results_in(folder: Path) -> Path:
    took = [ResourceUsage(2.0, 1.0, 50.0), ResourceUsage(3.0, 2.0, 60.0)]
    for case in CASES:
        result = Result(case.name, case.rows, dict.fromkeys((TAP, *(peer.name for peer in FIELD)), took))
        (folder / f"{case.name}.json").write_text(json.dumps(result.as_json()))
    return folder


def test_the_table_is_written_between_its_marks(tmp_path: Path) -> None:
    copy = tmp_path / page.PAGE.name
    shutil.copy(page.PAGE, copy)
    before = copy.read_text()
    page.write(results_in(tmp_path), copy)
    once = copy.read_text()
    page.write(tmp_path, copy)
    assert copy.read_text() == once
    assert once.partition(page.START)[0] == before.partition(page.START)[0]
    assert once.partition(page.END)[2] == before.partition(page.END)[2]


def test_the_page_has_a_line_for_each_case(tmp_path: Path) -> None:
    _, start, rest = page.PAGE.read_text().partition(page.START)
    shown, end, _ = rest.partition(page.END)
    assert start
    assert end
    lines = [line for line in shown.splitlines() if line.startswith("|")]
    wanted = [line for line in page.table(results_in(tmp_path)).splitlines() if line.startswith("|")]
    assert lines[0].split("|")[:4] == wanted[0].split("|")[:4]  # other tools may have been left out
    assert [line.split("|")[1] for line in lines] == [line.split("|")[1] for line in wanted]
    assert len(lines) == 2 + len(CASES)
    assert BASELINE in lines[0]
