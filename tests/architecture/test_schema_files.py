"""The schema files: complete, uniform, described, and loadable by any target."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tap_qa.records.conform import MAY_BE_TEXT
from tap_qa.singer.privacy import MARK
from tap_qa.singer.schemas import with_unmapped

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS = Path(__file__).parents[2] / "schemas"

SCALARS = {"string", "integer", "number", "boolean"}
FORMATS = {"date-time", "date"}
KEYWORDS = {"type", "description", "format", "properties", "additionalProperties", "items", MARK, MAY_BE_TEXT}
"""All but the marks reach targets; the SDK leaves those out of SCHEMA messages and catalogs."""
MANY_FORMS = {
    ("canary_speech_assessment_scores", "score_data.data"),
    ("canary_speech_assessment_scores", "score_data.value"),
    ("canary_speech_scores", "score_data.data"),
    ("canary_speech_scores", "score_data.value"),
    ("scorebuddy_scorecards", "settings.agent_insight_display"),
    ("scorebuddy_scorecards", "settings.compliance_failure_email"),
    ("scorebuddy_scorecards", "settings.default_event_date"),
    ("scorebuddy_scorecards", "settings.point_of_failure_email"),
    ("scorebuddy_scorecards", "settings.question_order"),
}
"""Fields inside objects whose one form no source tells, so that several are let through; never whole columns."""
ITEMS_UNKNOWN = {
    ("betterworks_conversation_templates", "deployments"),
    ("betterworks_goals", "assessments"),
    ("betterworks_goals", "categories"),
    ("betterworks_goals", "comments"),
    ("betterworks_recognition", "hashtags"),
    ("maestroqa_coaching_sessions", "to_dos"),
    ("maestroqa_scim_users", "groups"),
    ("scorebuddy_cases", "files"),
    ("scorebuddy_cases", "messages"),
    ("scorebuddy_cases", "meta_data"),
    ("scorebuddy_export_questions", "custom_fields"),
}
"""Lists whose items no source shows."""
PATH_UNCONFIRMED = {
    "betterworks_departments",
    "betterworks_conversation_templates",
    "betterworks_conversations",
    "betterworks_feedback_templates",
    "betterworks_feedback",
    "betterworks_recognition",
    "betterworks_calibration_cycles",
    "betterworks_calibration_records",
    "maestroqa_coaching_points",
    "maestroqa_todos",
    "maestroqa_assignments",
}


class Promise(NamedTuple):
    """What users may rely on: primary key and replication key of a stream."""

    key: tuple[str, ...]
    replication_key: str | None = None


STREAMS = {
    "scorebuddy_scores": Promise(("score_id",), "last_edit_date"),
    "scorebuddy_export_questions": Promise(("score_id", "question_id"), "last_edit_date"),
    "scorebuddy_score_reviews": Promise(("review_id",), "review_date"),
    "scorebuddy_scorecards": Promise(("scorecard_id",)),
    "scorebuddy_scorecard_sections": Promise(("scorecard_id", "section_id")),
    "scorebuddy_scorecard_events": Promise(("scorecard_id", "event_id")),
    "scorebuddy_scorecard_custom_objects": Promise(("scorecard_id", "object_id")),
    "scorebuddy_scorecard_comments": Promise(("scorecard_id", "comment_id")),
    "scorebuddy_scorecard_causes": Promise(("scorecard_id", "version_number", "rca_id")),
    "scorebuddy_scorecard_categories": Promise(("category_id",)),
    "scorebuddy_scorecard_versions": Promise(("scorecard_id", "version_number")),
    "scorebuddy_integrations": Promise(("integration_id",)),
    "scorebuddy_cases": Promise(("integration_id", "case_id")),
    "scorebuddy_satisfaction": Promise(("integration_id", "satisfaction_id")),
    "scorebuddy_employees": Promise(("staff_id",)),
    "scorebuddy_supervisors": Promise(("staff_id",)),
    "scorebuddy_users": Promise(("user_id",)),
    "scorebuddy_groups": Promise(("group_id",)),
    "scorebuddy_teams": Promise(("team_id",)),
    "maestroqa_total_scores": Promise(("_row_key",), "_window_end"),
    "maestroqa_section_scores": Promise(("_row_key",), "_window_end"),
    "maestroqa_individual_answers": Promise(("_row_key",), "_window_end"),
    "maestroqa_annotations": Promise(("_row_key",), "_window_end"),
    "maestroqa_csat": Promise(("_row_key",), "_window_end"),
    "maestroqa_agent_groups": Promise(("_row_key",)),
    "maestroqa_audit_logs": Promise(("_row_key",), "time_stamp"),
    "maestroqa_screen_capture_usage": Promise(("agent_id", "interval", "extracted_on")),
    "maestroqa_coaching_sessions": Promise(("id",), "updated_at"),
    "maestroqa_coaching_points": Promise(("id",)),
    "maestroqa_todos": Promise(("id",)),
    "maestroqa_assignments": Promise(("id",)),
    "maestroqa_scim_users": Promise(("id",)),
    "maestroqa_scim_agent_groups": Promise(("id",)),
    "maestroqa_scim_user_groups": Promise(("id",)),
    "cxone_qm_workflows": Promise(("_row_key",), "submission_date"),
    "cxone_qm_questions": Promise(("_row_key",), "evaluation_submission_date"),
    "cxone_recording_interaction_metadata": Promise(("_row_key",), "_window_end"),
    "betterworks_users": Promise(("id",)),
    "betterworks_goals": Promise(("id",), "updated"),
    "betterworks_departments": Promise(("id",)),
    "betterworks_conversation_templates": Promise(("id",)),
    "betterworks_conversations": Promise(("id",)),
    "betterworks_feedback_templates": Promise(("id",)),
    "betterworks_feedback": Promise(("id",)),
    "betterworks_recognition": Promise(("id",), "modified_on"),
    "betterworks_calibration_cycles": Promise(("id",)),
    "betterworks_calibration_records": Promise(("id",)),
    "canary_speech_scores": Promise(("uuid",), "date_recorded"),
    "canary_speech_assessment_scores": Promise(("assessment_id", "uuid")),
}

every_stream = pytest.mark.parametrize("stream", STREAMS)
every_incremental_stream = pytest.mark.parametrize(
    "stream", [stream for stream, promise in STREAMS.items() if promise.replication_key]
)
every_stream_with_a_made_key = pytest.mark.parametrize(
    "stream", [stream for stream, promise in STREAMS.items() if promise.key == ("_row_key",)]
)


def path_of(stream: str) -> Path:
    vendor = "canary_speech" if stream.startswith("canary_speech_") else stream.partition("_")[0]
    return SCHEMAS / vendor / f"{stream.removeprefix(f'{vendor}_')}.json"


def load(stream: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(path_of(stream).read_text(encoding="utf-8"))
    return schema


def properties(schema: dict[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property at every level, by dotted path."""
    for name, prop in schema.get("properties", {}).items():
        yield f"{above}{name}", prop
        yield from properties(prop, f"{above}{name}.")
        yield from properties(prop.get("items", {}), f"{above}{name}.")


def kinds(prop: dict[str, Any]) -> list[str]:
    types = prop["type"] if isinstance(prop["type"], list) else [prop["type"]]
    return [kind for kind in types if kind != "null"]


def test_the_files_are_the_streams() -> None:
    assert set(SCHEMAS.rglob("*")) - {path.parent for path in SCHEMAS.rglob("*.json")} == {
        path_of(stream) for stream in STREAMS
    }


@every_stream
def test_a_schema_is_a_described_object_and_nothing_else(stream: str) -> None:
    schema = load(stream)

    assert list(schema) == ["type", "description", "properties"]
    assert schema["type"] == "object"
    assert len(schema["description"]) > 40


@every_stream
def test_keys_come_first_and_unmapped_is_left_to_code(stream: str) -> None:
    names = list(load(stream)["properties"])

    assert tuple(names[: len(STREAMS[stream].key)]) == STREAMS[stream].key
    assert "_unmapped" not in names
    assert list(with_unmapped(load(stream))["properties"]) == [*names, "_unmapped"]


@every_stream
def test_all_but_the_keys_are_nullable(stream: str) -> None:
    key = STREAMS[stream].key

    for path, prop in properties(load(stream)):
        if path in key:
            assert prop["type"] in ("string", "integer"), path
        else:
            assert prop["type"][-1] == "null", path
            assert prop["type"].count("null") == 1, path


@every_stream
def test_row_keys_and_window_ends_are_where_the_vendor_has_none(stream: str) -> None:
    schema = load(stream)["properties"]

    assert ("_row_key" in schema) == (STREAMS[stream].key == ("_row_key",))
    assert ("_window_end" in schema) == (STREAMS[stream].replication_key == "_window_end")


@every_incremental_stream
def test_a_replication_key_is_an_instant(stream: str) -> None:
    prop = load(stream)["properties"][STREAMS[stream].replication_key]

    assert prop["type"] == ["string", "null"]
    assert prop["format"] == "date-time"
    assert "replication key" in prop["description"]


@every_stream
def test_only_keywords_that_every_target_knows(stream: str) -> None:
    for path, prop in properties(load(stream)):
        assert set(prop) <= KEYWORDS, path
        assert set(prop.get("items", {})) <= {"type", "properties", "additionalProperties"}, path
        if "format" in prop:
            assert prop["format"] in FORMATS, path
            assert kinds(prop) == ["string"], path
        assert ("properties" not in prop) or kinds(prop) == ["object"], path


@every_stream
def test_new_fields_inside_an_object_pass(stream: str) -> None:
    for path, prop in properties(load(stream)):
        for holder in (prop, prop.get("items", {})):
            # Left unsaid, the SDK's own conformance drops what it does not know.
            assert holder.get("additionalProperties") is (True if "properties" in holder else None), path


@every_stream
def test_one_type_unless_the_form_is_unknown(stream: str) -> None:
    found = {path for path, prop in properties(load(stream)) if len(kinds(prop)) != 1}

    assert found == {path for listed, path in MANY_FORMS if listed == stream}


@every_stream
def test_array_items_are_typed_unless_unknown(stream: str) -> None:
    unknown = {path for listed, path in ITEMS_UNKNOWN if listed == stream}
    found = set()
    for path, prop in properties(load(stream)):
        if kinds(prop) != ["array"]:
            assert "items" not in prop, path
        elif "items" not in prop:
            found.add(path)
        else:
            (kind,) = kinds(prop["items"])
            assert prop["items"]["type"] == [kind, "null"], path
            assert kind in SCALARS or (kind == "object" and prop["items"]["properties"]), path

    assert found == unknown


@every_stream
def test_every_property_says_what_it_is(stream: str) -> None:
    for path, prop in properties(load(stream)):
        description = prop["description"]
        words = re.findall(r"[a-z0-9]+", description.lower())
        assert len(words) >= 3, path
        assert " ".join(words) != path.rpartition(".")[2].replace("_", " ").strip(), path
        assert description == description.strip(), path
        assert description[0].isupper() or description[0] == "`", path
        assert description.endswith("."), path


@every_stream
def test_no_two_columns_share_a_description(stream: str) -> None:
    columns = load(stream)["properties"]

    assert len({prop["description"] for prop in columns.values()}) == len(columns)


@every_stream
def test_no_two_fields_of_one_object_share_a_description(stream: str) -> None:
    for path, prop in properties(load(stream)):
        for holder in (prop, prop.get("items", {})):
            fields = holder.get("properties", {})
            assert len({field["description"] for field in fields.values()}) == len(fields), path


def test_no_two_streams_share_a_description() -> None:
    assert len({load(stream)["description"] for stream in STREAMS}) == len(STREAMS)


@every_stream
def test_an_instant_says_its_zone(stream: str) -> None:
    for path, prop in properties(load(stream)):
        if prop.get("format") == "date-time":
            assert "UTC" in prop["description"], path


@every_stream_with_a_made_key
def test_a_made_row_key_names_columns_that_exist(stream: str) -> None:
    schema = load(stream)["properties"]
    named = re.findall(r"`(\w+)`", schema["_row_key"]["description"])

    assert named
    assert set(named) <= set(schema)


@every_stream
def test_streams_without_a_confirmed_path_say_so(stream: str) -> None:
    says_so = "No public source confirms the path" in load(stream)["description"]

    assert says_so == (stream in PATH_UNCONFIRMED)


@every_stream
def test_names_are_snake_case(stream: str) -> None:
    for path, _ in properties(load(stream)):
        assert re.fullmatch(r"_?[a-z][a-z0-9]*(_[a-z0-9]+)*", path.rpartition(".")[2]), path


def test_the_current_version_inside_a_scorecard_reads_like_a_version_row() -> None:
    inside = load("scorebuddy_scorecards")["properties"]["versions"]["items"]["properties"]
    row = load("scorebuddy_scorecard_versions")["properties"]

    assert list(inside) == [name for name in row if name != "scorecard_id"]
    assert inside["questions"]["items"] == row["questions"]["items"]
