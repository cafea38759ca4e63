"""Integrations, their cases, and the satisfaction with these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.http import effects
from tests.support.expected_records import differences
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

INTEGRATIONS, CASES, SATISFACTION = STREAMS = tuple(
    f"scorebuddy_{name}" for name in ("integrations", "cases", "satisfaction")
)


def test_interactions_equal_the_truth(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(*STREAMS)).succeeded()
    tables = Destination().take(run).tables
    for stream in STREAMS:
        expected = scorebuddy.dataset.expected_records(stream)
        assert expected
        assert not (found := differences(tables[stream], expected)), "\n".join(found)
    assert not run.lines(30), "a case without ratings is no surprise"


def test_a_plan_without_interactions_is_told_and_no_empty_table(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.faults.add(effects.reply(404, b"{}"), path="/integrations", times=None)
    config = {**config_of(sandbox), "emit_activate_version_messages": True}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select(*STREAMS, "scorebuddy_groups"))
    assert run.status == 1
    assert {message["stream"] for message in run.of_type("ACTIVATE_VERSION")} == {"scorebuddy_groups"}
    assert sum("integrations:read" in line for line in run.errors) == len(STREAMS)
