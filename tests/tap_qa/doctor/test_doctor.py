"""`tap-qa-doctor`: what it sends, how it ends, and what one vendor's failure means to the others."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from qa_sandbox.http import effects
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tap_qa.doctor import command
from tap_qa.doctor.catalogue import probes_by_vendor
from tap_qa.probes.account import MAX_REQUESTS, Account, UndeclaredRequestError
from tap_qa.probes.asked import DOWNLOAD, Asked, get
from tap_qa.vendors.maestroqa.probes import access
from tests.tap_qa.doctor.accounts import account_of, all_accounts
from tests.tap_qa.doctor.visits import on_prompt

if TYPE_CHECKING:
    from pathlib import Path

    from qa_harness.clock import FakeClock
    from qa_sandbox.sandbox import Sandbox
    from qa_sandbox.vendor import SimulatedVendor
    from qa_sandbox.vendors.betterworks import Betterworks
    from tests.conftest import OpenSandbox
    from tests.tap_qa.doctor.visits import Examine

BASES = {"scorebuddy": "/1234567/api/v1", "maestroqa": "/api/v1", "betterworks": "/api/v1"}
MAX_WITHOUT_EXPORTS = {"scorebuddy": 65, "maestroqa": 11, "cxone": 3, "betterworks": 34, "canary_speech": 15}
"""Requests of a whole run, those for tokens left out."""

ALL_PROBES = probes_by_vendor()
_DOCTOR = (sys.executable, "-c", "from tap_qa.cli import doctor; doctor()")


def assert_only_what_is_listed(vendor: SimulatedVendor) -> int:
    """Compare all requests with what `--list` prints; return how many there were but for tokens."""
    declared = [asked for probe in ALL_PROBES[vendor.name] for asked in probe.asks]
    count = 0
    for call in vendor.request_log:
        if call.server != "api":
            assert DOWNLOAD in declared
            continue
        path = call.path.removeprefix(BASES.get(vendor.name, "")).lstrip("/")
        body = json.loads(call.body) if call.body.startswith(b"{") else {}
        names = [*call.query, *body] if "token" not in path else []
        assert any(asked.allows(call.method, path, names) for asked in declared), call
        count += "token" not in path
    return count


def test_a_healthy_account_passes_by_the_listed_requests(
    clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine
) -> None:
    sandbox = open_sandbox(*all_accounts(clock))
    seen = examine(sandbox)

    assert seen.status == command.FINE, seen.text
    for entry in seen.probes:
        if entry["id"][1] == "A":
            assert entry["outcome"] == "answered", entry
    for name, vendor in sandbox.vendors.items():
        assert 0 < assert_only_what_is_listed(vendor) <= MAX_WITHOUT_EXPORTS[name] <= MAX_REQUESTS
    assert {entry["outcome"] for entry in seen.probes} <= {"answered", "undecided", "skipped"}
    assert {entry["reading"] for entry in seen.probes if entry["outcome"] == "skipped"} <= {
        "needs --exports",
        "needs --watch M4 and --exports",
        "needs --watch M14 and --exports",
        "needs --watch B17",
    }


def test_exports_are_asked_for_one_after_the_other(
    clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine
) -> None:
    sandbox = open_sandbox(account_of("maestroqa", clock), account_of("cxone", clock))
    started = clock.monotonic()
    seen = examine(sandbox, "--exports")

    assert seen.status == command.FINE, seen.text
    for vendor in sandbox.vendors.values():
        assert_only_what_is_listed(vendor)
    asked = {entry["id"] for entry in seen.probes if entry["outcome"] in {"answered", "undecided"}}
    assert asked == {probe.id for name in sandbox.vendors for probe in ALL_PROBES[name] if probe.read is not None}
    assert clock.monotonic() - started < command.MAX_SECONDS_WITH_EXPORTS


def test_each_setting_to_change_is_named(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, examine: Examine) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.rules.timezone = "Europe/Dublin"
    scorebuddy.dataset.add()
    seen = examine(sandbox, "--only", "S2", scorebuddy={"timezone": None})

    assert seen.status == command.TO_DO
    assert seen["S2"]["suggest"]["setting"] == "scorebuddy.timezone"
    to_do = seen.text.partition("To do:")[2]
    assert "scorebuddy.timezone: the zone of the instance, as Europe/Dublin." in to_do
    assert "rows could be lost" in to_do


def test_what_nobody_knows_yet_says_how_to_settle_it(
    betterworks: Betterworks, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, examine: Examine
) -> None:
    sandbox = open_sandbox(scorebuddy, betterworks)
    sandbox.pass_time()
    scorebuddy.rules.shows_after = 10**7
    seen = examine(sandbox, "--only", "S2,S5")
    unknown = seen.text.partition("Not known yet:")[2]
    assert "needs a score edited within the last quarter of an hour, or `--watch S2`" in unknown
    assert "Today: " in unknown
    assert [vendor["vendor"] for vendor in seen.report["vendors"]] == ["scorebuddy"]


def test_a_vendor_that_refuses_the_credentials_leaves_the_others_alone(
    scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox, examine: Examine
) -> None:
    sandbox = open_sandbox(scorebuddy, betterworks)
    scorebuddy.rules.ignores_groups = True  # something to do, which matters less
    seen = examine(sandbox, betterworks={"api_token": "wrong"}, scorebuddy={"group_ids": [1]})
    assert seen.status == command.UNREACHABLE
    assert seen["BA1"]["outcome"] == "refused"
    assert seen["B2"] == {**seen["B2"], "outcome": "skipped", "reading": "BA1 did not pass"}
    assert seen["SA2"]["outcome"] == "answered"
    assert seen["S12"]["reading"] == "ignored"
    assert len(betterworks.request_log) == 1


@pytest.mark.parametrize("how", ["down", "unreachable"])
def test_a_vendor_that_is_out_of_reach_leaves_the_others_alone(
    how: str, scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox, examine: Examine
) -> None:
    sandbox = open_sandbox(scorebuddy, betterworks)
    scorebuddy.faults.add(effects.reply(503, "down") if how == "down" else effects.reset(), times=None)
    seen = examine(sandbox)
    assert seen.status == command.UNREACHABLE
    assert (seen["SA1"]["outcome"], seen["SA1"]["reading"]) == (
        "failed",
        "no answer, or only failures; is the url right?",
    )
    assert seen["B2"]["outcome"] == "answered"
    assert "Traceback" not in seen.text


def test_a_busy_api_leaves_the_budget_undecided(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, examine: Examine
) -> None:
    sandbox = open_sandbox(scorebuddy)
    left = iter([90_000, 89_900, 89_880, 89_879])

    def others(answer: Any) -> Any:  # noqa: ANN401 - an effect's argument
        kept = answer.without_header("x-ratelimit-remaining")
        told = ("x-ratelimit-remaining", str(next(left)))
        return replace(kept, headers=[*kept.headers, told])

    scorebuddy.faults.add(effects.rewrite(others), path="ping", times=4)
    assert examine(sandbox, "--only", "SA1")["SA1"]["reading"] == "others_ask_too"


def test_a_fifth_of_the_hourly_budget_is_left_to_others(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, examine: Examine
) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.rules.hourly_budget = 20
    seen = examine(sandbox)
    assert seen["SA3"]["outcome"] == "answered"
    assert seen["S15"] == {
        **seen["S15"],
        "outcome": "skipped",
        "reading": "a fifth of the hourly budget is left to others",
    }
    assert sum("ping" not in call.path for call in scorebuddy.request_log) <= 17


def test_the_time_has_an_end(
    scorebuddy: Scorebuddy, clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine
) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.dataset.on_request.append(lambda _call: clock.sleep(20))
    seen = examine(sandbox)
    assert clock.monotonic() < command.MAX_SECONDS + 60
    assert (seen["S15"]["outcome"], seen["S15"]["reading"]) == ("skipped", "the time is over")


def test_an_export_that_never_ends_is_not_waited_for(
    clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine
) -> None:
    maestroqa = account_of("maestroqa", clock)
    assert isinstance(maestroqa, MaestroQa)
    sandbox = open_sandbox(maestroqa)
    maestroqa.faults.add(
        effects.swap_json(lambda body: body.update(status="in_progress")), path="export-data", times=None
    )
    seen = examine(sandbox, "--exports")
    assert seen["M1"]["outcome"] == "skipped"
    assert clock.monotonic() <= command.MAX_SECONDS_WITH_EXPORTS


def test_a_job_that_is_not_known_is_given_up(clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine) -> None:
    cxone = account_of("cxone", clock)
    sandbox = open_sandbox(cxone)
    cxone.faults.add(effects.reply(404), method="GET", path="jobs/.", times=None)
    seen = examine(sandbox, "--exports", "--only", "C1")
    assert (seen["C1"]["outcome"], seen["C1"]["reading"]) == ("failed", "unexpected response error")


@pytest.mark.parametrize("name", ALL_PROBES)
@pytest.mark.parametrize("body", ["{}", "[1, null]", "<html>"])
def test_an_account_that_talks_nonsense_breaks_nothing(
    name: str, body: str, clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine
) -> None:
    vendor = account_of(name, clock)
    sandbox = open_sandbox(vendor)
    vendor.faults.add(effects.reply(200, body, content_type="application/json"), path=r"^(?!.*token)", times=None)
    seen = examine(sandbox, "--exports")
    assert seen.status in {command.FINE, command.UNREACHABLE, command.TO_DO}
    assert not [entry for entry in seen.probes if entry["reading"] == "withheld"]


def test_the_other_host_of_maestroqa_is_found(
    clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = account_of("maestroqa", clock), account_of("maestroqa", clock)
    assert isinstance(here, MaestroQa)
    here.polls = set()
    sandbox = open_sandbox(here)
    open_sandbox(there)
    monkeypatch.setattr(access, "HOSTS", (here.urls["api"] + "/api/v1", there.urls["api"] + "/api/v1"))
    seen = examine(sandbox, "--only", "M8")
    assert seen["M8"]["reading"] == "other_host"
    assert seen["M8"]["suggest"]["setting"] == "maestroqa.url"
    assert {call.path for call in there.request_log} == {
        "/api/v1/get-export-data",
        "/api/v1/export-data/tap-qa-connection-test",
    }


def test_a_host_that_is_not_the_vendors_own_gets_no_token_of_it(
    clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = account_of("maestroqa", clock), account_of("maestroqa", clock)
    sandbox = open_sandbox(here)
    open_sandbox(there)
    monkeypatch.setattr(access, "HOSTS", (there.urls["api"] + "/api/v1",))
    examine(sandbox, "--only", "M8")
    assert len(there.request_log) == 0


def test_the_time_that_a_user_takes_does_not_count(
    clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scorebuddy = account_of("scorebuddy", clock)
    assert isinstance(scorebuddy, Scorebuddy)
    sandbox = open_sandbox(scorebuddy)
    hour = 3600

    def edit_slowly() -> None:
        clock.sleep(hour)
        scorebuddy.dataset.add()

    on_prompt(monkeypatch, edit_slowly)
    assert examine(sandbox, "--watch", "S2")["S2"]["reading"] == "utc"


def test_what_is_watched_is_asked_for_once_and_alone(
    clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = open_sandbox(account_of("scorebuddy", clock), account_of("betterworks", clock))
    asked = on_prompt(monkeypatch, lambda: None)
    seen = examine(sandbox, "--watch", "S2")
    assert asked == ["Edit one score in Scorebuddy"]
    assert [entry["id"] for entry in seen.probes] == ["SA1", "SA2", "SA3", "S2"]


WRONG_USES = {
    "--only S99": "there is no S99",
    "--vendor nobody": "there is no nobody",
    "--watch S12": "S12 can't be watched",
    "--watch M4": "--watch M4 asks for files: add --exports",
    "--watch S2": "needs a terminal",
    "--output /nowhere/at/all.json": "a folder that is not there",
}


@pytest.mark.parametrize("options", WRONG_USES)
def test_a_wrong_use_has_the_status_of_a_wrong_config(options: str) -> None:
    result = CliRunner().invoke(command.doctor, options.split())
    assert result.exit_code == command.WRONG_CONFIG
    assert WRONG_USES[options] in " ".join(result.output.replace("│", " ").split())


@pytest.mark.parametrize(
    ("config", "options"),
    [
        ('{"scorebuddy": {"url": "https://scorebuddy.invalid/1"}}', []),
        ('{"betterworks": {"api_token": "t"}}', ["--vendor", "scorebuddy"]),
        ("{}", []),
    ],
)
def test_a_wrong_config_has_a_status_of_its_own(config: str, options: list[str], tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(config)
    result = CliRunner().invoke(command.doctor, ["--config", str(tmp_path / "config.json"), *options])
    assert result.exit_code == command.WRONG_CONFIG


def test_signals_end_it(betterworks: Betterworks, open_sandbox: OpenSandbox, tmp_path: Path) -> None:
    sandbox: Sandbox = open_sandbox(betterworks)
    betterworks.faults.add(effects.delay(60), times=None)
    (tmp_path / "config.json").write_text(json.dumps(sandbox.config()))
    command_line = [*_DOCTOR, "--config", str(tmp_path / "config.json")]
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    running = [subprocess.Popen(command_line, stderr=subprocess.PIPE, text=True) for _ in numbers]  # noqa: S603
    while len(betterworks.request_log) < len(running) and all(process.poll() is None for process in running):
        time.sleep(0.05)
    for number, process in zip(numbers, running, strict=True):
        process.send_signal(number)
        _, errors = process.communicate()
        assert process.returncode == 128 + number
        assert "Traceback" not in errors


def test_the_list_of_probes_needs_no_config() -> None:
    result = CliRunner().invoke(command.doctor, ["--list"])
    assert result.exit_code == command.FINE
    listed = json.loads(CliRunner().invoke(command.doctor, ["--list", "--format", "json"]).output)
    declared = [probe for found in ALL_PROBES.values() for probe in found]
    assert len({probe.id for probe in declared}) == len(declared) == len(listed) == 52
    for probe in listed:
        assert f"{probe['vendor']} {probe['id']}: {probe['question']}" in result.output
        assert all(f"    {asked}\n" in result.output for asked in probe["requests"])


def test_a_probe_can_ask_only_what_it_declares() -> None:
    asked = Asked("GET", "scorecards/{}/sections", frozenset({"limit"}))
    assert asked.allows("GET", "scorecards/7/sections", {"limit"})
    assert not asked.allows("GET", "scorecards/7/8/sections", {})
    assert not asked.allows("GET", "scorecards/7/sections", {"page"})
    assert not asked.allows("DELETE", "scorecards/7/sections", {})
    account = Account({}, None, asks=(get("ping"),))  # type: ignore[arg-type]
    with pytest.raises(UndeclaredRequestError):
        account.get("pong")
