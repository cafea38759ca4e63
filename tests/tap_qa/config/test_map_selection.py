"""Stream maps beside a catalog: what is deselected stays away, what an old catalog lacks is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk.exceptions import ConfigValidationError

from qa_harness.run import run_tap, select
from tap_qa.config.map_selection import LeftOut, columns_in_maps, fitted_maps
from tap_qa.singer.privacy import privacy_recipe
from tap_qa.tap import TapQA
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from qa_sandbox.vendors.betterworks import Betterworks
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

USERS, GOALS = "scorebuddy_users", "betterworks_goals"
STREAMS = {"people": LeftOut(frozenset({"email"}), frozenset({"phone"})), "teams": LeftOut()}
RECIPE = {
    **privacy_recipe({name: stream.schema for name, stream in TapQA(validate_config=False).streams.items()}),
    "stream_map_config": {"hash_seed": "a seed of this test"},
}


@pytest.mark.parametrize(
    ("maps", "fitted"),
    [
        ({"people": {"email": "md5(email)", "id": "str(id)"}}, {"people": {"id": "str(id)"}}),
        ({"people": {"email": None, "__else__": None}}, {"people": {"__else__": None}}),
        ({"people": {"id": "str(id)"}, "teams": None}, {"people": {"id": "str(id)"}, "teams": None}),
        (
            {"*": {"email": "md5(email)", "id": "id"}},
            {"*": {"email": "md5(email)", "id": "id"}, "people": {"id": "id"}},
        ),
        (
            {"copy": {"__source__": "people", "email": None, "id": "id"}},
            {"copy": {"__source__": "people", "id": "id"}},
        ),
        ({"people": {"__filter__": "id > 3"}}, {"people": {"__filter__": "id > 3"}}),
        ({}, {}),
    ],
)
def test_what_is_deselected_stays_away(maps: dict[str, Any], fitted: dict[str, Any]) -> None:
    assert fitted_maps(maps, STREAMS) == fitted


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"domain": "email.split('@')[1]"}, "people.domain uses email, which the catalog deselects; select it"),
        ({"__filter__": "record['email']"}, "people.__filter__ uses email, which the catalog deselects"),
        (
            {"phone": None},
            "people.phone: the catalog is of an older version and lacks people.phone. Run --discover again",
        ),
        ({"phone": "md5(phone)"}, "lacks people.phone. Run --discover again."),
        ({"prefix": "phone[:3]"}, "people.prefix: the catalog is of an older version and lacks people.phone."),
    ],
)
def test_what_could_not_do_what_it_says_is_an_error(entry: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ConfigValidationError) as error:
        fitted_maps({"people": entry}, STREAMS)
    [problem] = error.value.errors
    assert complaint in problem
    assert fitted_maps({"teams": entry}, STREAMS) == {"teams": entry}


def test_the_columns_that_maps_read() -> None:
    maps = {"people": {"name": "first + record['last']"}, "*": None, "copy": {"__source__": "p*", "id": None}}
    assert columns_in_maps(maps, "people") >= {"name", "first", "last", "id"}
    assert not columns_in_maps(maps, "teams")
    assert not columns_in_maps(None, "people")


def entry_of(catalog: dict[str, Any], stream: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in catalog["streams"] if entry["tap_stream_id"] == stream)
    return found


def test_the_privacy_recipe_beside_deselected_columns(
    scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox
) -> None:
    config = {**config_of(open_sandbox(scorebuddy, betterworks)), **RECIPE}
    catalog = select(USERS, GOALS, without=[f"{USERS}.email_address", f"{GOALS}.owner", f"{USERS}._unmapped"])
    run = run_tap(config, clock=scorebuddy.clock, catalog=catalog).succeeded()
    columns = {message["stream"]: set(message["schema"]["properties"]) for message in run.of_type("SCHEMA")}
    for stream, gone in ((USERS, {"email_address", "_unmapped"}), (GOALS, {"owner"})):
        assert columns[stream].isdisjoint(gone)
        assert run.records(stream)
        assert all(set(row) <= columns[stream] for row in run.records(stream))
    assert all(len(row["last_name"]) == 64 for row in run.records(USERS))
    assert not run.lines(30)


def test_the_privacy_recipe_beside_an_older_catalog_says_what_to_do(
    scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    config = {**config_of(open_sandbox(scorebuddy)), **RECIPE}
    catalog = select(USERS)
    del entry_of(catalog, USERS)["schema"]["properties"]["email_address"]
    run = run_tap(config, clock=scorebuddy.clock, catalog=catalog)
    assert run.status == 1
    assert not run.records(USERS)
    assert [line for line in run.errors if f"lacks {USERS}.email_address. Run --discover again." in line]


def test_nested_columns_that_an_older_catalog_lacks_go_to_unmapped(
    betterworks: Betterworks, open_sandbox: OpenSandbox
) -> None:
    sandbox = open_sandbox(betterworks)
    whole = run_tap(config_of(sandbox), clock=betterworks.clock, catalog=select(GOALS)).succeeded().records(GOALS)
    catalog = select(GOALS)
    columns = entry_of(catalog, GOALS)["schema"]["properties"]
    del columns["owner"]["properties"]["user"]["properties"]["name"]
    del columns["owner"]["properties"]["user"]["properties"]["uuid"]
    del columns["description"]
    run = run_tap(config_of(sandbox), clock=betterworks.clock, catalog=catalog).succeeded()
    for before, row in zip(whole, run.records(GOALS), strict=True):
        user = before["owner"].get("user")
        moved = {
            "owner.user.name": user and user.pop("name"),
            "owner.user.uuid": user and user.pop("uuid"),
            "description": before.pop("description"),
        }
        moved = {name: value for name, value in moved.items() if value is not None}
        assert row == {**before, "_unmapped": {**(before["_unmapped"] or {}), **moved} or None}
    [told] = run.lines(30)
    assert "lacks description, owner.user.name, owner.user.uuid; values go to _unmapped." in told
    # What a map reads stays where it is read.
    private = run_tap({**config_of(sandbox), **RECIPE}, clock=betterworks.clock, catalog=catalog).succeeded()
    names = [row["owner"]["user"]["name"] for row in private.records(GOALS) if row["owner"].get("user")]
    assert any(names)
    assert all(name is None or len(name) == 64 for name in names)
    assert all(row["_unmapped"] is None for row in private.records(GOALS))
