from __future__ import annotations

from datetime import timedelta

import pytest

from qa_sandbox.clock import SandboxClock
from qa_sandbox.vendors.scorebuddy.founding import Size
from qa_sandbox.vendors.scorebuddy.rules import Rules
from qa_sandbox.vendors.scorebuddy.world import ScorebuddyWorld
from tests.sandbox.schemas import assert_truth_fits_schema

SMALL = Size(agents=20, scores_per_day=20, days=8)


@pytest.fixture
def world() -> ScorebuddyWorld:
    return ScorebuddyWorld(SandboxClock(frozen=True), SMALL)


@pytest.mark.parametrize("stream", ScorebuddyWorld.streams)
def test_the_truth_fits_the_schema(world: ScorebuddyWorld, stream: str) -> None:
    assert_truth_fits_schema(world, "scorebuddy", stream)


def test_a_seed_makes_a_world_whatever_the_steps_of_time(world: ScorebuddyWorld) -> None:
    world.pass_time(days=3)
    other = ScorebuddyWorld(SandboxClock(frozen=True), SMALL)
    for _ in range(6):
        other.pass_time(hours=12)
    for stream in world.streams:
        assert world.truth(stream) == other.truth(stream)
    different = ScorebuddyWorld(SandboxClock(frozen=True), SMALL, seed=2)
    assert world.truth("scorebuddy_scores") != different.truth("scorebuddy_scores")


def test_a_day_brings_new_rows_and_edits_of_old_ones(world: ScorebuddyWorld) -> None:
    before = world.truth("scorebuddy_scores")
    reviews = len(world.truth("scorebuddy_score_reviews"))
    noon_before = world.clock.now().isoformat()
    world.pass_time(days=1)
    after = world.truth("scorebuddy_scores")
    assert 10 <= len(after) - len(before) <= 30
    edited = [key for key, row in before.items() if after[key] != row]
    assert edited
    assert all(after[key]["last_edit_date"] > noon_before for key in edited)
    assert len(world.truth("scorebuddy_score_reviews")) > reviews


def test_export_rows_change_with_their_score(world: ScorebuddyWorld) -> None:
    scores = world.truth("scorebuddy_scores")
    rows = world.truth("scorebuddy_export_questions")
    assert len(rows) > 8 * len(scores)
    for row in rows.values():
        score = scores[row["score_id"],]
        assert row["last_edit_date"] == score["last_edit_date"]
        assert row["total_score"] == score["total_score"]
        assert row["maximum_score_possible"] == score["max_score"]


def test_scores_vary(world: ScorebuddyWorld) -> None:
    shares = [row["percentage"] for row in world.truth("scorebuddy_scores").values()]
    assert len(set(shares)) > len(shares) / 4
    assert min(shares) < 75
    assert max(shares) > 98


def test_one_version_is_too_big_for_one_piece(world: ScorebuddyWorld) -> None:
    versions = world.truth("scorebuddy_scorecard_versions").values()
    assert max(len(version["questions"]) for version in versions) == 112
    assert all(len(version["questions"]) == version["number_of_questions"] for version in versions)
    flags = {(row["locked"], row["archived"], row["deleted"]) for row in world.truth("scorebuddy_scorecards").values()}
    assert len(flags) == 6


def test_a_naive_stamp_of_a_repeated_hour_means_its_first_pass(world: ScorebuddyWorld) -> None:
    world.rules.timezone = "Europe/Dublin"
    # 01:30 UTC on the day when the clocks of Dublin go back: 01:30 for the second time.
    second_pass = world.clock.now().replace(year=2026, month=10, day=25, hour=1, minute=30)
    score = world.add(second_pass)
    row = world.truth("scorebuddy_scores")[score.id,]
    assert row["last_edit_date"] == (second_pass - timedelta(hours=1)).isoformat()


def test_tests_can_change_the_world(world: ScorebuddyWorld) -> None:
    score = world.add()
    assert world.truth("scorebuddy_scores")[score.id,]["last_edit_date"] == world.clock.now().isoformat()
    world.clock.advance(timedelta(minutes=5))
    world.edit(score.id)
    world.review(score.id)
    row = world.truth("scorebuddy_export_questions")[score.id, score.given[0].question.id]
    assert row["review_date"] == row["last_edit_date"] == world.clock.now().isoformat()
    world.delete(score.id)
    assert (score.id,) not in world.truth("scorebuddy_scores")


def test_the_truth_does_not_depend_on_the_dialect(world: ScorebuddyWorld) -> None:
    other = ScorebuddyWorld(SandboxClock(frozen=True), SMALL, rules=Rules(dialect="openapi"))
    for stream in ("scorebuddy_export_questions", "scorebuddy_scores"):
        assert world.truth(stream) == other.truth(stream)
    answer = next(iter(other.truth("scorebuddy_scorecard_versions").values()))["questions"][0]["answers"][0]
    assert "point_of_failure" not in answer
