"""`tap-qa-doctor` against simulators that take each reading of a fact, and against accounts that tell nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from qa_sandbox.http import effects
from qa_sandbox.vendors.canary_speech import CanarySpeech
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset
from tap_qa.doctor import command
from tap_qa.probes.probe import MAX_REQUESTS, Account, Asked, Probe, UndeclaredRequestError, get
from tap_qa.tap import VENDORS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa_harness.clock import FakeClock
    from qa_sandbox.sandbox import Sandbox
    from qa_sandbox.vendor import SimulatedVendor
    from qa_sandbox.vendors.betterworks import Betterworks
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox


@dataclass
class Visit:
    """What a run of the command gave."""

    status: int
    text: str
    report: dict[str, Any]

    def __getitem__(self, probe: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = [p for v in self.report["vendors"] for p in v["probes"] if p["id"] == probe]
        return found[0]


@pytest.fixture
def visit(clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Visit]:
    """Run the command with a sandbox's config."""
    monkeypatch.setattr(command.ExaminedTap, "clock", clock)

    def run(sandbox: Sandbox, *options: str, **changed: Any) -> Visit:  # noqa: ANN401 - settings
        config = sandbox.config()
        for vendor in sandbox.vendors:
            config[vendor] |= changed.get(vendor, {})
        (tmp_path / "config.json").write_text(json.dumps(config))
        output = tmp_path / "report.json"
        arguments = ["--config", str(tmp_path / "config.json"), "--output", str(output), *options]
        result = CliRunner().invoke(command.doctor, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        report = json.loads(output.read_text()) if output.exists() else {"vendors": []}
        return Visit(result.exit_code, result.output, report)

    return run


def all_vendors(clock: FakeClock, *others: SimulatedVendor) -> list[SimulatedVendor]:
    maestroqa = MaestroQa(clock, MaestroQaDataset(clock, days=3, tickets_per_day=3))
    maestroqa.easy.clock = clock.monotonic
    return [*others, maestroqa, CxOne(clock), CanarySpeech(clock)]


def test_a_healthy_account_passes(
    scorebuddy: Scorebuddy,
    betterworks: Betterworks,
    clock: FakeClock,
    open_sandbox: OpenSandbox,
    visit: Callable[..., Visit],
) -> None:
    sandbox = open_sandbox(*all_vendors(clock, scorebuddy, betterworks))
    seen = visit(sandbox)

    assert seen.status == command.FINE, seen.text
    for probe in ("SA1", "SA2", "SA3", "BA1", "MA1", "CA1", "CA3", "KA1"):
        assert seen[probe]["outcome"] == "answered", seen[probe]
    # What was asked is what `--list` prints, and nothing else.
    declared = {vendor.name: [asked for probe in vendor.probes for asked in probe.asks] for vendor in VENDORS}
    tokens = {"authorisation/token", "v3/auth/tokens/get", "authentication/v1/token/access-key"}
    for vendor in sandbox.vendors.values():
        calls = list(vendor.request_log)
        assert 0 < len(calls) <= MAX_REQUESTS
        for call in calls:
            path = call.path.removeprefix("/1234567").removeprefix("/api/v1").lstrip("/")
            known = path in tokens or call.method == "HEAD"
            assert known or any(asked.allows(call.method, path, call.query) for asked in declared[vendor.name]), call


def test_a_report_holds_nothing_of_the_account(
    scorebuddy: Scorebuddy,
    betterworks: Betterworks,
    clock: FakeClock,
    open_sandbox: OpenSandbox,
    visit: Callable[..., Visit],
) -> None:
    sandbox = open_sandbox(*all_vendors(clock, scorebuddy, betterworks))
    seen = visit(sandbox)
    said = (seen.text + json.dumps(seen.report)).lower()

    people = scorebuddy.dataset.instance.employees.values()
    for secret in [*(p.last_name for p in people), *(p.email for p in people), sandbox.config()["scorebuddy"]["url"]]:
        assert secret.lower() not in said
    assert "127.0.0.1" not in said
    probes = [probe for vendor in seen.report["vendors"] for probe in vendor["probes"]]
    assert not [probe["id"] for probe in probes if probe["reading"] == "withheld"]


@pytest.mark.parametrize(("zone", "reading"), [("Europe/Dublin", "1:00"), ("Asia/Kolkata", "5:30"), ("UTC", "UTC")])
def test_the_zone_shows_in_rows_of_the_future(
    zone: str, reading: str, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, visit: Callable[..., Visit]
) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.rules.timezone = zone
    scorebuddy.dataset.add()
    seen = visit(sandbox, "--only", "S2", scorebuddy={"timezone": None})

    assert seen["S2"]["outcome"] == "answered"
    assert reading in seen["S2"]["reading"]
    assert seen.status == (command.FINE if zone == "UTC" else command.TO_DO)
    assert ("scorebuddy.timezone" in seen.text) == (zone != "UTC")


def test_an_idle_account_leaves_the_zone_undecided(
    scorebuddy: Scorebuddy, clock: FakeClock, open_sandbox: OpenSandbox, visit: Callable[..., Visit]
) -> None:
    sandbox = open_sandbox(scorebuddy)
    clock.advance(timedelta(days=3))
    seen = visit(sandbox, "--only", "S2")
    assert seen["S2"]["outcome"] == "undecided"
    assert "S2" in seen.text.partition("Nobody knows yet:")[2]


@pytest.mark.parametrize("first_page", [0, 1])
def test_the_first_page_of_betterworks_is_told(
    first_page: Any,  # noqa: ANN401 - a literal
    betterworks: Betterworks,
    open_sandbox: OpenSandbox,
    visit: Callable[..., Visit],
) -> None:
    sandbox = open_sandbox(betterworks)
    betterworks.rules.first_page = first_page
    assert visit(sandbox, "--only", "B2")["B2"]["reading"] == f"first_page_{first_page}"


def test_deployments_are_told_by_their_names(
    betterworks: Betterworks, open_sandbox: OpenSandbox, visit: Callable[..., Visit]
) -> None:
    sandbox = open_sandbox(betterworks)
    betterworks.rules.deployments_key, betterworks.rules.deployment_id_key = "deployment", "deployment_id"
    assert visit(sandbox, "--only", "B11")["B11"]["reading"] == "deployment[].deployment_id"


def test_missing_scopes_are_named(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, visit: Callable[..., Visit]
) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.rules.granted = frozenset({"groups:read", "scores:read"})
    seen = visit(sandbox, "--only", "SA3")
    assert seen["SA3"]["outcome"] == "refused"
    assert set(seen["SA3"]["evidence"]["scopes"]) >= {"users:read", "staff:read"}
    assert "scores:read" not in seen["SA3"]["evidence"]["scopes"]


def test_a_vendor_that_refuses_the_credentials_leaves_the_others_alone(
    scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox, visit: Callable[..., Visit]
) -> None:
    sandbox = open_sandbox(scorebuddy, betterworks)
    seen = visit(sandbox, betterworks={"api_token": "wrong"})
    assert seen.status == command.UNREACHABLE
    assert seen["BA1"]["outcome"] == "refused"
    assert seen["B2"]["outcome"] == "skipped"
    assert seen["SA2"]["outcome"] == "answered"
    assert len(betterworks.request_log) == 1


def test_a_vendor_that_is_down_is_told(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, visit: Callable[..., Visit]
) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.faults.add(effects.reply(503, "down"), times=None)
    seen = visit(sandbox)
    assert seen.status == command.UNREACHABLE
    assert seen["SA2"]["outcome"] == "failed"
    assert "Traceback" not in seen.text


def test_a_wrong_config_has_a_status_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"scorebuddy": {"url": "https://scorebuddy.invalid/1"}}')
    result = CliRunner().invoke(command.doctor, ["--config", str(tmp_path / "config.json")])
    assert result.exit_code == command.WRONG_CONFIG
    assert CliRunner().invoke(command.doctor, ["--only", "S99"]).exit_code == command.WRONG_CONFIG


def test_the_list_of_probes_needs_no_config() -> None:
    result = CliRunner().invoke(command.doctor, ["--list"])
    assert result.exit_code == command.FINE
    ids = [probe.id for vendor in VENDORS for probe in vendor.probes]
    assert len(ids) == len(set(ids)) == len(result.output.splitlines())


def test_a_probe_can_ask_only_what_it_declares() -> None:
    asked = Asked("GET", "scorecards/{}/sections", frozenset({"limit"}))
    assert asked.allows("GET", "scorecards/7/sections", {"limit": 1})
    assert not asked.allows("GET", "scorecards/7/8/sections", {})
    assert not asked.allows("GET", "scorecards/7/sections", {"page": 1})
    assert not asked.allows("DELETE", "scorecards/7/sections", {})
    account = Account({}, None, None)  # type: ignore[arg-type]
    account.probe = Probe("X1", "access", "nothing", (get("ping"),), lambda _account: pytest.fail("not run"))
    with pytest.raises(UndeclaredRequestError):
        account.get("pong")
