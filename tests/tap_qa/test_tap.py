"""What leaves the tap: selected properties, mapped records, files, versions, and what no schema knows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from qa_harness.destination import Destination
from qa_harness.run import full_catalog, run_tap, select
from qa_sandbox.http import effects
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from qa_sandbox.vendors.betterworks import Betterworks
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

SCORES, GROUPS, USERS = "scorebuddy_scores", "scorebuddy_groups", "scorebuddy_users"


RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00")


def test_deselected_properties_stay_away_keys_never_do(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    catalog = select(SCORES, without=[f"{SCORES}.{name}" for name in ("comments", "reference", "score_id")])
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded()
    schema = run.of_type("SCHEMA")[0]
    assert not {"comments", "reference"} & set(schema["schema"]["properties"])
    assert schema["key_properties"] == ["score_id"]
    truth = {key: dict(row) for key, row in sandbox.expected_records(SCORES).items()}
    for row in truth.values():
        del row["comments"], row["reference"]
    assert Destination().take(run).tables[SCORES] == truth


def test_a_deselected_property_further_down_stays_away(betterworks: Betterworks, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(betterworks)
    # The SDK selects inside objects; what is inside arrays comes or goes with them.
    catalog = select("betterworks_goals", without=["betterworks_goals.measurement.progress"])
    run = run_tap(config_of(sandbox), clock=betterworks.clock, catalog=catalog).succeeded()
    measurements = [row["measurement"] for row in run.records("betterworks_goals") if row["measurement"] is not None]
    assert measurements
    assert all("progress" not in measurement for measurement in measurements)


def test_deselected_streams_cost_nothing(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(GROUPS)).succeeded()
    assert {message.get("stream") for message in run.messages} == {GROUPS, None}
    assert [call.path.rpartition("/")[2] for call in scorebuddy.request_log] == ["token", "groups"]


@pytest.mark.parametrize("loss", ["key_properties", "replication_key", "metadata"])
def test_a_catalog_that_lost_keys_does_not_take_them_from_the_stream(
    loss: str, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    catalog = select(SCORES)
    for entry in catalog["streams"]:
        entry.pop(loss, None)
        if loss == "metadata":
            entry["metadata"] = [
                {"breadcrumb": [], "metadata": {"selected": entry["tap_stream_id"] == SCORES}},
            ]
        for item in entry["metadata"]:
            item["metadata"].pop({"key_properties": "table-key-properties", "replication_key": ""}.get(loss, ""), None)
            item["metadata"].pop("valid-replication-keys" if loss == "replication_key" else "", None)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded()
    assert run.of_type("SCHEMA")[0]["key_properties"] == ["score_id"]
    assert run.state["bookmarks"][SCORES] == {
        "replication_key": "last_edit_date",
        "replication_key_value": "2026-06-15T05:59:58+00:00",
    }
    assert_equals_expected_records(Destination().take(run), sandbox, [SCORES])


def test_columns_that_an_older_catalog_lacks_go_to_unmapped(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    whole = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded().records(SCORES)
    catalog = select(SCORES, without=[f"{SCORES}.comments"])
    entry = next(entry for entry in catalog["streams"] if entry["tap_stream_id"] == SCORES)
    gone = ["group_id", "interaction_id"]
    for name in gone:
        del entry["schema"]["properties"][name]
    entry["metadata"] = [item for item in entry["metadata"] if item["breadcrumb"][-1:] not in ([name] for name in gone)]
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded()
    columns = set(run.of_type("SCHEMA")[0]["schema"]["properties"])
    assert {*gone, "comments"}.isdisjoint(columns)
    expected = {row["score_id"]: {name: row[name] for name in gone if row[name] is not None} or None for row in whole}
    assert any(expected.values())
    for row in run.records(SCORES):
        assert set(row) <= columns
        assert row["_unmapped"] == expected[row["score_id"]]
    told = [line for line in run.lines(30) if "older version" in line]
    assert len(told) == 1
    assert "lacks group_id, interaction_id;" in told[0]


@pytest.mark.parametrize("key", ["replication-method", "forced-replication-method"])
def test_the_metadata_of_a_stream_may_ask_for_the_whole(
    key: str, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = {**config_of(sandbox), "lookback_days": 0}
    first = run_tap(config, clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    catalog = select(SCORES)
    for entry in catalog["streams"]:
        for item in entry["metadata"]:
            if entry["tap_stream_id"] == SCORES and not item["breadcrumb"]:
                item["metadata"][key] = "FULL_TABLE"
    again = run_tap(config, clock=scorebuddy.clock, catalog=select(SCORES), state=first.state).succeeded()
    assert len(again.records(SCORES)) < len(first.records(SCORES))
    full = run_tap(config, clock=scorebuddy.clock, catalog=catalog, state=first.state).succeeded()
    assert len(full.records(SCORES)) == len(first.records(SCORES))


def test_a_catalog_of_the_older_kind_selects_what_it_says(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    catalog = select(GROUPS)
    for entry in catalog["streams"]:
        entry.update(metadata=[], selected=entry["tap_stream_id"] == GROUPS)
        if entry["selected"]:
            entry["schema"]["properties"]["notes"]["selected"] = False
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=catalog).succeeded()
    assert {message["stream"] for message in run.of_type("SCHEMA")} == {GROUPS}
    assert run.records(GROUPS)
    assert all("notes" not in row and row["group_id"] for row in run.records(GROUPS))


def test_a_catalog_without_schema_and_metadata_reads_whole_records(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog={"streams": [{"stream": GROUPS}]}).succeeded()
    assert_equals_expected_records(Destination().take(run), sandbox, [GROUPS])


MAPS: dict[str, Any] = {
    USERS: {"email_address": "md5(email_address)", "last_name": None, "domain": "email_address.split('@')[-1]"},
}


def assert_mapped(rows: list[dict[str, Any]], truth: dict[Any, dict[str, Any]]) -> None:
    assert len(rows) == len(truth)
    for row in rows:
        assert "last_name" not in row
        assert row["domain"].endswith("example.com")
        assert "@" not in row["email_address"]
        assert row["first_name"] == truth[row["user_id"],]["first_name"]


def test_stream_maps_are_followed(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    config = {**config_of(sandbox), "stream_maps": MAPS}
    run = run_tap(config, clock=scorebuddy.clock, catalog=select(USERS)).succeeded()
    assert_mapped(run.records(USERS), sandbox.expected_records(USERS))
    assert "last_name" not in run.of_type("SCHEMA")[0]["schema"]["properties"]


def test_a_stream_map_may_filter_and_rename(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    maps = {SCORES: {"__filter__": "below_target", "__alias__": "poor_scores"}}
    run = run_tap({**config_of(sandbox), "stream_maps": maps}, clock=scorebuddy.clock, catalog=select(SCORES))
    wanted = {key for key, row in sandbox.expected_records(SCORES).items() if row["below_target"]}
    assert wanted
    assert set(Destination().take(run.succeeded()).tables["poor_scores"]) == wanted
    assert run.bookmark(SCORES) == "2026-06-15T05:59:58+00:00"


def test_versions_are_announced_only_when_wanted(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock).succeeded()
    assert not run.of_type("ACTIVATE_VERSION")
    assert all("version" not in message for message in run.of_type("RECORD"))


def test_a_version_is_announced_once_its_table_was_read_whole(
    scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy, betterworks)
    config = {**config_of(sandbox), "emit_activate_version_messages": True}
    scorebuddy.faults.add(effects.reply(400, "no"), path="/users$", times=1)
    first = run_tap(config, clock=scorebuddy.clock)
    announced = {message["stream"]: message["version"] for message in first.of_type("ACTIVATE_VERSION")}
    assert first.status == 1
    # Full tables only, and not the one that failed.
    assert set(announced) == {
        GROUPS,
        "scorebuddy_teams",
        "scorebuddy_employees",
        "scorebuddy_supervisors",
        "scorebuddy_scorecards",
        "scorebuddy_scorecard_sections",
        "scorebuddy_scorecard_versions",
        "betterworks_users",
    }
    for position, message in enumerate(first.messages):
        if message["type"] == "ACTIVATE_VERSION":
            later = [m for m in first.messages[position:] if m["type"] == "RECORD" and m["stream"] == message["stream"]]
            assert later == []
    assert all(
        message["version"] == announced[message["stream"]]
        for message in first.of_type("RECORD")
        if message["stream"] in announced
    )
    assert all("version" not in message for message in first.of_type("RECORD") if message["stream"] == SCORES)
    # Rows that vanish at the vendor vanish at the destination, once a later version was announced.
    destination = Destination().take(first)
    gone = next(iter(scorebuddy.dataset.instance.users))
    del scorebuddy.dataset.instance.users[gone]
    del scorebuddy.dataset.instance.teams[next(iter(scorebuddy.dataset.instance.teams))]
    scorebuddy.dataset.changed()
    sandbox.pass_time(hours=1)
    second = run_tap(config, clock=scorebuddy.clock, state=destination.state).succeeded()
    renewed = {message["stream"]: message["version"] for message in second.of_type("ACTIVATE_VERSION")}
    assert all(renewed[stream] > version for stream, version in announced.items())
    assert_equals_expected_records(destination.take(second), sandbox, ["scorebuddy_teams", USERS])


def test_new_columns_of_the_vendor_are_never_lost(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)

    def with_news(body: Any) -> None:  # noqa: ANN401
        for row in body["scores"]:
            row["Brand new"] = {"of": row["score_id"]}
            row["percentage"] = "n/a"

    scorebuddy.faults.add(effects.swap_json(with_news), path="/scores$", times=None)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    rows = run.records(SCORES)
    assert len(rows) == len(sandbox.expected_records(SCORES))
    for row in rows:
        assert row["percentage"] is None
        assert row["_unmapped"] == {"Brand new": {"of": row["score_id"]}, "percentage": "n/a"}
    assert sum("Brand new" in line for line in run.lines()) == 1
    assert any("values of percentage" in line for line in run.lines(30))
    assert "n/a" not in run.log_text()


def test_a_column_that_goes_missing_is_null_and_logged_once(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox(scorebuddy)

    def without(body: Any) -> None:  # noqa: ANN401
        for row in body["scores"]:
            del row["reference"]

    scorebuddy.faults.add(effects.swap_json(without), path="/scores$", times=None)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(SCORES)).succeeded()
    assert all(row["reference"] is None for row in run.records(SCORES))
    assert sum("reference" in line for line in run.lines()) == 1


def test_every_record_keeps_to_its_schema(
    scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy, betterworks)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock, catalog=select(*sandbox.streams)).succeeded()
    checkers = {
        message["stream"]: Draft7Validator(message["schema"], format_checker=FormatChecker(["date"]))
        for message in run.of_type("SCHEMA")
    }
    schemas = {message["stream"]: message["schema"] for message in run.of_type("SCHEMA")}
    seen = set()
    for line in run.stdout.splitlines():
        message = json.loads(line)
        if message["type"] == "RECORD":
            seen.add(message["stream"])
            errors = [error.message for error in checkers[message["stream"]].iter_errors(message["record"])]
            assert not errors, (message["stream"], errors)
            columns = schemas[message["stream"]]["properties"]
            assert set(message["record"]) == set(columns)
            for name, value in message["record"].items():
                if columns[name].get("format") == "date-time" and value is not None:
                    assert RFC3339.fullmatch(value), value
    assert seen == set(sandbox.streams)


def test_every_schema_comes_before_its_records_and_names_the_key(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(scorebuddy)
    run = run_tap(config_of(sandbox), clock=scorebuddy.clock).succeeded()
    keys = {entry["tap_stream_id"]: entry["key_properties"] for entry in full_catalog()["streams"]}
    schemas = run.of_type("SCHEMA")
    assert {message["stream"]: message["key_properties"] for message in schemas} == {
        stream: keys[stream] for stream in sandbox.streams
    }
    assert len(schemas) == len(sandbox.streams)  # some targets begin their file anew at a second one
    for message in schemas:
        required = [name for name, part in message["schema"]["properties"].items() if "null" not in part["type"]]
        assert set(required) == set(message["key_properties"])
