from __future__ import annotations

from datetime import timedelta

import pytest

from qa_sandbox.clock import SandboxClock
from qa_sandbox.vendors.scorebuddy.dataset import ScorebuddyDataset
from qa_sandbox.vendors.scorebuddy.rules import Rules
from qa_sandbox.vendors.scorebuddy.seed_data import Size
from tests.sandbox.schemas import assert_expected_records_fit_schema

SMALL = Size(agents=20, scores_per_day=20, days=8)


@pytest.fixture
def dataset() -> ScorebuddyDataset:
    return ScorebuddyDataset(SandboxClock(frozen=True), SMALL)


@pytest.mark.parametrize("stream", ScorebuddyDataset.streams)
def test_the_truth_fits_the_schema(dataset: ScorebuddyDataset, stream: str) -> None:
    assert_expected_records_fit_schema(dataset, "scorebuddy", stream)


def test_a_seed_makes_a_world_whatever_the_steps_of_time(dataset: ScorebuddyDataset) -> None:
    dataset.advance(days=3)
    other = ScorebuddyDataset(SandboxClock(frozen=True), SMALL)
    for _ in range(6):
        other.advance(hours=12)
    for stream in dataset.streams:
        assert dataset.expected_records(stream) == other.expected_records(stream)
    different = ScorebuddyDataset(SandboxClock(frozen=True), SMALL, seed=2)
    assert dataset.expected_records("scorebuddy_scores") != different.expected_records("scorebuddy_scores")


def test_a_day_brings_new_rows_and_edits_of_old_ones(dataset: ScorebuddyDataset) -> None:
    before = dataset.expected_records("scorebuddy_scores")
    reviews = len(dataset.expected_records("scorebuddy_score_reviews"))
    noon_before = dataset.clock.now().isoformat()
    dataset.advance(days=1)
    after = dataset.expected_records("scorebuddy_scores")
    assert 10 <= len(after) - len(before) <= 30
    edited = [key for key, row in before.items() if after[key] != row]
    assert edited
    assert all(after[key]["last_edit_date"] > noon_before for key in edited)
    assert len(dataset.expected_records("scorebuddy_score_reviews")) > reviews


def test_export_rows_change_with_their_score(dataset: ScorebuddyDataset) -> None:
    scores = dataset.expected_records("scorebuddy_scores")
    rows = dataset.expected_records("scorebuddy_export_questions")
    assert len(rows) > 8 * len(scores)
    for row in rows.values():
        score = scores[row["score_id"],]
        assert row["last_edit_date"] == score["last_edit_date"]
        assert row["total_score"] == score["total_score"]
        assert row["maximum_score_possible"] == score["max_score"]


def test_scores_vary(dataset: ScorebuddyDataset) -> None:
    shares = [row["percentage"] for row in dataset.expected_records("scorebuddy_scores").values()]
    assert len(set(shares)) > len(shares) / 4
    assert min(shares) < 75
    assert max(shares) > 98


def test_one_version_is_too_big_for_one_piece(dataset: ScorebuddyDataset) -> None:
    versions = dataset.expected_records("scorebuddy_scorecard_versions").values()
    assert max(len(version["questions"]) for version in versions) == 112
    assert all(len(version["questions"]) == version["number_of_questions"] for version in versions)
    flags = {
        (row["locked"], row["archived"], row["deleted"])
        for row in dataset.expected_records("scorebuddy_scorecards").values()
    }
    assert len(flags) == 6


def test_a_naive_stamp_of_a_repeated_hour_means_its_first_pass(dataset: ScorebuddyDataset) -> None:
    dataset.rules.timezone = "Europe/Dublin"
    # 01:30 UTC on the day when the clocks of Dublin go back: 01:30 for the second time.
    second_pass = dataset.clock.now().replace(year=2026, month=10, day=25, hour=1, minute=30)
    score = dataset.add(second_pass)
    row = dataset.expected_records("scorebuddy_scores")[score.id,]
    assert row["last_edit_date"] == (second_pass - timedelta(hours=1)).isoformat()


def test_tests_can_change_the_world(dataset: ScorebuddyDataset) -> None:
    score = dataset.add()
    assert dataset.expected_records("scorebuddy_scores")[score.id,]["last_edit_date"] == dataset.clock.now().isoformat()
    dataset.clock.advance(timedelta(minutes=5))
    dataset.edit(score.id)
    dataset.review(score.id)
    row = dataset.expected_records("scorebuddy_export_questions")[score.id, score.given[0].question.id]
    assert row["review_date"] == row["last_edit_date"] == dataset.clock.now().isoformat()
    dataset.delete(score.id)
    assert (score.id,) not in dataset.expected_records("scorebuddy_scores")


def test_the_truth_does_not_depend_on_the_dialect(dataset: ScorebuddyDataset) -> None:
    other = ScorebuddyDataset(SandboxClock(frozen=True), SMALL, rules=Rules(dialect="openapi"))
    for stream in ("scorebuddy_export_questions", "scorebuddy_scores"):
        assert dataset.expected_records(stream) == other.expected_records(stream)
    answer = next(iter(other.expected_records("scorebuddy_scorecard_versions").values()))["questions"][0]["answers"][0]
    assert "point_of_failure" not in answer
