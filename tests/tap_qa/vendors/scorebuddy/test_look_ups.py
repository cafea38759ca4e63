"""What gives names to the bare ids of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.http import effects
from qa_sandbox.vendors.scorebuddy.look_ups import LOOK_UPS
from tests.support.expected_records import differences
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

EVENTS, OBJECTS, COMMENTS, CAUSES = (
    f"scorebuddy_scorecard_{name}" for name in ("events", "custom_objects", "comments", "causes")
)


def test_look_ups_equal_the_truth(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    streams = [look_up.stream for look_up in LOOK_UPS]
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(*streams)).succeeded()
    tables = Destination().take(run).tables
    for stream in streams:
        assert differences(tables[stream], scorebuddy.dataset.expected_records(stream)) == []
    assert max(len(row["sub_events"]) for row in run.records(EVENTS)) > 100
    assert not run.lines(30)


def test_ids_of_scores_have_names_there(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    streams = ("scorebuddy_scores", EVENTS, OBJECTS, COMMENTS)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(*streams)).succeeded()
    tables = Destination().take(run).tables
    for score in tables["scorebuddy_scores"].values():
        card = score["scorecard_id"]
        if score["event_id"]:
            assert (card, score["event_id"]) in tables[EVENTS]
        for entry in score["custom_objects"]:
            assert (card, entry["object_id"]) in tables[OBJECTS]
        for question in score["questions"]:
            if question["comment_id"]:
                assert (card, question["comment_id"]) in tables[COMMENTS]


def test_a_version_whose_causes_are_gone_leaves_the_others(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    scorebuddy.faults.add(effects.reply(404, b"{}"), path="/scorecards/71/versions/1/causes", times=None)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(CAUSES)).succeeded()
    wanted = {key for key in scorebuddy.dataset.expected_records(CAUSES) if key[:2] != (71, 1)}
    assert set(Destination().take(run).tables[CAUSES]) == wanted
    assert any("scorecard_id 71, version_number 1 is gone" in line for line in run.lines(30))
