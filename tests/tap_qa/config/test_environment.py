"""Variables: empty ones, misspelt ones, and those that hold something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tap_qa.config.environment import config_from_environment, variable_problems
from tap_qa.errors import SettingsError
from tap_qa.tap import TapQA

if TYPE_CHECKING:
    from pathlib import Path

TapQA.append_builtin_config(TapQA.config_jsonschema)
SCHEMA = TapQA.config_jsonschema


def read() -> dict[str, Any]:
    return config_from_environment(SCHEMA, "TAP_QA_")


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stand in an empty folder, with nothing set."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("TAP_QA_LOGLEVEL", "TAP_QA_START_DATE", "TAP_QA_MAX_RETRIES"):
        monkeypatch.setenv(name, "")  # so that what a file sets is undone
        monkeypatch.delenv(name)
    return folder


def test_every_setting_has_a_variable_that_counts_as_not_set_while_it_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["TAP_QA_START_DATE", "TAP_QA_SCOREBUDDY", "TAP_QA_SCOREBUDDY_GROUP_IDS", "TAP_QA_CXONE_URL"]
    names += ["TAP_QA_STREAM_MAPS", "TAP_QA_EMIT_ACTIVATE_VERSION_MESSAGES", "TAP_QA_BATCH_CONFIG_STORAGE_ROOT"]
    for name, value in zip(names, ["", " ", "\n"] * 3, strict=False):
        monkeypatch.setenv(name, value)
    assert read() == {}
    assert not list(variable_problems(SCHEMA, "TAP_QA_"))


@pytest.mark.parametrize(
    ("variable", "text", "config"),
    [
        ("LOOKBACK_DAYS", "7", {"lookback_days": 7}),
        ("EMIT_ACTIVATE_VERSION_MESSAGES", "Off", {"emit_activate_version_messages": False}),
        ("EMIT_ACTIVATE_VERSION_MESSAGES", "1", {"emit_activate_version_messages": True}),
        ("SCOREBUDDY_GROUP_IDS", "[1, 2]", {"scorebuddy": {"group_ids": [1, 2]}}),
        ("STREAM_MAPS", '{"a": {"b": null}}', {"stream_maps": {"a": {"b": None}}}),
        ("BATCH_CONFIG_ENCODING_FORMAT", "jsonl", {"batch_config": {"encoding": {"format": "jsonl"}}}),
        ("CXONE_QM_WORKFLOWS_VERSION", "3", {"cxone": {"qm_workflows_version": "3"}}),
    ],
)
def test_variables_hold_what_their_settings_take(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, config: dict[str, Any]
) -> None:
    monkeypatch.setenv(f"TAP_QA_{variable}", text)
    assert read() == config


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("LOOKBACK_DAYS", "1_000"),
        ("LOOKBACK_DAYS", "٣"),
        ("LOOKBACK_DAYS", "3.5"),
        ("LOOKBACK_DAYS", "9" * 5000),
        ("EMIT_ACTIVATE_VERSION_MESSAGES", "ture"),
        ("SCOREBUDDY_GROUP_IDS", "1,2"),
        ("SCOREBUDDY_GROUP_IDS", "{}"),
        ("STREAM_MAPS", "[]"),
        ("STREAM_MAPS", '{"a": 1, "a": 2}'),
        ("STREAM_MAPS", '{"a": NaN}'),
    ],
)
def test_a_variable_that_holds_something_else_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    monkeypatch.setenv(f"TAP_QA_{variable}", text)
    with pytest.raises(SettingsError, match=f"TAP_QA_{variable} does not hold"):
        read()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("TAP_QA_END_DAT", "TAP_QA_END_DATE"),
        ("TAP_QA_MAESTROQA_TOKEN", "TAP_QA_MAESTROQA_API_TOKEN"),
        ("TAP_QA_SCOREBUDY_CLIENT_SECRET", "TAP_QA_SCOREBUDDY_CLIENT_SECRET"),
        ("TAP_QA_FLATTENING_ENABLED", "TAP_QA_"),
        ("TAP_QA_start_date", "TAP_QA_START_DATE"),
    ],
)
def test_a_misspelt_variable_is_named_with_the_nearest(monkeypatch: pytest.MonkeyPatch, wrong: str, right: str) -> None:
    for name in (wrong, "TAP_QA__SELECT", "TAP_QA_LOGLEVEL", "TARGET_QA_DRY_RUN"):
        monkeypatch.setenv(name, "x")
    (problem,) = variable_problems(SCHEMA, "TAP_QA_")
    assert f"{wrong} is not a setting; is {right}" in problem


def test_what_meltano_makes_of_an_object_is_no_misspelling(monkeypatch: pytest.MonkeyPatch) -> None:
    """`meltano invoke` sets a variable for each value inside an object that a project's `meltano.yml` gives."""
    monkeypatch.setenv("TAP_QA_STREAM_MAPS_SCOREBUDDY_SCORES_NOTE", "x")
    assert len(list(variable_problems(SCHEMA, "TAP_QA_"))) == 1
    monkeypatch.setenv("MELTANO_PROJECT_ROOT", "/project")
    assert not list(variable_problems(SCHEMA, "TAP_QA_"))
    monkeypatch.setenv("TAP_QA_SCOREBUDDY_URLL", "x")
    assert len(list(variable_problems(SCHEMA, "TAP_QA_"))) == 1


def test_only_the_file_of_the_current_folder_counts(monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
    (elsewhere.parent / ".env").write_text("TAP_QA_MAX_RETRIES=3\n")
    assert read() == {}
    (elsewhere / ".env").write_text("\ufeffTAP_QA_START_DATE=2026-01-01\nTAP_QA_MAX_RETRIES=\n", encoding="utf-8")
    monkeypatch.setenv("TAP_QA_START_DATE", "")
    assert read() == {"start_date": "2026-01-01"}
    monkeypatch.setenv("TAP_QA_START_DATE", "2026-02-02")
    assert read() == {"start_date": "2026-02-02"}


@pytest.mark.parametrize("data", ["TAP_QA_MAX_RETRIES=3".encode("utf-16"), b"X=\xeb"])
def test_a_file_of_variables_in_another_encoding_is_named(elsewhere: Path, data: bytes) -> None:
    (elsewhere / ".env").write_bytes(data)
    with pytest.raises(SettingsError, match=r"\.env: the file is .*save it as UTF-8"):
        read()
