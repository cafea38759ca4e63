"""MaestroQA's row keys: one a grade, the same after edits and in every form of the files."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qa_sandbox.vendors.maestroqa.file_variant import HEADERS
from tests.tap_qa.vendors.maestroqa.support import SCORES

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.vendors.maestroqa import MaestroQa
    from tests.tap_qa.exports import Syncs


def test_two_grades_of_one_ticket_keep_a_key_each(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    graded = Counter((g.ticket.gradable_id, g.agent, g.rubric, g.grader, g.grade_type) for g in account.dataset.grades)
    assert max(graded.values()) == 2
    made = syncs("maestroqa_section_scores", "maestroqa_individual_answers", window_days=2)
    run = made.run().succeeded()
    assert "share " not in run.log_text()
    for grade in account.dataset.grades:
        account.dataset.regrade(grade)
    made.sandbox.pass_time(days=1)
    made.run().succeeded()
    made.assert_equals_expected_records()


def test_keys_do_not_follow_the_form_of_the_files(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs(*SCORES)
    made.run().succeeded()
    before = {name: set(table) for name, table in made.destination.tables.items()}
    account.style.guarded_ids = account.style.shuffled_columns = account.style.bom = True
    account.style.dates = ("iso",)
    account.style.header = HEADERS["titled"]
    made.destination.state = None
    made.run().succeeded()
    assert {name: set(table) for name, table in made.destination.tables.items()} == before


def test_two_grades_that_no_column_tells_apart_are_told(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    account.style.missing_columns["section_scores"] = {"date_reported_as"}
    made = syncs("maestroqa_section_scores", window_days=1)
    run = made.run().succeeded()
    keys = {record["_row_key"] for record in run.records("maestroqa_section_scores")}
    lost = len(made.sandbox.expected_records("maestroqa_section_scores")) - len(keys)
    assert lost > 0
    [line] = [line for line in run.log_text().splitlines() if "a record of this run that differs" in line]
    assert f"maestroqa_section_scores: {lost} records share _row_key" in line
