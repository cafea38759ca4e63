"""What the command line gives without reading anything, and `--test`."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest

from qa_harness.clock import FakeClock
from qa_harness.run import run_process, run_tap, select
from qa_sandbox.http import effects
from qa_sandbox.vendors.scorebuddy.look_ups import LOOK_UPS
from tap_qa.tap import VENDORS
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from pathlib import Path

    from qa_sandbox.vendors.betterworks import Betterworks
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

STREAMS = sorted(str(vars(stream)["name"]) for vendor in VENDORS for stream in vendor.streams)


def test_discovery_needs_no_config() -> None:
    # On an old interpreter the SDK would add its reminder.
    quiet = {"TAP_QA_LOGLEVEL": "INFO", "PYTHONWARNINGS": "ignore:Python 3"}
    run = run_process(None, arguments=["--discover"], environment=quiet).succeeded()
    catalog = json.loads(run.stdout)
    assert sorted(stream["tap_stream_id"] for stream in catalog["streams"]) == STREAMS
    assert not run.errors


def test_discovery_lists_every_stream_whatever_is_configured() -> None:
    for config in ({}, {"scorebuddy": {"url": "not even a url"}}, {"nonsense": 1}):
        run = run_tap(config, arguments=["--discover"]).succeeded()
        assert sorted(stream["tap_stream_id"] for stream in json.loads(run.stdout)["streams"]) == STREAMS


def test_streams_on_unconfirmed_paths_are_not_selected_by_default() -> None:
    catalog = json.loads(run_tap(None, arguments=["--discover"]).stdout)
    by_default = {}
    for stream in catalog["streams"]:
        root = next(item["metadata"] for item in stream["metadata"] if not item["breadcrumb"])
        by_default[stream["tap_stream_id"]] = root.get("selected", root.get("selected-by-default", True))
    betterworks = {name for name, selected in by_default.items() if name.startswith("betterworks_") and selected}
    assert betterworks == {"betterworks_users", "betterworks_goals"}
    left_out = {name for name, selected in by_default.items() if name.startswith("scorebuddy_") and not selected}
    assert left_out == {look_up.stream for look_up in LOOK_UPS} - {"scorebuddy_scorecard_sections"} | {
        f"scorebuddy_{name}" for name in ("integrations", "cases", "satisfaction")
    }


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_about_tells_of_all_settings(form: str) -> None:
    run = run_tap(None, arguments=["--about", f"--format={form}"]).succeeded()
    text = run.stdout.decode()
    for name in ("start_date", "max_wait_minutes", "scorebuddy", "betterworks"):
        assert name in text
    if form == "json":
        settings = json.loads(text)["settings"]["properties"]
        assert settings["scorebuddy"]["properties"]["client_secret"]["secret"]
        assert settings["max_retries"]["default"] == 8


def test_the_trial_run_is_cheap(scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy, betterworks)
    run = run_tap(config_of(sandbox), arguments=["--test"], clock=scorebuddy.clock).succeeded()
    assert run.errors == []
    assert "failed" not in run.log_text(logging.INFO)
    calls = [
        call.path.partition("/api/v1/")[2].strip("/") for call in (*scorebuddy.request_log, *betterworks.request_log)
    ]
    for path in ("scores", "export/questions", "scores/reviews", "users", "goals/filter"):
        assert 1 <= calls.count(path) <= 4, path
    assert len(scorebuddy.request_log) <= 18
    assert len(betterworks.request_log) <= 14
    asked = [call.query for call in scorebuddy.request_log.matching("/(scores|export/questions)$")]
    assert min(query["from_last_edit_date"] for query in asked) >= "2026-06-14 05:59:58"


def test_the_trial_run_stays_cheap_however_old_the_rows_are(
    betterworks: Betterworks, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(betterworks)
    betterworks.rules.default_size = 5
    for goal in betterworks.dataset.organisation.goals.values():
        goal.updated = goal.updated.replace(year=2020)
    many = 40
    betterworks.faults.add(
        effects.swap_json(lambda body: {**body, "more": True, "nextURL": f"/x?page={len(betterworks.request_log)}"}),
        path="goals/filter",
        times=many,
    )
    run_tap(config_of(sandbox), arguments=["--test"], clock=betterworks.clock)
    assert len(betterworks.request_log.matching("goals/filter")) <= 4


def test_the_trial_run_keeps_to_configured_vendors(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), arguments=["--test"], clock=scorebuddy.clock).succeeded()
    assert {message["stream"].split("_")[0] for message in run.of_type("SCHEMA")} == {"scorebuddy"}


def test_the_trial_run_names_every_stream_that_fails(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.rules.granted -= {"staff:read", "export:read"}
    run = run_tap(config_of(sandbox), arguments=["--test"], clock=scorebuddy.clock)
    assert run.status == 1
    assert run.failure is None
    text = "\n".join(run.errors)
    failed = ("scorebuddy_employees", "scorebuddy_supervisors", "scorebuddy_export_questions")
    assert all(name in text for name in failed)
    assert "staff:read" in text
    assert "export:read" in text
    assert "scorebuddy_scores" not in text
    assert "Traceback" not in run.log_text(20)


def test_the_trial_run_with_batches_is_cheap_too(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, tmp_path: object
) -> None:
    sandbox = open_sandbox(scorebuddy)
    batch = {
        "encoding": {"format": "jsonl", "compression": "gzip"},
        "storage": {"root": f"file://{tmp_path}", "prefix": ""},
    }
    run = run_tap({**config_of(sandbox), "batch_config": batch}, arguments=["--test"], clock=scorebuddy.clock)
    run.succeeded()
    assert len(scorebuddy.request_log) <= 18


def test_an_unforeseen_failure_of_a_trial_run_is_told_and_the_others_are_tried(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tap_qa.vendors.scorebuddy.streams.people import Groups  # noqa: PLC0415 - only here

    def broken(_: object) -> object:
        msg = "a value that may be private"
        raise RuntimeError(msg)

    monkeypatch.setattr(Groups, "paged_lists", broken)
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), arguments=["--test"], clock=scorebuddy.clock)
    assert run.status == 1
    assert run.failure is None
    assert any("scorebuddy_groups" in line and "RuntimeError" in line for line in run.errors)
    assert "private" not in run.log_text(20)
    assert scorebuddy.request_log.matching("/teams$")


def test_vendors_that_are_not_configured_are_skipped_with_one_line_each(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    catalog = select("scorebuddy_groups", "betterworks_users", "betterworks_goals", "betterworks_feedback")
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded()
    lines = [line for line in run.lines() if "Betterworks" in line]
    assert lines == ["Betterworks is not configured; its 3 selected streams are skipped."]
    assert {message["stream"] for message in run.of_type("SCHEMA")} == {"scorebuddy_groups"}


def test_a_run_with_naive_dates_says_that_they_count_as_utc(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = {**config_of(sandbox), "start_date": "2026-06-14 00:00"}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select("scorebuddy_groups")).succeeded()
    assert any("start_date has no zone and is taken as UTC" in line for line in run.lines(30))


def test_secrets_and_settings_come_from_the_environment_too(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = config_of(sandbox)
    monkeypatch.setenv("TAP_QA_START_DATE", config["start_date"])
    monkeypatch.setenv("TAP_QA_SCOREBUDDY", json.dumps(config["scorebuddy"]))
    run = run_tap(None, arguments=["--config=ENV"], clock=scorebuddy.clock, catalog=select("scorebuddy_groups"))
    assert run.succeeded().records("scorebuddy_groups")


def test_settings_of_vendors_have_variables_of_their_own(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = config_of(sandbox)
    own = {**config["scorebuddy"], "window_days": 14, "group_ids": [1]}
    monkeypatch.setenv("TAP_QA_START_DATE", config["start_date"])
    monkeypatch.setenv("TAP_QA_SCOREBUDDY", json.dumps({"url": "https://elsewhere.example.com", "window_days": 3}))
    for name, value in own.items():
        text = value if isinstance(value, str) else json.dumps(value)
        monkeypatch.setenv(f"TAP_QA_SCOREBUDDY_{name.upper()}", text)
    run = run_tap(None, arguments=["--config=ENV"], clock=scorebuddy.clock, catalog=select("scorebuddy_groups"))
    assert run.succeeded().records("scorebuddy_groups")


def test_a_file_of_variables_in_the_current_folder_counts(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = config_of(sandbox)
    lines = [f"TAP_QA_START_DATE={config['start_date']}"]
    lines += [f"TAP_QA_SCOREBUDDY_{name.upper()}={value}" for name, value in config["scorebuddy"].items()]
    (tmp_path / ".env").write_text("\n".join(lines))
    monkeypatch.chdir(tmp_path)
    for name in (line.partition("=")[0] for line in lines):
        monkeypatch.setenv(name, "")  # so that what is set on the way is undone
        monkeypatch.delenv(name)
    run = run_tap(None, arguments=["--config=ENV"], clock=scorebuddy.clock, catalog=select("scorebuddy_groups"))
    assert run.succeeded().records("scorebuddy_groups")


@pytest.mark.parametrize("name", ["MAX_RETRIES", "SCOREBUDDY_WINDOW_DAYS", "SCOREBUDDY_GROUP_IDS", "SCOREBUDDY"])
def test_a_variable_that_can_not_be_read_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"TAP_QA_{name}", "{sesame")
    run = run_tap(None, arguments=["--config=ENV"])
    assert run.status == 1
    assert run.failure is None
    assert [name in line for line in run.errors] == [True]
    assert "sesame" not in run.log_text()


def test_a_catalog_that_selects_nothing_is_told(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    run = run_tap(config_of(open_sandbox(scorebuddy)), clock=scorebuddy.clock, catalog={"streams": []}).succeeded()
    assert [line for line in run.lines(30) if "selects no stream" in line]


def test_start_up_reads_no_clock_but_the_given_one() -> None:
    future = {"start_date": "2030-01-01T00:00:00Z"}
    run = run_tap(future, clock=FakeClock())
    assert any("start_date lies in the future" in line for line in run.errors)
