"""How runs end: the exit status, the summary behind the log, and the verdicts of `--test`."""

from __future__ import annotations

import json
import signal
import socket
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.run import run_process, run_tap, running_process, select
from qa_sandbox.http import effects
from tap_qa import errors
from tap_qa.http.backoff import backoffs
from tap_qa.runs.connection_check import quick
from tap_qa.runtime.context import RetryPolicy
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.betterworks import Betterworks
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

GROUPS, TEAMS, SCORES = "scorebuddy_groups", "scorebuddy_teams", "scorebuddy_scores"


def refuse(vendor: Scorebuddy) -> None:
    vendor.faults.add(effects.reply(403), path="/teams$", times=None)


def be_down(vendor: Scorebuddy) -> None:
    vendor.faults.add(effects.reply(503), path="/groups$", times=None)


def use_up_the_quota(vendor: Scorebuddy) -> None:
    vendor.faults.add(effects.retry_after(36_000), path="/groups$", times=None)


def be_down_and_refuse(vendor: Scorebuddy) -> None:
    be_down(vendor)
    refuse(vendor)


def serve(_: Scorebuddy) -> None:
    """Do nothing else."""


@pytest.mark.parametrize(
    ("happen", "status", "outcome"),
    [
        (serve, 0, "finished"),
        (be_down, 75, "retry"),
        (use_up_the_quota, 75, "retry"),
        (refuse, 1, "failed"),
        (be_down_and_refuse, 1, "failed"),
    ],
)
def test_the_status_says_whether_to_try_again(  # noqa: PLR0913, PLR0917 - what pytest gives
    happen: Callable[[Scorebuddy], None],
    status: int,
    outcome: str,
    scorebuddy: Scorebuddy,
    open_sandbox: OpenSandbox,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sandbox = open_sandbox(scorebuddy)
    happen(scorebuddy)
    config = {**config_of(sandbox), "max_retries": 2}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select(GROUPS, TEAMS))
    assert run.status == status
    others_are_read = any("What the others read is complete." in line for line in run.errors)
    assert others_are_read == (happen in {refuse, be_down, use_up_the_quota})
    summary = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert summary["outcome"] == outcome
    streams = {stream["stream"]: stream for stream in summary["streams"]}
    assert list(streams) == [GROUPS, TEAMS]
    assert streams[TEAMS]["rows"] == len(run.records(TEAMS))
    assert streams[TEAMS]["outcome"] == ("failed" if happen in {refuse, be_down_and_refuse} else "finished")
    for name in ("rows", "windows", "requests"):
        assert summary[name] == sum(stream[name] for stream in streams.values())
    assert {"seconds", "rows", "windows", "requests"} <= set(streams[GROUPS])


@pytest.mark.parametrize("config", [{}, {"start_date": "some day", "scorebuddy": {}}])
def test_a_run_that_never_began_has_a_summary_too(config: Any) -> None:  # noqa: ANN401 - JSON
    run = run_process(config)
    assert run.status == 1
    summary = json.loads(run.logs[-1].text)
    assert (summary["outcome"], summary["streams"]) == ("failed", [])
    assert "Traceback" not in run.log_text(0)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_run_that_is_stopped_claims_nothing(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, sign: signal.Signals
) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.faults.add(effects.retry_after(900), path="/scores$", times=None)
    with running_process(config_of(sandbox), catalog=select(GROUPS, SCORES)) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if b"attempt 2 of" in line:
                break
        process.send_signal(sign)
        _, log = process.communicate(timeout=10)
    assert process.returncode == 128 + sign
    summary = json.loads(log.splitlines()[-1])
    assert summary["outcome"] == "stopped"
    assert {stream["stream"]: stream["outcome"] for stream in summary["streams"]} == {
        GROUPS: "finished",
        SCORES: "stopped",
    }


def test_what_may_pass() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.TapQAError) and kind.may_pass
    ]
    assert set(kinds) == {
        errors.UnavailableError,
        errors.RateLimitError,
        errors.InconsistentListError,
        errors.JobTimeoutError,
    }


def test_only_selected_streams_are_tested(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    refuse(scorebuddy)
    arguments = ["--test"]
    run = run_tap(config_of(sandbox), arguments=arguments, clock=scorebuddy.clock, catalog=select(GROUPS)).succeeded()
    assert run.lines()[-1] == "Scorebuddy: connection test passed (1 streams)"
    assert {call.path.rpartition("/")[2] for call in scorebuddy.request_log} == {"token", "groups"}
    run = run_tap(config_of(sandbox), arguments=arguments, clock=scorebuddy.clock, catalog=select(GROUPS, TEAMS))
    assert run.status == 1


def test_a_test_ends_with_a_verdict_for_each_vendor(
    scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy, betterworks)
    refuse(scorebuddy)
    run = run_tap(config_of(sandbox), arguments=["--test"], clock=scorebuddy.clock)
    assert run.status == 1
    good, bad = run.lines()[-2:]
    assert good == "Betterworks: connection test passed (2 streams)"
    assert bad.startswith("Scorebuddy: HTTP 403")
    assert bad.endswith("(1 of 11 streams failed)")


def test_a_test_is_for_somebody_who_sits_and_waits() -> None:
    policy = quick(RetryPolicy())
    most = policy.max_attempts * policy.connect_timeout_seconds + sum(islice(backoffs(), policy.max_attempts - 1))
    assert most < 12
    assert quick(RetryPolicy(max_attempts=1)).max_attempts == 1


def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("url", "name"), [("https://host.invalid", "name not found"), ("http://127.0.0.1:{port}", "connection refused")]
)
def test_a_host_that_is_not_there_is_named_at_once(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox, clock: FakeClock, url: str, name: str
) -> None:
    config = config_of(open_sandbox(scorebuddy))
    config["scorebuddy"]["url"] = url.format(port=unused_port()) + "/1234567"
    run = run_tap(config, arguments=["--test"], clock=clock)
    assert run.status == 1
    assert name in run.errors[-1]
    assert "(11 of 11 streams failed)" in run.errors[-1]
    assert clock.slept <= 2


@pytest.mark.parametrize("config", [{}, {"start_date": "some day", "scorebuddy": {"url": 7}}])
def test_settings_are_the_same_errors_in_a_test_as_in_a_sync(config: Any) -> None:  # noqa: ANN401 - JSON
    synced, tested = run_tap(config), run_tap(config, arguments=["--test"])
    assert synced.status == tested.status == 1
    assert synced.failure is tested.failure is None
    assert synced.errors == tested.errors != []
