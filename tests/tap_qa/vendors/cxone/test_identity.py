"""Keys of CXone's rows are the same a column at a time and row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.records.row_key import Cells, column_digests, digest
from tap_qa.vendors.cxone.identity import QUESTIONS, WORKFLOWS

if TYPE_CHECKING:
    from tap_qa.records.row_key import RowIdentity

NAMES = (
    *("workflow_id", "workflow_instance_id", "question_id", "workflow_type", "type", "evaluation_flow_trigger"),
    *("segment_id", "agent_id", "form_name", "form_version", "start_date", "evaluation_start_date"),
    *("evaluator_first_name", "evaluator_last_name"),
)
CELLS = st.sampled_from(["", "w1", "w2", "Evaluation", "evaluation ", "Calibration", "2024-10-12T10:49:54Z", "null"])
USUAL = st.sampled_from(["w1", "Evaluation"])


@pytest.mark.parametrize("identity", [WORKFLOWS, QUESTIONS], ids=["workflows", "questions"])
@pytest.mark.parametrize("absent", ["", "workflow_id"])
@given(st.lists(st.tuples(*[USUAL | CELLS] * len(NAMES)), min_size=1, max_size=8), st.booleans())
def test_keys_of_many_rows_are_those_of_single_rows(
    identity: RowIdentity,
    absent: str,
    rows: list[tuple[str, ...]],
    usual: bool,  # noqa: FBT001
) -> None:
    if usual:
        rows = [tuple("Evaluation" if "type" in name else "w1" for name in NAMES), *rows[:0]]
    places = {name: place for place, name in enumerate(NAMES) if name != absent}
    formats = {name: "date-time" for name in NAMES if name.endswith("_date")}
    cells = Cells(places, formats, frozenset({"null"}))
    read = identity.reader(cells)
    expected = [digest(read(row)) for row in rows]
    assert column_digests(identity, cells)(list(zip(*rows, strict=True))) == expected


def test_ordinary_evaluations_are_keyed_a_column_at_a_time() -> None:
    cells = Cells({"workflow_id": 0, "type": 1}, {})
    assert WORKFLOWS.column_reader(cells)([["w1", "w2"], ["Evaluation", ""]]) == [["w1", "w2"]]
    assert WORKFLOWS.column_reader(cells)([["w1", "w2"], ["Evaluation", "Calibration"]]) is None
    assert WORKFLOWS.column_reader(cells)([["w1", ""], ["Evaluation", "Evaluation"]]) is None
