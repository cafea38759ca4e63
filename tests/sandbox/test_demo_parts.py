"""The small parts of the demo, which its verdict rests on."""

from __future__ import annotations

import fcntl
import json
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from qa_sandbox.demo.comparison import difference
from qa_sandbox.demo.database import canonical, canonical_row, changed_keys
from qa_sandbox.demo.duckdb_destination import DuckDbDestination
from qa_sandbox.demo.pipeline import Pipeline, last_lines, plugin_folder, tap_variables
from qa_sandbox.demo.report import StreamReport, table
from qa_sandbox.demo.stream_stats import StreamStats, parse_summary


@pytest.mark.parametrize(
    ("stored", "true"),
    [
        (datetime(2026, 1, 1, 9, 30), "2026-01-01T09:30:00+00:00"),  # noqa: DTZ001 - as a column without a zone gives it
        (datetime(2026, 1, 1, 10, 30, tzinfo=timezone(timedelta(hours=1))), "2026-01-01T09:30:00Z"),
        (date(2026, 1, 1), "2026-01-01"),
        (Decimal("1.50"), 1.5),
        (Decimal(1000), 1000),
        ([Decimal("0.5"), None], [0.5, None]),
        ({"at": "2026-01-01T09:30:00.000000+00:00"}, {"at": "2026-01-01T09:30:00Z"}),
    ],
)
def test_what_postgres_stores_equals_what_was_emitted(stored: object, true: object) -> None:
    assert canonical(stored) == canonical(true)


@pytest.mark.parametrize(
    ("one", "other"), [("1", 1), ("2026-01-01", "2026-01-01T00:00:00Z"), (None, ""), ([1], 1), (1.5, 1.25)]
)
def test_what_differs_stays_different(one: object, other: object) -> None:
    assert canonical(one) != canonical(other)


def test_a_null_equals_a_column_that_never_came_and_the_loaders_columns_are_its_own() -> None:
    assert canonical_row({"id": 1, "gone": None, "_sdc_extracted_at": "now"}) == canonical_row({"id": 1})


def test_changes_are_new_gone_and_different_rows() -> None:
    before = {(1,): {"a": 1}, (2,): {"a": 1}, (3,): {"a": 1}}
    after = {(1,): {"a": 1}, (2,): {"a": 2}, (4,): {"a": 1}}
    assert changed_keys(before, after) == {(2,), (3,), (4,)}


def test_figures_come_from_the_taps_summary() -> None:
    log: list[dict[str, Any]] = [
        {"event": "Beginning sync of 'a_rows'"},
        {"event": "a_rows: complete; rows=1200 windows=3 requests=14 seconds=2.5"},
        {"event": "b_rows: failed; rows=0 windows=0 requests=8 seconds=0.1"},
        {"event": "b_rows: HTTP 401"},
        {"metric_info": {}},
    ]
    assert parse_summary(log) == {"a_rows": StreamStats(1200, 14, 2.5), "b_rows": StreamStats(0, 8, 0.1)}


def report(stream: str, tables: list[dict[Any, Any]], truths: list[dict[Any, Any]]) -> StreamReport:
    return StreamReport(stream, [StreamStats(2, 1, 0.5), StreamStats(1, 1, 0.25)], tables, truths)


def test_the_report_shows_both_syncs_and_the_totals() -> None:
    rows: list[dict[Any, Any]] = [{(1,): {"a": 1}}, {(1,): {"a": 2}, (2,): {"a": 1}}]
    lines = table([report("a_rows", rows, rows), report("b_rows", rows, rows)]).splitlines()
    assert lines[3].split() == ["a_rows", "2", "1", "0.5", "1", "1", "0.2", "2", "2"]
    assert lines[-1].split() == ["total", "4", "2", "1.0", "2", "2", "0.5", "4", "4"]
    assert len({len(line) for line in lines[1:]}) == 1


def test_a_difference_is_told_by_stream_sync_key_and_column_without_the_value() -> None:
    truth: dict[Any, Any] = {(Decimal(1),): {"a": "secret"}, (Decimal("1.6E+2"),): {}}
    told = report("a_rows", [truth, {(Decimal(1),): {"a": "x"}}], [truth, truth]).differences
    assert told == ["a_rows, sync 2: 1 rows, the vendor has 2: 1 differs in a; 160 is missing"]


def test_rows_under_the_taps_own_keys_are_compared_as_wholes() -> None:
    table: dict[Any, Any] = {("k1",): {"_row_key": "k1", "a": 1}, ("k2",): {"_row_key": "k2", "a": 2}}
    assert difference(table, {("x",): {"a": 1}, ("y",): {"a": 2}}) is None
    told = difference(table, {("x",): {"a": 1}, ("y",): {"a": 1}})
    assert told == "2 rows, the vendor has 2: 1 rows are missing; 1 rows are not at the vendor"


def test_of_daily_snapshots_the_last_is_compared() -> None:
    table: dict[Any, Any] = {(day,): {"extracted_on": day, "a": day} for day in ("2026-06-15", "2026-06-16")}
    assert difference(table, {("x",): {"a": "2026-06-16"}}) is None


def test_settings_become_meltanos_variables() -> None:
    config = {"start_date": "2026-01-01", "lookback_days": 2, "betterworks": {"api_token": "t", "paths": {"a": "b/"}}}
    assert tap_variables(config) == {
        "TAP_QA_START_DATE": "2026-01-01",
        "TAP_QA_LOOKBACK_DAYS": "2",
        "TAP_QA_BETTERWORKS_API_TOKEN": "t",
        "TAP_QA_BETTERWORKS_PATHS": '{"a": "b/"}',
    }


def test_plugins_are_made_anew_when_their_recipe_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.prefix", str(tmp_path / "venv"))
    for name in ("pyproject.toml", "meltano.yml"):
        (tmp_path / name).write_text("1")
    first = plugin_folder(tmp_path)
    first.mkdir(parents=True)
    assert plugin_folder(tmp_path) == first
    (tmp_path / "meltano.yml").write_text("2")
    assert plugin_folder(tmp_path) != first
    assert not first.exists()


def test_an_install_waits_for_that_of_another_demo_and_takes_its_plugins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.prefix", str(tmp_path / "prefix"))
    for name in ("pyproject.toml", "meltano.yml"):
        (tmp_path / name).touch()
    pipeline = Pipeline(tmp_path, tmp_path, {})
    plugins = plugin_folder(tmp_path)
    with ThreadPoolExecutor() as pool, (plugins / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = pool.submit(pipeline.install, "tap-qa")
        assert not wait([second], timeout=0.2).done
        (plugins / "tap-qa.installed").touch()
        fcntl.flock(lock, fcntl.LOCK_UN)
        second.result()


def test_a_failures_last_lines_are_readable() -> None:
    log = [
        "plain",
        json.dumps({"name": "tap-qa", "event": "start_date is missing", "pid": 1}),
        json.dumps({"event": "Run"}),
    ]
    assert last_lines(log) == ["  plain", "  tap-qa: start_date is missing", "  meltano: Run"]


def test_without_a_server_the_last_line_of_a_key_is_the_row_and_a_score_counts_once() -> None:
    """target-jsonl appends: an evaluation that was edited has two lines."""
    lines: dict[str, list[dict[str, Any]]] = {
        "scorebuddy_scores": [
            {"score_id": 1, "score": 0},
            {"score_id": 2, "score": 70.5},
            {"score_id": 1, "score": 80},
        ],
        "canary_speech_assessment_scores": [{"assessment_id": "a", "uuid": "u"}],
    }
    with DuckDbDestination() as destination:
        folder = Path(destination.variables()["TARGET_JSONL_DESTINATION_PATH"])
        for stream, rows in lines.items():
            text = "".join(f"{json.dumps(row)}\n" for row in rows)
            folder.joinpath(f"{stream}.jsonl").write_text(text, encoding="utf-8")
        with duckdb.connect(destination.variables()["DBT_DUCKDB_PATH"]) as marts:
            marts.execute("create schema qa")
            marts.execute("create table qa.qa_metrics (vendor text, quality_score double, evaluations bigint)")
            marts.execute("insert into qa.qa_metrics values ('cxone', 90, 1), ('scorebuddy', 75.25, 2)")
        tables = destination.read_tables()
        assert tables["scorebuddy_scores"][1,] == {"score_id": 1, "score": 80}
        assert len(tables["scorebuddy_scores"]) == 2
        assert destination.prepare_score(at=datetime(2026, 1, 1, tzinfo=timezone.utc)) == "75.25"
        (lost,) = destination.score_differences()
        assert "came back 0 times" in lost
        back = {
            "assessment_id": "a", "uuid": "v", "score_id": "QA_Average", "score_type": "number",
            "date_recorded": "2026-01-01T00:00:00.000000Z", "score_data": {"value": 75.25},
            "extra_data": {"evaluations": 2},
        }  # fmt: skip
        with folder.joinpath("canary_speech_assessment_scores.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(back) + "\n")
        assert destination.score_differences() == []
    assert not folder.exists()
