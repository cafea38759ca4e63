"""Bad settings: one clear line each, exit status 1, and never the value."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.clock import FakeClock
from qa_harness.run import run_process, run_tap

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "s3cr3t-value-that-must-not-show"  # noqa: S105 - a made-up one
GOOD: dict[str, Any] = {
    "start_date": "2026-01-01T00:00:00Z",
    "scorebuddy": {"url": "https://www.cloud.scorebuddy.co.uk/1234567", "client_id": "id", "client_secret": SECRET},
}


def with_vendor(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    own = {name: value for name, value in {**GOOD["scorebuddy"], **changes}.items() if value is not ...}
    return {**GOOD, "scorebuddy": own}


def shared(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no vendor": (shared(scorebuddy=...), "No vendor is configured"),
    "no start_date": (shared(start_date=...), "start_date is missing"),
    "a start_date that is none": (shared(start_date="yesterday"), "start_date is not a date and time"),
    "a start_date of another type": (shared(start_date=20260101), "start_date must be of type string"),
    "a start_date in the future": (shared(start_date="2026-06-16T00:00:00Z"), "start_date lies in the future"),
    "an end_date before start_date": (
        shared(end_date="2025-01-01T00:00:00Z"),
        "end_date must be later",
    ),
    "an end_date that is none": (shared(end_date="2025-13-01"), "end_date is not a date and time"),
    "a negative lookback": (shared(lookback_days=-1), "lookback_days must"),
    "a lookback with a fraction": (shared(lookback_days=0.5), "lookback_days must be of type integer"),
    "a lookback as text": (shared(lookback_days="1"), "lookback_days must be of type integer"),
    "no tries": (shared(max_retries=0), "max_retries must"),
    "no timeout": (shared(request_timeout_seconds=0), "request_timeout_seconds must"),
    "an unknown key of a vendor": (
        with_vendor(cliend_id="x"),
        "scorebuddy.cliend_id is not a setting; is client_id meant?",
    ),
    "a vendor without its secret": (with_vendor(client_secret=...), "scorebuddy.client_secret is missing"),
    "a vendor without its url": (with_vendor(url=...), "scorebuddy.url is missing"),
    "a secret of another type": (
        with_vendor(client_secret=[SECRET]),
        "scorebuddy.client_secret must be of type",
    ),
    "a vendor that is a text": (shared(scorebuddy=SECRET), "scorebuddy must be of type object"),
    "plain http": (with_vendor(url="http://www.cloud.scorebuddy.co.uk/1"), "scorebuddy.url must start with https://"),
    "no url at all": (with_vendor(url="www.cloud.scorebuddy.co.uk/1"), "scorebuddy.url is not a URL"),
    "a url with a password": (with_vendor(url=f"https://me:{SECRET}@host/1"), "scorebuddy.url must not hold"),
    "a url with a query": (with_vendor(url=f"https://host/1?key={SECRET}"), "scorebuddy.url must not hold"),
    "another protocol": (with_vendor(url="ftp://host/1"), "scorebuddy.url must start with https://"),
    "a port that is none": (with_vendor(url="https://host:port/1"), "scorebuddy.url is not a URL"),
    "a zone that is none": (with_vendor(timezone="Dublin"), "scorebuddy.timezone is not the name of a time zone"),
    "a zone with a path": (with_vendor(timezone="../../etc/passwd"), "scorebuddy.timezone is not the name"),
    "windows too wide": (with_vendor(window_days=32), "scorebuddy.window_days must"),
    "windows of nothing": (with_vendor(window_days=0), "scorebuddy.window_days must"),
    "groups as text": (with_vendor(group_ids=["a"]), "scorebuddy.group_ids.0 must be of type integer"),
    "a path to another host": (
        shared(betterworks={"api_token": SECRET, "paths": {"betterworks_users": "https://evil.example/users"}}),
        "betterworks.paths.betterworks_users must be a path below betterworks.url",
    ),
    "a path upwards": (
        shared(betterworks={"api_token": SECRET, "paths": {"betterworks_users": "../../admin"}}),
        "betterworks.paths.betterworks_users must be a path below betterworks.url",
    ),
    "half a time of day": (shared(start_date="10:30"), "start_date is not a date and time"),
    "a start_date before all calendars": (shared(start_date="0001-01-01"), "start_date must lie in the years"),
    "an end_date for never": (shared(end_date="9999-12-31"), "end_date must lie in the years"),
    "a lookback beyond the calendar": (shared(lookback_days=10**12), "lookback_days must be at most 36500"),
    "an endless timeout": (shared(request_timeout_seconds=10**12), "request_timeout_seconds must be at most"),
    "a vendor's lookback beyond the calendar": (
        with_vendor(lookback_days=10**9),
        "scorebuddy.lookback_days must be at most",
    ),
    "a page beyond reason": (with_vendor(export_page_size=10**9), "scorebuddy.export_page_size must be at most"),
    "a misspelt setting": (shared(end_dat="2026-02-01"), "end_dat is not a setting; is end_date meant?"),
    "a setting with its vendor's name": (
        shared(**{"scorebuddy.urll": "x"}),
        "scorebuddy.urll is not a setting; is scorebuddy.url meant?",
    ),
    "a name that forges a line": (shared(**{"x\nERROR": 1}), "'x\\nERROR' is not a setting"),
    "flattening": (shared(flattening_enabled=True, flattening_max_depth=2), "flattening is not supported"),
    "a secret with a line end inside": (
        with_vendor(client_secret=f"{SECRET}\n{SECRET}"),
        "scorebuddy.client_secret holds a character that can't be seen (U+000A)",
    ),
    "a secret of another script": (
        with_vendor(client_secret=f"{SECRET}\u4e2d"),
        "client_secret holds a character that",
    ),
    "a url with a mark inside": (
        with_vendor(url="https://www.cloud.score\u200bbuddy.co.uk/1"),
        "scorebuddy.url holds a character that can't be seen (U+200B)",
    ),
    "a secret in quotes": (
        with_vendor(client_secret=f'"{SECRET}"'),
        "scorebuddy.client_secret stands in quotation marks",
    ),
    "a setting unlike all others": (shared(zzz=1), "zzz is not a setting; remove it."),
    "an empty secret": (
        with_vendor(**dict.fromkeys(["client_secret"], "\u00a0")),
        "scorebuddy.client_secret is missing",
    ),
    "files in Parquet without the extra": (
        shared(batch_config={"encoding": {"format": "parquet"}, "storage": {"root": "file:///tmp"}}),
        "batch_config asks for parquet, which needs the extra parquet: install tap-qa[parquet].",
    ),
    "files on S3 without the extra": (
        shared(batch_config={"encoding": {"format": "jsonl"}, "storage": {"root": "s3://bucket/folder"}}),
        "batch_config asks for s3, which needs the extra s3: install tap-qa[s3].",
    ),
    "a path of no stream": (
        shared(betterworks={"api_token": SECRET, "paths": {"betterworks_usres": "users"}}),
        "betterworks.paths.betterworks_usres names no stream",
    ),
}


@pytest.mark.parametrize(("config", "line"), BAD.values(), ids=BAD)
def test_a_bad_setting_is_one_clear_line(config: dict[str, Any], line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pyarrow", "s3fs"):  # as if they were not installed
        monkeypatch.setitem(sys.modules, module, None)
    run = run_tap(config, clock=FakeClock())
    assert run.status == 1
    assert run.failure is None
    assert run.stdout == b""
    about_it = [text for text in run.errors if line in text]
    assert len(about_it) == 1, run.errors
    # Beside it only the SDK's own closing word.
    assert set(run.errors) - set(about_it) <= {"Config validation failed"}
    assert SECRET not in run.log_text()
    assert "Traceback" not in run.log_text()


def test_all_problems_are_told_at_once() -> None:
    run = run_tap({"scorebuddy": {"url": "http://host", "clientid": "x"}}, clock=FakeClock())
    for name in ("start_date", "scorebuddy.url", "scorebuddy.clientid", "client_id", "client_secret"):
        assert any(name in line for line in run.errors), name


def test_settings_that_are_null_count_as_not_given() -> None:
    from tap_qa.tap import TapQA  # noqa: PLC0415 - only here

    names = ("lookback_days", "max_retries", "max_wait_minutes", "request_timeout_seconds", "end_date")
    config = {**with_vendor(timezone=None, window_days=None, group_ids=None), **dict.fromkeys(names)}
    tap = TapQA(config={**config, "betterworks": None}, setup_mapper=False)
    assert tap.config["max_retries"] == 8
    assert "timezone" not in tap.config["scorebuddy"]
    assert tap.config["scorebuddy"]["window_days"] == 7
    assert tap.run_context.retry_policy.max_attempts == 8
    missing = run_tap({**shared(start_date=None), "scorebuddy": {**GOOD["scorebuddy"], "url": None}}, clock=FakeClock())
    assert missing.failure is None
    assert any("start_date is missing" in line for line in missing.errors)
    assert any("scorebuddy.url is missing" in line for line in missing.errors)


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://www.cloud.scorebuddy.co.uk/1234567/"},
        {"url": "https://www.cloud.scorebuddy.co.uk/1234567/api/v1"},
        {"url": "https://www.cloud.scorebuddy.co.uk/1234567/api/v1/"},
        {"timezone": "Europe/Dublin", "window_days": 31, "group_ids": [], "lookback_days": 0},
    ],
)
def test_good_settings_pass(changes: dict[str, Any]) -> None:
    from tap_qa.tap import TapQA  # noqa: PLC0415 - only here

    assert TapQA(config=with_vendor(**changes), setup_mapper=False)


@pytest.mark.parametrize(
    "maps",
    [
        {"scorebuddy_users": {"a": "1 +"}},
        {"scorebuddy_users": {"user_id": None}},
        {"scorebuddy_users": 7},
        {"scorebuddy_users": {"a": 7}},
        7,
    ],
)
def test_a_bad_stream_map_is_one_line(maps: Any) -> None:  # noqa: ANN401
    run = run_tap({**GOOD, "stream_maps": maps}, clock=FakeClock())
    assert run.status == 1
    assert run.failure is None, repr(run.failure)
    assert any("stream_maps" in line for line in run.errors)


def test_a_process_with_bad_settings_ends_with_status_1_and_no_traceback() -> None:
    run = run_process(with_vendor(url="http://host.example/1", client_secret=7))
    assert run.status == 1
    assert run.stdout == b""
    assert "Traceback" not in run.log_text()
    assert len([line for line in run.errors if "scorebuddy.url" in line]) == 1


FILES = {
    "an open brace": (b"{", "is no JSON from line 1 on"),
    "an array": (b"[1]", "holds no JSON object"),
    "a text": (b'"text"', "holds no JSON object"),
    "nothing": (b"", "is empty"),
    "UTF-16": ("{}".encode("utf-16"), "is UTF-16 or UTF-32; save it as UTF-8"),
    "UTF-16 without its mark": ("{}".encode("utf-16-le"), "is UTF-16 or UTF-32; save it as UTF-8"),
    "Latin-1": (b'{\n"a": "Zo\xeb"}', "is not UTF-8 in line 2"),
    "NaN": (b'{"a": NaN}', "holds NaN, which is no number of JSON"),
    "endless": (b'{"a": [-Infinity]}', "holds -Infinity, which is no number of JSON"),
    "a name twice": (b'{"a": {"b": 1, "c": 2, "b": 3}}', "gives b twice in one object"),
    "too many digits": (b'{"a": %s}' % (b"9" * 5000), "holds a number that is too long"),
    "too deep": (b'{"a":' * 100_000, "is nested too deeply"),
}


@pytest.mark.parametrize("name", ["config", "state", "catalog"])
@pytest.mark.parametrize(("data", "line"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_object_in_utf8_is_one_line(name: str, data: bytes, line: str, tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(data)
    run = run_tap(None if name == "config" else GOOD, arguments=[f"--{name}", str(path)], clock=FakeClock())
    assert run.status == 1
    assert run.failure is None, repr(run.failure)
    assert len(run.errors) == 1
    assert run.errors[0].startswith(f"{name}: the file {line}")


def test_a_file_that_can_not_be_read_is_one_line_without_its_path(tmp_path: Path) -> None:
    content = json.dumps(GOOD)
    for path, line in (
        (tmp_path / "none.json", "config: the file does not exist."),
        (tmp_path, "config: the file is a folder."),
        (content, "config: the path of a file is needed, not what the file holds."),
    ):
        run = run_tap(None, arguments=["--config", str(path)], clock=FakeClock())
        assert (run.status, run.errors) == (1, [line])


def test_a_state_of_several_lines_is_an_error_that_asks_for_the_last(tmp_path: Path) -> None:
    path = tmp_path / "states.jsonl"
    path.write_text('{"bookmarks": {}}\n' * 2, encoding="utf-8")
    run = run_tap(GOOD, arguments=["--state", str(path)], clock=FakeClock())
    assert run.status == 1
    assert run.errors == [
        "state: the file is no JSON from line 2 on. A target prints one state after another; give its last line only."
    ]


def test_files_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    given = {"config": GOOD, "state": {"bookmarks": {}}, "catalog": {"streams": []}}
    arguments = []
    for name, value in given.items():
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(value), encoding="utf-8-sig")
        arguments += [f"--{name}", str(path)]
    run_tap(None, arguments=arguments, clock=FakeClock()).succeeded()


def test_a_file_that_is_not_there_is_not_named(tmp_path: Path) -> None:
    good = tmp_path / "config.json"
    good.write_text(json.dumps(GOOD))
    arguments = ["--config", str(good), "--config", json.dumps(GOOD)]  # a config where its file was meant
    run = run_tap(None, arguments=arguments, clock=FakeClock())
    assert run.errors == ["config, file 2: the path of a file is needed, not what the file holds."]


@pytest.mark.parametrize(
    "state", [[], {"bookmarks": []}, {"bookmarks": {"scorebuddy_scores": {"replication_key_value": "soon"}}}]
)
def test_a_bad_state_is_one_line(state: Any) -> None:  # noqa: ANN401
    run = run_tap(GOOD, clock=FakeClock(), state=state)
    assert run.status == 1
    assert run.failure is None
    assert len(run.errors) == 1
    assert run.errors[0].startswith("state: ")


@pytest.mark.parametrize("name", ["state", "catalog"])
@pytest.mark.parametrize("broken", ["{", "", "[]", '{"streams": 7}'])
def test_a_file_that_can_not_be_read_is_one_line(name: str, broken: str, tmp_path: Any) -> None:  # noqa: ANN401
    path = tmp_path / "file.json"
    path.write_text(broken)
    run = run_tap({**GOOD, "start_date": "2026-06-16T00:00:00Z"}, arguments=[f"--{name}", str(path)], clock=FakeClock())
    assert run.status != 0
    assert run.failure is None, repr(run.failure)
