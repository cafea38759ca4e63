"""What leaves the tap as files: the same as would leave it as records, or an error of one line."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from qa_harness.destination import Destination
from qa_harness.run import Run, run_tap, select
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of
from tests.tap_qa.test_tap import MAPS, SCORES, USERS, assert_mapped

if TYPE_CHECKING:
    from pathlib import Path

    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox


def batch_of(folder: Path) -> dict[str, Any]:
    return {
        "encoding": {"format": "jsonl", "compression": "gzip"},
        "storage": {"root": f"file://{folder}", "prefix": "qa-"},
    }


def files_of(run: Run) -> list[dict[str, Any]]:
    rows = []
    for message in run.of_type("BATCH"):
        for url in message["manifest"]:
            with gzip.open(urlsplit(url).path, "rt") as lines:
                rows += [json.loads(line) for line in lines]
    return rows


def test_batches_hold_what_records_would(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, tmp_path: Path) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = {**config_of(sandbox), "batch_config": batch_of(tmp_path)}
    run = run_tap(config, clock=scorebuddy.clock).succeeded()
    assert not run.of_type("RECORD")
    assert_equals_expected_records(Destination().take(run), sandbox, sandbox.streams)
    # The bookmark moves after the files of its window.
    for position, message in enumerate(run.messages):
        if message["type"] == "STATE" and position and run.messages[position - 1]["type"] == "BATCH":
            break
    else:
        pytest.fail("no STATE behind a BATCH")
    reached = ""
    for message in run.messages:
        if message["type"] == "STATE":
            reached = message["value"]["bookmarks"].get(SCORES, {}).get("replication_key_value", "")
        elif message["type"] == "BATCH" and message["stream"] == SCORES:
            for url in message["manifest"]:
                with gzip.open(urlsplit(url).path, "rt") as lines:
                    rows = [json.loads(line) for line in lines]
                assert all(row["last_edit_date"] >= reached for row in rows)
    assert run.bookmark(SCORES) == "2026-06-15T05:59:58+00:00"


def test_batches_honour_selection_and_maps(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, tmp_path: Path) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = {**config_of(sandbox), "batch_config": batch_of(tmp_path)}
    catalog = select(USERS, without=[f"{USERS}.role"])
    run = run_tap(config, clock=scorebuddy.clock, catalog=catalog).succeeded()
    assert files_of(run)
    assert all("role" not in row for row in files_of(run))
    run = run_tap({**config, "stream_maps": MAPS}, clock=scorebuddy.clock, catalog=select(USERS)).succeeded()
    assert_mapped(files_of(run), sandbox.expected_records(USERS))


def test_batches_with_a_map_that_splits_a_stream_are_refused(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, tmp_path: Path
) -> None:
    sandbox = open_sandbox(scorebuddy)
    maps = {USERS: {"user_id": "user_id"}, "people": {"__source__": USERS, "user_id": "user_id"}}
    config = {**config_of(sandbox), "batch_config": batch_of(tmp_path), "stream_maps": maps}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select(USERS))
    assert run.status == 1
    assert any("stream map" in line and "batch_config" in line for line in run.errors)


def test_a_bad_batch_config_is_one_line(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    bad: list[Any] = [{"encoding": {}}, {"storage": 7}, {"encoding": {"format": "jsonl"}, "storage": {}}, 7]
    for batch in bad:
        run = run_tap({**config_of(sandbox), "batch_config": batch}, clock=scorebuddy.clock, catalog=select(USERS))
        assert run.status == 1, batch
        assert run.failure is None
        assert any("batch_config" in line for line in run.errors), run.errors
        assert "unforeseen" not in run.log_text(20)
