"""Raw tables as they may be: other column types, older releases, append-only loaders, hashed people, nothing at all."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from tests.transform.conftest import rows
from tests.transform.dbt_project import Warehouse
from tests.transform.raw_tables import write_jsonl

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from tests.transform.raw_tables import Row, Tables

WITHOUT_TESTS = ("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
ADDRESSES = {
    "scorebuddy_employees": "email_address",
    "scorebuddy_supervisors": "email_address",
    "scorebuddy_users": "email_address",
    "betterworks_users": "email",
    "maestroqa_agent_groups": "agent_email",
}
OWN_TYPES = """
create schema tap_qa;
-- Arrays of JSON as DuckDB's postgres extension hands them on: texts.
create table tap_qa.scorebuddy_scores as
    select 1 as score_id, 70 as scorecard_id, 1 as version_number, 9 as staff_id, date '2026-01-05' as score_date,
        80::decimal(5, 2) as percentage, 8 as score, 10 as max_score, false as below_target, false as fail_all,
        ['{"question_id": 1, "answer_key": 1}'] as questions;
create table tap_qa.scorebuddy_scorecard_versions as
    select 70 as scorecard_id, 1 as version_number, 85 as target,
        '[{"question_id": 1, "answers": [{"answer_key": 1, "answer_label": "Skip", "not_applicable": true}]}]'
            as questions;
create table tap_qa.scorebuddy_export_questions as
    select 1 as score_id, 1 as question_id, 70 as scorecard_id, 1 as version_number, 'Skip' as answer, 0 as sum,
        5 as weighting, [1.0, 0.5] as answer_values, 'Chat' as category;
-- Deleted by the loader, or of an older release: `reference` and the rest are not there.
create table tap_qa.scorebuddy_employees as
    select * from (values (9, 'Ann@x.example', null::timestamp), (10, 'bob@x.example', timestamp '2026-01-01'))
        as staff(staff_id, email_address, _sdc_deleted_at);
-- Instants with a zone, and as text; a loader that only appends.
create table tap_qa.betterworks_goals as
    select * from (values
        (1, 'old', timestamptz '2026-06-01 12:00:00+02', '{"user_id": 7}'::json, '{"progress": 0.5}'::json, 1),
        (1, 'new', timestamptz '2026-06-01 12:00:00+02', 'null'::json, '{"progress": 1.25}'::json, 2))
        as goals(id, name, updated, owner, measurement, _sdc_sequence);
create table tap_qa.canary_speech_scores as
    select 'u' as uuid, '2026-06-01T12:00:00+02:00' as date_recorded, {'value': 12} as score_data,
        '{"target_qa_mark": "x"}' as extra_data;
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse("duckdb", tmp_path)


def test_types_of_other_loaders_are_read(warehouse: Warehouse) -> None:
    import duckdb  # noqa: PLC0415 - installed with dbt only

    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute(OWN_TYPES)
    outcome = warehouse.dbt(*WITHOUT_TESTS, zone="America/New_York", qa_append_only=True)
    assert outcome.faults == {}, outcome.log
    assert "nothing is loaded of cxone, maestroqa" in outcome.log
    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        (answer,) = rows(connection, "select * from qa.qa_answers")
        assert (answer["is_not_applicable"], answer["max_points"], answer["answer_code"]) == (True, None, "1")
        (evaluation,) = rows(connection, "select * from qa.qa_evaluations")
        assert (evaluation["pass_mark"], evaluation["agent_email"], evaluation["interaction_id"]) == (
            85.0,
            "ann@x.example",
            None,
        )
        assert connection.execute("select count(*) from qa.qa_agents").fetchall() == [(1,)]
        (goal,) = rows(
            connection, "select goal_name, progress_percent, agent_key, cast(updated_at as text) as at from qa.qa_goals"
        )
        assert goal == {"goal_name": "new", "progress_percent": 125.0, "agent_key": None, "at": "2026-06-01 10:00:00"}
        (score,) = rows(
            connection, "select value_number, is_written_back, cast(recorded_at as text) as at from qa.qa_wellbeing"
        )
        assert score == {"value_number": 12.0, "is_written_back": True, "at": "2026-06-01 10:00:00"}


def test_an_empty_warehouse_gives_empty_marts_and_a_sentence(warehouse: Warehouse) -> None:
    outcome = warehouse.dbt(*WITHOUT_TESTS, qa_schema="nowhere")
    assert outcome.status == 0, outcome.log
    assert outcome.faults == {}, outcome.log
    assert "No raw table of tap-qa in schema nowhere" in outcome.log
    import duckdb  # noqa: PLC0415

    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        counts = _counts(connection)
    assert len(counts) > 15
    assert set(counts.values()) == {0}


def test_a_killed_build_is_repaired_by_the_next_one(
    jsonl: Path, marts: duckdb.DuckDBPyConnection, warehouse: Warehouse
) -> None:
    import duckdb  # noqa: PLC0415

    chosen = (*WITHOUT_TESTS, "--select", "+qa_answers", "+qa_question_pareto")
    warehouse.dbt_killed_at("qa_answers", *chosen, qa_jsonl=str(jsonl))
    outcome = warehouse.dbt(*chosen, qa_jsonl=str(jsonl))
    assert outcome.faults == {}, outcome.log
    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        counts = _counts(connection)
    assert counts.keys() >= {"qa_answers", "qa_evaluations", "qa_question_pareto"}
    whole = _counts(marts)
    assert counts == {name: whole.get(name) for name in counts}


def test_a_table_of_other_keys_is_named_and_the_other_marts_are_built(warehouse: Warehouse) -> None:
    import duckdb  # noqa: PLC0415

    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute(OWN_TYPES)
        connection.execute("alter table tap_qa.betterworks_goals drop column id")
    outcome = warehouse.dbt(*WITHOUT_TESTS, "--select", "+qa_goals", "+qa_answers", qa_append_only=True)
    assert outcome.status == 1
    assert set(outcome.faults.values()) == {"error", "skipped"}
    assert {name for name in outcome.faults if name.startswith("qa_")} == {"qa_goals"}
    assert outcome.results["qa_answers"] == "success"
    assert "betterworks_goals" in outcome.log
    assert "has no column id: it was not written by tap-qa, or by a release whose keys differ" in outcome.log


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the number of rows of each mart."""
    tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'qa'").fetchall()
    return {name: len(connection.execute(f'select 1 from qa."{name}"').fetchall()) for (name,) in tables}


def test_hashed_people_are_the_same_people_and_names_can_be_left_out(
    raw: Tables, marts: duckdb.DuckDBPyConnection, warehouse: Warehouse
) -> None:
    """As many people as with addresses, but for the one who gets an address at two vendors; no name in the marts."""
    import duckdb  # noqa: PLC0415

    tables = {stream: [dict(row) for row in found] for stream, found in raw.items()}
    tables["betterworks_users"][0]["email"] = f" {raw['scorebuddy_employees'][0]['email_address'].upper()}"
    for stream in (*ADDRESSES, *GRADED):
        tables[stream] = [_hashed(stream, row) for row in tables[stream]]
    write_jsonl(tables, warehouse.folder / "hashed")
    outcome = warehouse.dbt("run", "--select", "+qa_agents", qa_jsonl=str(warehouse.folder / "hashed"), qa_names=False)
    assert outcome.faults == {}, outcome.log
    count = "select count(*), count(distinct person_key), max(rows_of_person) from qa.qa_agents"
    (plain,) = marts.execute(count).fetchall()
    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        (hashed,) = connection.execute(count).fetchall()
        texts = json.dumps(connection.execute("select * from qa.qa_agents").fetchall(), default=str, ensure_ascii=False)
    assert plain[0] == plain[1]
    assert hashed == (plain[0], plain[1] - 1, 2)
    names = {row["name"] for row in raw["betterworks_users"]} | {r["agent_name"] for r in raw["maestroqa_total_scores"]}
    assert [name for name in names if name in texts] == []


GRADED = ("maestroqa_total_scores", "maestroqa_section_scores", "maestroqa_individual_answers")


def _hashed(stream: str, row: Row) -> Row:
    column = ADDRESSES.get(stream, "agent_email")
    digest = hashlib.sha256(str(row[column]).strip().lower().encode()).hexdigest() if row[column] else None
    return {**row, column: digest}
