"""Entities by configuration: their streams, keys, versions and what is wrong with their settings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.run import run_tap, select
from tap_qa.tap import TapQA
from tap_qa.vendors.cxone.settings import problems
from tests.tap_qa.vendors.cxone.support import BOTH, WORKFLOWS, bodies

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.vendors.cxone import CxOne
    from tests.tap_qa.exports import Syncs

RECORDINGS, NOTES = "cxone_recording_interaction_metadata", "cxone_qm_notes"
NOTE = {"name": "qm-notes", "version": "2"}
KEYED = NOTE | {"date_field": "Written At", "key_fields": ["Note ID"]}


def test_recordings_equal_the_truth(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(RECORDINGS, WORKFLOWS)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert {body["version"] for body in bodies(tenant) if body["entityName"].startswith("rec")} == {"10"}


def test_the_version_of_a_declared_entity_can_be_set(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(RECORDINGS, entities=[{"name": "recording-interaction-metadata", "version": "12"}])
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert {body["version"] for body in bodies(tenant)} == {"12"}


def test_a_configured_entity_is_a_stream_of_its_own(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(NOTES, entities=[KEYED])
    first = made.run().succeeded()
    made.assert_equals_expected_records()
    tenant.dataset.advance(days=4)
    second = made.run().succeeded()
    made.assert_equals_expected_records()
    assert len(made.destination.tables[NOTES]) < len(first.records(NOTES)) + len(second.records(NOTES))
    assert second.bookmark(NOTES) == "2026-06-19T00:00:00+00:00"
    schema = first.of_type("SCHEMA")[0]
    assert schema["schema"]["properties"].keys() == {"_row_key", "note_id", "written_at", "_unmapped"}


def test_without_a_date_and_a_key_the_window_and_the_whole_row_count(
    syncs: Callable[..., Syncs], tenant: CxOne
) -> None:
    made = syncs(NOTES, entities=[NOTE])
    made.run().succeeded()
    rows = list(made.destination.tables[NOTES].values())
    assert len(rows) == len(tenant.dataset.expected_records(NOTES))
    assert set(rows[0]) == {"_row_key", "_window_end", "_unmapped"}
    assert set(rows[0]["_unmapped"]) == {"Note ID", "Written At", "Segment ID", "Text", "Changes"}
    made.run().succeeded()
    assert len(made.destination.tables[NOTES]) == len(rows), "the same rows have the same keys"
    tenant.dataset.advance(days=4)
    made.run().succeeded()
    assert len(made.destination.tables[NOTES]) > len(tenant.dataset.expected_records(NOTES)), "a changed row is another"


def test_a_key_that_the_file_lacks_is_named(syncs: Callable[..., Syncs]) -> None:
    run = syncs(NOTES, entities=[KEYED | {"key_fields": ["Note Number"]}]).run()
    assert run.status == 1
    assert any("lacks note_number, without which its rows can't be distinguished" in line for line in run.errors)


def test_a_version_that_is_not_there_names_its_setting(syncs: Callable[..., Syncs]) -> None:
    run = syncs(NOTES, entities=[KEYED | {"version": "9"}]).run()
    assert run.status == 1
    assert any("Check its version in cxone.entities (qm-notes)" in line for line in run.errors)


def test_a_catalog_with_an_entity_that_is_no_longer_configured_is_refused(syncs: Callable[..., Syncs]) -> None:
    made = syncs(NOTES, entities=[KEYED])
    catalog = select(NOTES, config=made.config())
    made.run().succeeded()
    made.overrides = {"cxone": {}}
    run = run_tap(made.config(), clock=made.clock, state=made.destination.state, catalog=catalog)
    assert run.status == 1
    assert any(NOTES in line for line in run.errors)
    made.streams = BOTH
    made.run().succeeded()  # its bookmark may stay in the state


def test_discovery_and_plan_have_configured_entities(syncs: Callable[..., Syncs]) -> None:
    made = syncs(entities=[KEYED])
    tap = TapQA(config=made.config())
    assert NOTES in {entry["tap_stream_id"] for entry in tap.catalog_dict["streams"]}
    assert NOTES not in TapQA(validate_config=False).streams
    made.shared["end_date"] = (made.clock.now() - timedelta(days=2)).isoformat()
    plan = run_tap(made.config(), clock=made.clock, arguments=["--plan"])
    assert NOTES.encode() in plan.stdout


@pytest.mark.parametrize(
    ("entities", "logged"),
    [
        ("qm-notes", ["cxone.entities must be of type array or null."]),
        (["qm-notes"], ["cxone.entities.0 must be of type object."]),
        ([NOTE, {}], [f"cxone.entities.1.{name} is missing; it is required." for name in ("name", "version")]),
        ([NOTE | {"name": 2}], ["cxone.entities.0.name must be of type string."]),
        ([NOTE | {"version": 2}], ["cxone.entities.0.version must be of type string."]),
        ([NOTE | {"date_field": 2}], ["cxone.entities.0.date_field must be of type string or null."]),
        ([NOTE | {"key_fields": "x"}], ["cxone.entities.0.key_fields must be of type array or null."]),
        ([NOTE | {"key_fields": [2]}], ["cxone.entities.0.key_fields.0 must be of type string."]),
    ],
)
def test_what_is_of_a_wrong_type_is_logged_once(syncs: Callable[..., Syncs], entities: Any, logged: list[str]) -> None:  # noqa: ANN401 - JSON
    run = syncs(NOTES, entities=entities).test()
    assert run.status == 1
    assert run.errors == [*logged, "Config validation failed"]


@pytest.mark.parametrize(
    ("entities", "problem"),
    [
        ([{"name": "QM Notes", "version": "2"}], "entities.0.name must be the name of an entity"),
        ([NOTE, {"name": "a" * 51, "version": "2"}], "entities.1.name must be the name of an entity"),
        ([NOTE, KEYED], "entities.0.name comes twice."),
        ([{"name": "qm-workflows", "version": "4"}], "its version is cxone.qm_workflows_version."),
        ([NOTE | {"version": " "}], 'entities.0.version must be a text that is not empty, as "10".'),
        ([NOTE | {"date_field": "日付"}], "entities.0.date_field must hold headers of the file"),
        ([NOTE | {"key_fields": ["_"]}], "entities.0.key_fields must hold headers of the file"),
        ([KEYED | {"key_fields": ["written_at"]}], "entities.0.key_fields names a column that was named before"),
        (
            [{"name": "recording-interaction-metadata", "version": "12", "date_field": "Start Date"}],
            "entities.0.date_field is known of this entity: leave it out.",
        ),
    ],
)
def test_bad_settings_are_named(entities: Any, problem: str) -> None:  # noqa: ANN401 - JSON
    [found] = dict.fromkeys(
        line for line in problems({"entities": entities}) if "comes twice" not in line or line[9] == "0"
    )
    assert problem in found


@pytest.mark.parametrize(
    "entities",
    [
        "qm-notes",
        {"name": "x"},
        [[]],
        [{"version": "2"}],
        [{"name": 5}],
        [NOTE | {"key_fields": "Note ID"}],
    ],
)
def test_settings_of_another_type_are_refused_and_nothing_breaks(entities: Any) -> None:  # noqa: ANN401 - JSON
    config: dict[str, Any] = {
        "start_date": "2026-01-01",
        "cxone": {"access_key_id": "a", "access_key_secret": "b", "entities": entities},
    }
    run = run_tap(config)
    assert run.status == 1
    assert any("cxone.entities" in line for line in run.errors)
