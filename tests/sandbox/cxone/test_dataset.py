"""The CXone sandbox's data: late rows, edits, several evaluators."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone

from qa_sandbox.clock import SandboxClock
from qa_sandbox.vendors.cxone.calendar import CHANGES_END_AFTER
from qa_sandbox.vendors.cxone.dataset import CxOneDataset


def test_late_rows_appear_within_half_an_hour() -> None:
    noon = SandboxClock(datetime(2026, 6, 15, 12, tzinfo=timezone.utc), frozen=True)
    dataset = CxOneDataset(noon, evaluations_per_day=800, days=1)
    before = dataset.expected_records("cxone_qm_workflows")
    dataset.advance(hours=0.5)
    after = dataset.expected_records("cxone_qm_workflows")
    late = [row for key, row in after.items() if key not in before and str(row["submission_date"]) < "2026-06-15T12:00"]
    assert late
    assert all(str(row["submission_date"]) > "2026-06-15T11:30" for row in late)


def test_rows_change_after_their_submission_but_not_their_identity() -> None:
    dataset = CxOneDataset(SandboxClock(frozen=True))
    before = {stream: dataset.expected_records(stream) for stream in dataset.streams}
    dataset.advance(days=5)
    after = {stream: dataset.expected_records(stream) for stream in dataset.streams}
    changed = [(old, after["cxone_qm_workflows"][key]) for key, old in before["cxone_qm_workflows"].items()]
    changed = [(old, new) for old, new in changed if old != new]
    assert changed
    assert all(old["submission_date"] == new["submission_date"] for old, new in changed)
    assert all(old["last_updated"] < new["last_updated"] for old, new in changed)
    assert any(new["user_review_comments"] and not old["user_review_comments"] for old, new in changed)
    questions = before["cxone_qm_questions"]
    assert questions.keys() <= after["cxone_qm_questions"].keys()
    assert any(questions[key] != after["cxone_qm_questions"][key] for key in questions)
    assert all(e.steps[-1].at - e.submitted_at <= CHANGES_END_AFTER for e in dataset.evaluations)


def test_calibrations_share_much_and_may_share_the_workflow() -> None:
    apart, together = (
        CxOneDataset(SandboxClock(frozen=True), days=25, evaluators_share_id=share) for share in (False, True)
    )
    segments = Counter(e.interaction.segment_id for e in apart.evaluations if e.trigger == "Calibration")
    assert set(segments.values()) == {3}
    for dataset, version, columns in ((apart, "3", 5), (together, "3", 5), (apart, "1", 8)):
        dataset.version = version
        # A longer key would hold an ordinal.
        assert {len(key) for key in dataset.expected_records("cxone_qm_workflows")} == {columns}
    shared = {e.workflow_id for e in together.evaluations if e.trigger == "Calibration"}
    assert len(shared) == len({e.workflow_id for e in apart.evaluations if e.trigger == "Calibration"}) / 3


def test_every_evaluator_s_answers_are_told_apart() -> None:
    dataset = CxOneDataset(SandboxClock(frozen=True), days=25, evaluators_share_id=True)
    rows = dataset.expected_records("cxone_qm_questions")
    assert {len(key) for key in rows} == {6}
    answers = Counter((row["workflow_instance_id"], row["question_id"]) for row in rows.values())
    assert set(answers.values()) == {1, 2, 3}  # ordinary ones, with a self-assessment, and of calibrations
    submitted = {e.submitted_at.date() for e in dataset.evaluations if e.trigger == "Calibration"}
    assert (max(submitted) - min(submitted)).days > 16
