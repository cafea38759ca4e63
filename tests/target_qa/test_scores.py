from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from qa_sandbox.http import effects
from target_qa.resources.idempotency_key import KEY_FIELD
from tests.target_qa.support import Record, record, run_target, schema, state, table

if TYPE_CHECKING:
    from pathlib import Path

    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.canary_speech import CanarySpeech
    from qa_sandbox.vendors.canary_speech.dataset import Score

STREAM = "canary_speech_scores"
Config = dict[str, Any]


def score(canary: CanarySpeech, number: object = 1, **values: object) -> Record:
    return {
        "id": number,
        "assessment_id": canary.dataset.watched[0],
        "date_recorded": "2026-06-14T12:00:00+02:00",
        "score_id": "QA_Overall",
        "score_type": "number",
        "score_data": 87.5,
        **values,
    }


def put(canary: CanarySpeech) -> list[Score]:
    """The scores that somebody put."""
    return [found for found in canary.dataset.project.scores if (found.extra_data or {}).get(KEY_FIELD)]


def calls(canary: CanarySpeech, ending: str) -> int:
    return len(canary.request_log.matching(f"{ending}$"))


def test_a_score_arrives_whole(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    row = score(canary, extra_data={"team": "North"})
    run = run_target(config, table(STREAM, [row]), clock=clock).succeeded()
    (found,) = put(canary)
    assert found.assessment_ids == (row["assessment_id"],)
    assert found.recorded_at.isoformat() == "2026-06-14T10:00:00+00:00"
    assert (found.score_id, found.score_type, found.score_data) == ("QA_Overall", "number", {"value": 87.5})
    assert found.extra_data is not None
    assert found.extra_data["team"] == "North"
    assert run.states[-1] == {"rows": 1}
    assert f"{STREAM}: created=1" in run.log


@pytest.mark.parametrize(
    "case",
    [
        ("number", 3, {"value": 3}),
        ("category", "low", {"value": "low"}),
        ("category", {"value": "low"}, {"value": "low"}),
        ("category", '{"value": "low"}', {"value": "low"}),
        ("OVERSEER_STRESS", 3, {"data": 3}),
        ("OVERSEER_STRESS", {"level": 3}, {"data": {"level": 3}}),
        ("OVERSEER_STRESS", {"data": {"level": 3}}, {"data": {"level": 3}}),
    ],
)
def test_score_data_takes_the_form_of_its_type(
    canary: CanarySpeech, config: Config, clock: FakeClock, case: tuple[str, object, object]
) -> None:
    score_type, given, sent = case
    run_target(config, table(STREAM, [score(canary, score_type=score_type, score_data=given)]), clock=clock).succeeded()
    assert [found.score_data for found in put(canary)] == [sent]


def test_the_same_records_again_add_nothing(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    rows = [score(canary, number) for number in range(5)]
    run_target(config, table(STREAM, rows), clock=clock).succeeded()
    again = run_target(config, table(STREAM, [*rows, score(canary, 5)]), clock=clock).succeeded()
    assert len(put(canary)) == 6
    assert "created=1 updated=0 deleted=0 there_already=5" in again.log


def test_numbers_are_the_same_however_they_are_written(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    for data in (8, 8.0, 8.00):
        run_target(config, table(STREAM, [score(canary, score_data=data)]), clock=clock).succeeded()
    assert len(put(canary)) == 1


def test_equal_values_of_two_rows_are_two_scores(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    run_target(config, table(STREAM, [score(canary, 1), score(canary, 2)]), clock=clock).succeeded()
    assert len(put(canary)) == 2


@pytest.mark.parametrize(
    "fault",
    [
        effects.reset(accept=True),
        effects.close_cleanly(accept=True),
        effects.reset(),
        effects.truncate(0.5),
        effects.rewrite(lambda answer: answer.with_body(b"<html>")),
        effects.reply(502),
        effects.retry_after(3, status=503),
        effects.retry_after(3),
    ],
)
def test_a_call_that_breaks_off_makes_one_score(
    canary: CanarySpeech, config: Config, clock: FakeClock, fault: effects.Effect
) -> None:
    canary.faults.add(fault, path="put-score", times=2)
    run_target(config, table(STREAM, [score(canary, number) for number in range(3)]), clock=clock).succeeded()
    assert len(put(canary)) == 3


@pytest.mark.parametrize("status", [401, 408, 429, 500])
def test_a_score_that_was_stored_in_spite_of_the_answer_is_found(
    canary: CanarySpeech, config: Config, clock: FakeClock, status: int
) -> None:
    stored_but = effects.rewrite(lambda answer: replace(answer, status=status, body=b"{}"))
    canary.faults.add(stored_but, path="put-score", times=1)
    run_target(config, table(STREAM, [score(canary)]), clock=clock).succeeded()
    assert len(put(canary)) == calls(canary, "put-score") == 1


def test_the_wait_that_a_rate_limit_demands_is_kept(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    canary.faults.add(effects.retry_after(30), path="put-score", times=2)
    run_target(config, table(STREAM, [score(canary)]), clock=clock).succeeded()
    assert sum(clock.naps) >= 60


def test_a_list_that_shows_not_all_ends_the_run(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    before = len(canary.dataset.project.scores)
    shown = len(
        [1 for found in canary.dataset.project.scores if score(canary)["assessment_id"] in found.assessment_ids]
    )
    rows = [score(canary, number) for number in range(130 - shown)]
    for cap in (slice(100), slice(-100, None)):

        def shorten(body: Any, cap: slice = cap) -> Any:  # noqa: ANN401 - JSON is anything
            return {"scores": body["scores"][cap]}

        canary.faults.add(effects.swap_json(shorten), path="get-scores", times=None)
        for _ in range(2):
            run = run_target({**config, "max_retries": 2}, table(STREAM, rows), clock=clock)
            assert "shows 100, but not all that was created" in run.told
            assert run.states == []
        ids = Counter((found.extra_data or {}).get(KEY_FIELD) for found in put(canary))
        assert sum(ids.values()) - len(ids) <= 1
        canary.faults.clear()
        del canary.dataset.project.scores[before:]


def test_scores_without_their_mark_end_the_run_at_the_first(
    canary: CanarySpeech, config: Config, clock: FakeClock
) -> None:
    bare = effects.swap_json(lambda body: {"scores": [{**found, "extraData": None} for found in body["scores"]]})
    canary.faults.add(bare, path="get-scores", times=None)
    run = run_target(config, table(STREAM, [score(canary, number) for number in range(3)]), clock=clock)
    assert "but not all that was created" in run.told
    assert len(put(canary)) == 1


def test_a_score_that_shows_late_is_waited_for(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    empty = effects.swap_json(lambda _body: {"scores": []})
    canary.faults.add(empty, path="get-scores", skip=1, times=2)
    run_target(config, table(STREAM, [score(canary, number) for number in range(3)]), clock=clock).succeeded()
    assert len(put(canary)) == 3


def test_long_lists_are_looked_at_now_and_then(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    rows = [score(canary, number) for number in range(250)]
    run_target(config, table(STREAM, rows), clock=clock).succeeded()
    assert len(put(canary)) == 250
    assert calls(canary, "get-scores") < 20


@pytest.mark.parametrize(
    "mark",
    [
        ("_sdc_deleted_at", "2026-05-01T00:00:00Z", None),
        ("deleted", True, False),
        ("_fivetran_deleted", True, None),
        ("valid_to", "2026-05-01", "9999-12-31"),
    ],
)
def test_a_row_that_is_gone_creates_no_score(
    canary: CanarySpeech, config: Config, clock: FakeClock, mark: tuple[str, object, object]
) -> None:
    column, gone, there = mark
    config["mapping"] = {STREAM: {"fields": {"valid_to": "deleted"}}} if column == "valid_to" else {}
    rows = [score(canary, 1, **{column: gone}), score(canary, 2, **{column: there}), score(canary, 3)]
    run = run_target(config, table(STREAM, rows), clock=clock).succeeded()
    assert len(put(canary)) == 2
    assert "marked as deleted at their source create nothing" in run.log
    assert "deleted_at_source=1" in run.log


def test_a_mark_of_deletion_that_no_schema_tells_of_counts(
    canary: CanarySpeech, config: Config, clock: FakeClock
) -> None:
    row = score(canary)
    messages = [schema(STREAM, row), record(STREAM, **row, _sdc_deleted_at="2026-05-01T00:00:00Z")]
    run_target(config, messages, clock=clock).succeeded()
    assert put(canary) == []


@pytest.mark.parametrize("form", ["singer.decimal", "x-singer.decimal"])
def test_a_decimal_that_comes_as_text_is_the_same_number(
    canary: CanarySpeech, config: Config, clock: FakeClock, form: str
) -> None:
    as_text = table(STREAM, [score(canary, score_data="87.50")])
    as_text[0]["schema"]["properties"]["score_data"] = {"type": ["string", "null"], "format": form}
    for messages in (as_text, table(STREAM, [score(canary, score_data=87.5)])):
        run_target(config, messages, clock=clock).succeeded()
    assert [found.score_data for found in put(canary)] == [{"value": 87.5}]


def test_a_key_written_otherwise_is_the_same_key(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    for key in ("2026-04-01T12:00:00Z", "2026-04-01 12:00:00+00:00", "2026-04-01T12:00:01Z"):
        run_target(config, table(STREAM, [score(canary, id=key)]), clock=clock).succeeded()
    assert len(put(canary)) == 2


@pytest.mark.parametrize("assessment_id", [".", "..", ""])
def test_an_id_that_leads_elsewhere_is_refused(
    canary: CanarySpeech, config: Config, clock: FakeClock, assessment_id: str
) -> None:
    run = run_target(config, table(STREAM, [score(canary, assessment_id=assessment_id)]), clock=clock)
    assert "1 records were refused" in run.told
    assert len(canary.request_log) == 0


def test_a_record_nested_too_deeply_is_refused(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    deep: Any = 1
    for _ in range(900 if sys.version_info < (3, 12) else 4000):  # from 3.12 on, C has a limit of its own
        deep = [deep]
    run = run_target(config, table(STREAM, [score(canary, 1, score_data=deep), score(canary, 2)]), clock=clock)
    assert "1 records were refused" in run.told
    assert len(put(canary)) == 1


def test_a_new_token_is_taken_once(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    canary.faults.add(effects.reply(401), path="put-score", times=1)
    run_target(config, table(STREAM, [score(canary)]), clock=clock).succeeded()
    assert len(put(canary)) == 1
    assert calls(canary, "tokens/get") == 2


def test_an_assessment_is_looked_at_once_a_run(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    run_target(config, table(STREAM, [score(canary, number) for number in range(4)]), clock=clock).succeeded()
    assert calls(canary, "get-scores") == 2  # before the first score, and whether it can be read back
    assert calls(canary, "put-score") == 4


def test_a_state_is_confirmed_when_the_records_before_it_are(
    canary: CanarySpeech, config: Config, clock: FakeClock
) -> None:
    first, second = score(canary, 1), score(canary, 2)
    canary.faults.add(effects.reply(500), path="put-score", skip=1, times=None)
    messages = [
        schema(STREAM, first),
        record(STREAM, **first),
        state({"seen": 1}),
        record(STREAM, **second),
        state({"seen": 2}),
    ]
    run = run_target({**config, "max_retries": 2}, messages, clock=clock)
    assert run.states == [{"seen": 1}]
    assert "Canary Speech: the call for creating a score failed at 2 attempts, at last with: HTTP 500" in run.told
    canary.faults.clear()
    run = run_target(config, [messages[0], *messages[3:]], clock=clock).succeeded()
    assert run.states[-1] == {"seen": 2}
    assert len(put(canary)) == 2


def test_an_unknown_assessment_is_the_records_fault(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    rows = [score(canary, 1, assessment_id="nobody's"), score(canary, 2)]
    run = run_target(config, table(STREAM, rows), clock=clock)
    assert "1 records were refused" in run.told
    assert f"{STREAM}, id=1: refused: assessment_id was refused by Canary Speech (HTTP 404)." in run.log
    assert len(put(canary)) == 1
    assert run.states[-1] == {"rows": 2}


def test_credentials_that_are_refused_end_the_run(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    config["canary_speech"]["api_key"] = "571CCF:wrong/key+here"
    run = run_target(config, table(STREAM, [score(canary)]), clock=clock)
    assert "Check canary_speech.api_key" in run.told
    assert run.states == []
    assert "wrong/key" not in run.log + run.told


def test_a_dry_run_shows_and_sends_nothing(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    run = run_target({**config, "dry_run": True}, table(STREAM, [score(canary)]), clock=clock).succeeded()
    assert len(canary.request_log) == 0
    assert run.states == []
    (line,) = [json.loads(line) for line in run.stderr.splitlines() if line.startswith("{")]
    assert line["would"] == f"PUT v2/org/assessment/{canary.dataset.watched[0]}/put-score"
    assert line["body"]["scoreData"] == {"value": 87.5}


def test_a_mapping_sends_any_table(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    row = {
        "id": 7,
        "who": canary.dataset.watched[0],
        "day": "2026-06-14",
        "measure": "QA",
        "kind": "number",
        "avg": 8.25,
    }
    config["mapping"] = {
        "public-daily": {
            "sink": STREAM,
            "fields": {
                "who": "assessment_id",
                "day": "date_recorded",
                "measure": "score_id",
                "kind": "score_type",
                "avg": "score_data",
            },
        }
    }
    run_target(config, table("public-daily", [row]), clock=clock).succeeded()
    (found,) = put(canary)
    assert (found.recorded_at.isoformat(), found.score_data) == ("2026-06-14T00:00:00+00:00", {"value": 8.25})


def test_a_stream_map_does_the_same(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    row = {"id": 7, "who": canary.dataset.watched[0], "day": "2026-06-14", "avg": 8.25}
    config["stream_maps"] = {
        "public-daily": {
            "__alias__": STREAM,
            "assessment_id": "who",
            "date_recorded": "day",
            "score_id": "str('QA')",
            "score_type": "str('number')",
            "score_data": "avg",
        }
    }
    messages = table("public-daily", [row])
    messages[0]["schema"]["properties"] = {
        "id": {"type": "integer"},
        "who": {"type": "string"},
        "day": {"type": "string"},
        "avg": {"type": "number"},
    }
    run_target(config, messages, clock=clock).succeeded()
    assert [found.score_data for found in put(canary)] == [{"value": 8.25}]


def test_what_the_tap_reads_can_be_sent_on(canary: CanarySpeech, config: Config, clock: FakeClock) -> None:
    """A mark that came along with a record is not that record's own."""
    row = score(canary, extra_data={KEY_FIELD: "of another", "note": "x"})
    for _ in range(2):
        run_target(config, table(STREAM, [row]), clock=clock).succeeded()
    (found,) = put(canary)
    assert found.extra_data is not None
    assert found.extra_data[KEY_FIELD] != "of another"


def test_refusals_are_kept_for_mending(canary: CanarySpeech, config: Config, clock: FakeClock, tmp_path: Path) -> None:
    rows = [
        score(canary, 1, date_recorded="yesterday"),
        score(canary, 2, score_id=None),
        score(canary, 3, score_data=""),
        score(canary, 4, extra_data="a note"),
        score(canary, 5, score_type="OVERSEER_X", score_data={"value": 3}),
        score(canary, 6),
    ]
    run = run_target(config, table(STREAM, rows), clock=clock)
    path = tmp_path / "refused.jsonl"
    assert "5 records were refused" in run.told
    assert str(path) in run.told
    kept = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["key"], line["field"]) for line in kept] == [
        ("id=1", "date_recorded"),
        ("id=2", "score_id"),
        ("id=3", "score_data"),
        ("id=4", "extra_data"),
        ("id=5", "score_data"),
    ]
    assert kept[0]["record"] == rows[0]
    assert path.stat().st_mode & 0o777 == 0o600
    assert f"{STREAM}, id=1: refused: date_recorded is not a date and time." in run.log
    assert "yesterday" not in run.log
    assert len(put(canary)) == 1
    assert run.states[-1] == {"rows": 6}
