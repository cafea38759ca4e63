"""`meltano.yml` is valid, says what the tap says, and hands the tap the settings that a user gives Meltano."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import warnings
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from meltano.core.meltano_file import MeltanoFile

from qa_sandbox.demo import write_back
from tap_qa.tap import TapQA
from target_qa.target import TargetQA
from tools.docs.generate import out_of_date
from tools.docs.plugin_facts import PluginFacts, tap_facts, target_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((ROOT / "meltano.yml").read_text(encoding="utf-8"))
    return parsed


@pytest.fixture(scope="module")
def extractor(project: dict[str, Any]) -> dict[str, Any]:
    definition: dict[str, Any] = next(each for each in project["plugins"]["extractors"] if each["name"] == "tap-qa")
    return definition


@pytest.fixture(scope="module")
def facts() -> PluginFacts:
    return tap_facts()


def test_written_files_say_what_the_tap_says() -> None:
    assert sorted(path.name for path in out_of_date(ROOT)) == []


def test_it_is_valid_by_meltanos_own_schema(project: dict[str, Any]) -> None:
    schema = json.loads((resources.files("meltano") / "schemas" / "meltano.schema.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(project)] == []


def test_meltano_reads_it_without_a_deprecation_warning(
    project: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        MeltanoFile.parse(project)
    assert "deprecated" not in "".join(capfd.readouterr())


def test_every_setting_has_a_kind_a_label_and_a_description(project: dict[str, Any]) -> None:
    plugins = [*project["plugins"]["extractors"], *project["plugins"]["loaders"]]
    wanting = [
        (plugin["name"], setting["name"], key)
        for plugin in plugins
        for setting in plugin["settings"]
        for key in ("kind", "label", "description")
        if not setting.get(key)
    ]
    assert wanting == []


def test_it_has_the_settings_of_the_tap_and_their_kinds(extractor: dict[str, Any], facts: PluginFacts) -> None:
    kinds = {"date-time": "date_iso8601"}
    expected = {
        each.name: "password" if each.secret else "options" if each.options else kinds.get(each.type, each.type)
        for each in facts.settings
    }
    assert {setting["name"]: setting["kind"] for setting in extractor["settings"]} == expected


def test_it_has_the_settings_of_the_target(project: dict[str, Any]) -> None:
    loader = next(each for each in project["plugins"]["loaders"] if each["name"] == "target-qa")
    kinds = {setting["name"]: setting["kind"] for setting in loader["settings"]}
    assert kinds.keys() == {setting.name for setting in target_facts().settings}
    assert {name for name, kind in kinds.items() if kind == "password"} == {
        "betterworks.api_token",
        "canary_speech.api_key",
        "maestroqa.api_token",
    }


def test_what_is_laid_out_to_go_back_has_a_sink(project: dict[str, Any]) -> None:
    loader = next(each for each in project["plugins"]["loaders"] if each["name"] == "target-qa")
    reader = next(each for each in project["plugins"]["extractors"] if each["name"] == "tap-postgres")
    assert reader["config"]["filter_schemas"] == [write_back.OUTBOX]
    assert loader["config"]["mapping"] == {
        f"{write_back.OUTBOX}-{sink}": {"sink": sink}
        for sink in ("canary_speech_scores", "maestroqa_tickets", "betterworks_checkins")
    }


def test_secrets_are_sensitive_and_nothing_else_is(extractor: dict[str, Any], facts: PluginFacts) -> None:
    sensitive = {setting["name"] for setting in extractor["settings"] if setting.get("sensitive")}
    assert sensitive == {setting.name for setting in facts.settings if setting.secret}
    assert {"scorebuddy.client_secret", "betterworks.api_token"} <= sensitive


def test_no_setting_of_a_vendor_has_a_value_that_would_configure_the_vendor(extractor: dict[str, Any]) -> None:
    assert [setting["name"] for setting in extractor["settings"] if "." in setting["name"] and "value" in setting] == []


def test_each_vendors_required_settings_are_one_group(extractor: dict[str, Any], facts: PluginFacts) -> None:
    groups = extractor["settings_group_validation"]
    assert ["start_date", "scorebuddy.url", "scorebuddy.client_id", "scorebuddy.client_secret"] in groups
    assert ["start_date", "betterworks.api_token"] in groups
    assert len(groups) == len(facts.vendors)


def test_it_leaves_out_the_streams_that_are_not_selected_by_default(
    extractor: dict[str, Any], facts: PluginFacts
) -> None:
    left_out = {rule.removeprefix("!").removesuffix(".*") for rule in extractor["select"] if rule.startswith("!")}
    assert "*.*" in extractor["select"]
    assert left_out == {stream.name for stream in facts.streams if not stream.selected_by_default}
    # Lists whose path no public source confirms, those that take many requests, and those that few accounts have.
    assert {name.partition("_")[0] for name in left_out} == {"betterworks", "cxone", "maestroqa", "scorebuddy"}


def test_postgres_is_loaded_in_the_way_that_keeps_instants(project: dict[str, Any]) -> None:
    loader = next(each for each in project["plugins"]["loaders"] if each["name"] == "target-postgres")
    assert loader["variant"] == "meltanolabs"
    assert loader["config"] == {
        "use_copy": True,
        "sanitize_null_text_characters": True,
        "validate_records": False,
    }


def test_a_job_runs_every_day(project: dict[str, Any]) -> None:
    jobs, schedule = {job["name"]: job["tasks"] for job in project["jobs"]}, project["schedules"][0]
    assert jobs[schedule["job"]] == ["tap-qa target-postgres", "dbt-postgres:build"]
    assert schedule["interval"] == "@daily"


def test_there_are_environments(project: dict[str, Any]) -> None:
    assert project["default_environment"] in [environment["name"] for environment in project["environments"]]


@pytest.mark.parametrize("name", ["doctor", "doctor-exports"])
def test_the_doctors_commands_have_arguments_that_it_takes(extractor: dict[str, Any], name: str) -> None:
    command = extractor["commands"][name]
    program = Path(sys.executable).with_name(command["executable"])
    done = subprocess.run([program, *command["args"].split(), "--list"], check=False, capture_output=True, text=True)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, "")
    assert ("--exports" in command["args"]) == (name == "doctor-exports")
    assert "\ncxone " in done.stdout


@pytest.mark.slow
def test_settings_from_the_environment_reach_the_tap_nested(tmp_path: Path) -> None:
    given = {
        "TAP_QA_START_DATE": "2026-01-01T00:00:00Z",
        "TAP_QA_LOOKBACK_DAYS": "3",
        "TAP_QA_BETTERWORKS_API_TOKEN": "made-up",
        "TAP_QA_BETTERWORKS_PATHS": '{"betterworks_feedback": "feedback/"}',
    }
    config, log = _config_from_meltano("tap-qa", tmp_path, given)
    assert config["start_date"].startswith("2026-01-01T00:00:00")
    assert config["lookback_days"] == 3
    assert config["betterworks"] == {"api_token": "*****", "paths": {"betterworks_feedback": "feedback/"}}
    assert {"scorebuddy", "maestroqa", "cxone", "canary_speech"}.isdisjoint(config)
    assert "deprecated" not in log.lower()


@pytest.mark.slow
def test_every_line_of_the_example_works_uncommented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    lines = re.sub(r"^# ((?:TAP|TARGET)_)", r"\1", example, flags=re.MULTILINE)
    assert len(re.findall(r"^# (?:TAP|TARGET)_", example, re.MULTILINE)) > 50
    (tmp_path / ".env").write_text(lines, encoding="utf-8")
    by_meltano = {
        plugin: _config_from_meltano(plugin, tmp_path, {}, tmp_path / ".env")[0]
        for plugin in ("tap-qa", "target-qa", "target-postgres")
    }
    assert by_meltano["target-postgres"]["port"] == 5432
    monkeypatch.chdir(tmp_path)
    for name in re.findall(r"^(\w+)=", lines, re.MULTILINE):
        monkeypatch.setenv(name, "")  # so that what the file sets is undone
    kinds: tuple[type[TapQA | TargetQA], ...] = (TapQA, TargetQA)
    for kind in kinds:
        given = kind(config=by_meltano[kind.name]).config  # which checks it
        assert {vendor.name for vendor in kind.vendors} <= set(given)
        own = kind(config={}, parse_env_config=True).config
        assert set(own) == set(given)
        assert {name: set(own[name]) for name in (each.name for each in kind.vendors)} == {
            vendor.name: set(given[vendor.name]) for vendor in kind.vendors
        }


@pytest.mark.slow
def test_settings_of_the_marts_come_under_meltanos_names_not_dbts(tmp_path: Path) -> None:
    """A setting's `env` in `meltano.yml` is where Meltano writes for dbt; it reads its own name of the setting only."""
    ignored = {"QA_DUCKDB": "/ignored.duckdb", "QA_JSONL": "/ignored"}
    read = {"DBT_DUCKDB_PATH": "/read.duckdb", "DBT_DUCKDB_JSONL": "/read"}
    config, _ = _config_from_meltano("dbt-duckdb", tmp_path, {**ignored, **read})
    assert (config["path"], config["jsonl"]) == ("/read.duckdb", "/read")
    config, _ = _config_from_meltano("dbt-duckdb", tmp_path, ignored)
    assert "ignored" not in json.dumps(config)


def _config_from_meltano(
    plugin: str, folder: Path, given: Mapping[str, str], env_file: Path | None = None
) -> tuple[dict[str, Any], str]:
    """Ask Meltano for the config that it would hand a plugin."""
    (folder / "system").mkdir(exist_ok=True)
    done = subprocess.run(  # noqa: S603
        [
            Path(sys.executable).with_name("meltano"),
            f"--env-file={env_file or folder / 'no.env'}",
            "config",
            "print",
            plugin,
            "--format=json",
        ],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "MELTANO_SYS_DIR_ROOT": str(folder / "system"),
            "XDG_STATE_HOME": str(folder),
            "MELTANO_CLI_DISABLE_VERSION_CHECK": "true",
            "PYTHONWARNINGS": "default::DeprecationWarning:meltano",
            **given,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    config: dict[str, Any] = json.loads(done.stdout)
    return config, done.stderr
