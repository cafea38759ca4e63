"""Only the groups that `scorebuddy.group_ids` names."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.vendors.scorebuddy.rules import Rules
from tap_qa.vendors.scorebuddy.groups import has_other_groups
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of
from tests.tap_qa.vendors.scorebuddy.instances import made

if TYPE_CHECKING:
    from tests.conftest import OpenSandbox


def test_only_the_configured_groups_are_read_where_the_api_can_filter(open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules(group_ids="repeated"))
    sandbox = open_sandbox(vendor)
    groups = sorted(vendor.dataset.instance.groups)[:1]
    config = config_of(sandbox)
    config["scorebuddy"]["group_ids"] = groups
    destination = Destination().take(run_tap(config, clock=vendor.clock).succeeded())
    for stream in ("scorebuddy_scores", "scorebuddy_export_questions", "scorebuddy_teams"):
        wanted = {key for key, row in sandbox.expected_records(stream).items() if row["group_id"] in groups}
        assert wanted
        assert set(destination.tables[stream]) == wanted
    employees = sandbox.expected_records("scorebuddy_employees")
    wanted = {key for key, row in employees.items() if set(row["group_ids"]) & set(groups)}
    assert set(destination.tables["scorebuddy_employees"]) == wanted
    # Not filtered by the API, so read whole.
    assert_equals_expected_records(
        destination, sandbox, ["scorebuddy_users", "scorebuddy_groups", "scorebuddy_score_reviews"]
    )


@pytest.mark.parametrize("form", ["repeated", "brackets", "comma", "any"])
def test_several_groups_are_read_in_whatever_form_the_api_takes_them(form: Any, open_sandbox: OpenSandbox) -> None:  # noqa: ANN401
    vendor = made(Rules(group_ids=form))
    sandbox = open_sandbox(vendor)
    config = config_of(sandbox)
    config["scorebuddy"]["group_ids"] = sorted(vendor.dataset.instance.groups)
    run = run_tap(config, clock=vendor.clock, catalog=select("scorebuddy_export_questions", "scorebuddy_scores"))
    assert_equals_expected_records(
        Destination().take(run.succeeded()), sandbox, ["scorebuddy_export_questions", "scorebuddy_scores"]
    )


@pytest.mark.parametrize(
    "stream",
    [
        "scorebuddy_scores",
        "scorebuddy_export_questions",
        "scorebuddy_scorecards",
        "scorebuddy_scorecard_versions",
        "scorebuddy_teams",
        "scorebuddy_employees",
        "scorebuddy_supervisors",
    ],
)
def test_rows_of_another_group_never_go_out_where_the_filter_is_ignored(stream: str, open_sandbox: OpenSandbox) -> None:
    vendor = made(Rules(ignores_groups=True))
    sandbox = open_sandbox(vendor)
    config = config_of(sandbox)
    config["scorebuddy"]["group_ids"] = [31]
    run = run_tap(config, clock=vendor.clock, catalog=select(stream))
    assert run.status == 1
    [error] = [line for line in run.errors if "ignored the filter" in line]
    assert "scorebuddy.group_ids" in error
    assert not any(has_other_groups([row], frozenset({"31"})) for row in run.records(stream))


def test_a_row_belongs_to_its_groups_however_they_are_written() -> None:
    mine = frozenset({"31", "32"})
    own: list[dict[str, Any]] = [
        {"group_id": 31},
        {"group_id": "32"},
        {"group_id": Decimal("31.0")},
        {"group_id": "031"},
        {"group_ids": [30, 31]},
        {"group_ids": "30, 31"},
        {"group_ids": 31},
        {"versions": [{"group_id": 31}]},
        {"group_id": None},
        {"group_id": ""},
        {"group_ids": " "},
        {"group_ids": "[30; 31]"},
        {"group": {"id": 31}},
        {"groups": [{"group_id": 33}, {"group_id": 31}]},
        {"group": "Sales", "groups": ["Sales"]},
        {},
    ]
    others: list[dict[str, Any]] = [
        {"group_id": 33},
        {"group_ids": [30]},
        {"versions": [{"group_id": 33}]},
        {"group_ids": ["33", None]},
        {"group_ids": "30,33"},
        {"group_ids": 33},
        {"group_id": "thirty-one"},
        {"group_id": {"id": 33}},
        {"group": {"id": 33, "name": "Sales"}},
        {"groups": [33, "Sales"]},
    ]
    assert not has_other_groups(own, mine)
    for row in others:
        assert has_other_groups([*own, row], mine)
