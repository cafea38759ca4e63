"""CXone's row keys: one for each evaluator's work, the same after edits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tap_qa.records.row_key import key
from tests.tap_qa.exports import Syncs, rows_of
from tests.tap_qa.vendors.cxone.support import QUESTIONS, WORKFLOWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.vendors.cxone import CxOne


def test_keys_follow_the_workflow_and_survive_its_edits(syncs: Callable[..., Syncs]) -> None:
    made = syncs(WORKFLOWS)
    rows = rows_of(made.run().succeeded(), WORKFLOWS)
    ordinary = [row for row in rows if row["type"] == "Evaluation" and row["evaluation_flow_trigger"] != "Calibration"]
    assert all(row["_row_key"] == key([row["workflow_id"]]) for row in ordinary)
    made.sandbox.pass_time(days=3)
    later = {row["_row_key"]: row for row in rows_of(made.run().succeeded(), WORKFLOWS)}
    assert any(later[row["_row_key"]]["last_updated"] != row["last_updated"] for row in ordinary)
    assert all(later[row["_row_key"]]["workflow_id"] == row["workflow_id"] for row in ordinary)


def test_answers_of_several_evaluators_keep_a_key_each(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    shared = [e for e in tenant.dataset.evaluations if e.trigger == "Calibration"][:3]
    assert len({e.workflow_id for e in shared}) == 1
    assert shared[2].submitted_at - shared[0].submitted_at > timedelta(days=14), "in another file"
    made = syncs(window_days=3)
    run = made.run().succeeded()
    workflows = [row for row in rows_of(run, WORKFLOWS) if row["workflow_id"] == shared[0].workflow_id]
    assert len(workflows) == 3
    answers = [row for row in rows_of(run, QUESTIONS) if row["workflow_instance_id"] == shared[0].workflow_id]
    assert len(answers) == 3 * len(list(shared[0].form.questions))
    assert "share their identifying columns" not in run.log_text()
    made.assert_equals_expected_records()


def test_keys_of_ordinary_answers_follow_workflow_and_question(syncs: Callable[..., Syncs]) -> None:
    rows = rows_of(syncs(QUESTIONS).run().succeeded(), QUESTIONS)
    ordinary = [row for row in rows if row["workflow_type"] == "Evaluation"]
    assert ordinary
    assert all(row["_row_key"] == key([row["workflow_instance_id"], row["question_id"]]) for row in ordinary)


def test_a_file_of_answers_may_call_the_workflow_by_its_other_name(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.style.header = lambda name: name.replace("WorkflowInstance ID", "Workflow ID")
    made = syncs(QUESTIONS)
    made.run().succeeded()
    made.assert_equals_expected_records()
