from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk.exceptions import ConfigValidationError

from target_qa.target import TargetQA
from tests.target_qa.support import record, run_target, schema, state, table

if TYPE_CHECKING:
    from pathlib import Path

    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.maestroqa import MaestroQa

Config = dict[str, Any]
SCORES, TICKETS = "canary_speech_scores", "maestroqa_tickets"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"canary_speech": {"url": "https://x.example"}}, "canary_speech.api_key is missing"),
        (
            {"canary_speech": {"url": "http://x.example", "api_key": "hush-hush"}},
            "canary_speech.url must start with https://",
        ),
        ({"maestroqa": {"api_token": "hush-hush", "tokn": 1}}, "maestroqa.tokn is not a setting"),
        ({"dryrun": True}, "dryrun is not a setting; is dry_run meant?"),
        ({"DRY-RUN": True}, "DRY-RUN is not a setting; is dry_run meant?"),
        ({"flattening_enabled": True}, "flattening is not supported"),
        ({"maestroqa": {"api_token": "hush\u200bhush"}}, "maestroqa.api_token holds a character that can't be seen"),
        ({"max_wait_minutes": 10**9}, "max_wait_minutes must be at most"),
        ({"dry_run": "perhaps"}, "dry_run must be of type boolean"),
        ({"mapping": {"a": {"sink": "elsewhere"}}}, "mapping.a: there is no sink elsewhere"),
        ({"mapping": {"a": {"sink": SCORES, "fields": {"x": "height"}}}}, "has no field height"),
        (
            {"mapping": {"a": {"sink": SCORES, "fields": {"x": "score_id", "y": "score_id"}}}},
            "more than one column goes to score_id",
        ),
        ({"mapping": {"a": {"sync": SCORES}}}, "mapping.a.sync is not a setting"),
    ],
)
def test_wrong_settings_are_named(wrong: Config, told: str) -> None:
    with pytest.raises(ConfigValidationError) as caught:
        TargetQA(config=wrong)
    text = "\n".join(caught.value.errors)
    assert told in text
    assert "hush-hush" not in text


def test_vendors_have_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARGET_QA_MAESTROQA_API_TOKEN", "hush")
    monkeypatch.setenv("TARGET_QA_CANARY_SPEECH", '{"api_key": "k"}')
    monkeypatch.setenv("TARGET_QA_CANARY_SPEECH_URL", "https://x.example")
    monkeypatch.setenv("TARGET_QA_MAESTROQA_URL", "")
    target = TargetQA(config={"maestroqa": {"url": "https://y.example"}}, parse_env_config=True)
    assert target.config["maestroqa"] == {"api_token": "hush", "url": "https://y.example"}
    assert target.config["canary_speech"] == {"api_key": "k", "url": "https://x.example"}
    monkeypatch.setenv("TARGET_QA_DRYRUN", "true")
    with pytest.raises(ConfigValidationError) as caught:
        TargetQA(config={}, parse_env_config=False)
    assert "TARGET_QA_DRYRUN is not a setting; is TARGET_QA_DRY_RUN meant?" in caught.value.errors[0]


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        (table("unheard_of", [{"id": 1}]), "unheard_of: there is no sink for this stream."),
        (table(SCORES, [{"id": 1, "score_id": "a"}]), "needs assessment_id, date_recorded, score_type, score_data"),
        ([record(SCORES, id=1)], f"a record of {SCORES} comes before its schema"),
        ([{"type": "BATCH", "stream": SCORES, "encoding": {}, "manifest": []}], "the tap sends BATCH files"),
        ([{"type": "SCHEMA", "stream": SCORES}], "a SCHEMA lacks schema"),
        ([{"stream": SCORES}], "a message lacks type"),
        ([{"type": "GREETING"}], "a message is of an unknown type"),
        ([{"type": []}], "a message is of an unknown type"),
        ([{**schema(SCORES, "a"), "schema": "x"}], "the schema of a SCHEMA is no object"),
        ([{**schema(SCORES, "a"), "schema": {"properties": None}}], "the properties of a SCHEMA are no object"),
        ([{**schema(SCORES, "a"), "schema": {"properties": {"a": 1}}}], "the properties of a SCHEMA are no object"),
        ([{**schema(SCORES, "a"), "key_properties": [[1]]}], "the key_properties of a SCHEMA are no list of texts"),
        ([{**schema(SCORES, "a"), "key_properties": True}], "the key_properties of a SCHEMA are no list of texts"),
        ([{**schema(SCORES, "a"), "stream": 5}], "the stream of a SCHEMA is no text"),
        ([{"type": "RECORD", "stream": SCORES, "record": []}], "the record of a RECORD is no object"),
        ([{"type": "RECORD", "stream": SCORES, "record": None}], "the record of a RECORD is no object"),
        ([{"type": "ACTIVATE_VERSION", "stream": SCORES}], "a ACTIVATE_VERSION lacks version"),
    ],
)
def test_a_stream_that_leads_nowhere_ends_the_run(
    config: Config, clock: FakeClock, messages: list[Any], told: str
) -> None:
    run = run_target(config, messages, clock=clock)
    assert told in run.told
    assert run.states == []


def test_columns_of_a_mapping_must_be_there(config: Config, clock: FakeClock) -> None:
    config["mapping"] = {TICKETS: {"fields": {"nmae": "subject"}}}
    run = run_target(config, [schema(TICKETS, ["gradable_id"])], clock=clock)
    assert "mapping.maestroqa_tickets.fields names columns that it does not have: nmae" in run.told


def test_a_vendor_that_is_not_configured_is_named(config: Config, clock: FakeClock) -> None:
    del config["maestroqa"]
    run = run_target(config, [schema(TICKETS, ["gradable_id", "deleted"])], clock=clock)
    assert "goes to MaestroQA, which is not configured. Set maestroqa." in run.told


def test_a_place_for_refusals_is_checked_beforehand(config: Config, clock: FakeClock, tmp_path: Path) -> None:
    config["dead_letter_path"] = str(tmp_path / "nowhere" / "refused.jsonl")
    run = run_target(config, [schema(TICKETS, ["gradable_id", "deleted"])], clock=clock)
    assert "dead_letter_path: no file can be written there." in run.told


def test_a_mapped_column_wins_over_one_with_the_fields_name(
    maestro: MaestroQa, config: Config, clock: FakeClock
) -> None:
    row = {
        "gradable_id": "T-1",
        "type": "t",
        "subject": "its own",
        "title": "the mapped",
        "agents": "a",
        "link": "l",
        "body": "b",
    }
    config["mapping"] = {TICKETS: {"fields": {"title": "subject"}}}
    run_target(config, table(TICKETS, [row]), clock=clock).succeeded()
    assert maestro.tickets.kept["T-1"]["subject"] == "the mapped"


def test_an_empty_stream_confirms_its_state(config: Config, clock: FakeClock) -> None:
    run = run_target(config, [schema(TICKETS, ["gradable_id", "deleted"]), state({"at": 1})], clock=clock).succeeded()
    assert run.states[-1] == {"at": 1}


def test_versions_are_left_alone(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    messages = [
        schema(TICKETS, ["gradable_id", "deleted"]),
        {"type": "ACTIVATE_VERSION", "stream": TICKETS, "version": 1},
    ]
    run_target(config, messages, clock=clock).succeeded()
    assert len(maestro.request_log) == 0


def test_a_line_that_is_no_json_is_not_quoted(config: Config, clock: FakeClock) -> None:
    run = run_target(config, [], clock=clock).succeeded()
    assert run.states == []


def test_maps_that_would_not_bite_end_the_run_before_a_record_is_sent(
    maestro: MaestroQa, config: Config, clock: FakeClock
) -> None:
    row = {"gradable_id": "T", "type": "t", "subject": "s", "agents": ["a"], "link": "l", "body": "b"}
    messages = table(TICKETS, [row], ["gradable_id"])
    for maps, told in (
        ({TICKETS: {"boddy": None}}, "there is no such column; is body meant?"),
        ({TICKETS: {"body": "md5(boddy)"}}, "uses boddy, which is no column; is body meant?"),
        ({TICKETS: {"body": "'x'"}, "maestro*": {"link": "'y'"}}, "only the last would count"),
    ):
        run = run_target({**config, "stream_maps": maps}, messages, clock=clock)
        assert isinstance(run.failure, ConfigValidationError)
        assert told in run.failure.errors[0]
    run = run_target({**config, "stream_maps": {TICKETS: {"body": "body + 1"}}}, messages, clock=clock)
    assert f"stream_maps: {TICKETS}.body: the expression fails with TypeError." in run.told
    assert maestro.tickets.kept == {}
    run = run_target({**config, "stream_maps": {"elsewhere": {"body": None}}}, messages, clock=clock).succeeded()
    assert "stream_maps.elsewhere: no stream of this name came in." in run.log
