"""Stream maps that would not bite are refused, and an expression that fails is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.run import run_tap, select
from tap_qa.config.stream_maps import map_problems
from tap_qa.singer.privacy import privacy_recipe
from tap_qa.tap import TapQA
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

STREAMS = {"people": ["id", "email", "last_name", "tags"], "teams": ["id", "name"], "people_of_teams": ["id"]}

GOOD: list[dict[str, Any]] = [
    {"people": {"email": None, "last_name": "__NULL__"}},
    {"people": {"email": "md5(email)", "domain": "email.split('@')[-1]", "__else__": None}},
    {"people": {"email": "md5(config['salt'] + self)", "__filter__": "id > 3 and record['email']"}},
    {"people": {"tags": "[tag.strip() for tag in tags]", "n": "str(_['id'])"}},
    {"people": {"name": "last_name", "last_name": None, "__alias__": "persons"}},
    {"people": {"ids": "id", "id_": "id"}},
    {"people": {"last_names": "[last_name]", "last_name": "last_name"}},
    {"people": None, "__else__": None},
    {"*": {"id": "str(id)"}},
    {"copy": {"__source__": "people", "email": None}, "people": {"email": None}},
]


@pytest.mark.parametrize("maps", GOOD)
def test_good_maps_pass(maps: dict[str, Any]) -> None:
    assert list(map_problems(maps, STREAMS)) == []


BAD: list[tuple[dict[str, Any], str]] = [
    ({"poeple": {"email": None}}, "stream_maps.poeple: poeple is not a stream; is people meant?"),
    ({"poeple_*": None}, "stream_maps.poeple_*: poeple_* is not a stream; is people"),
    ({"x": {"__source__": "team"}}, "stream_maps.x: team is not a stream; is teams meant?"),
    ({"people": {"emial": None}}, "stream_maps.people.emial: there is no such column; is email meant?"),
    ({"*": {"E-Mail": "__NULL__"}}, "stream_maps.*.E-Mail: there is no such column; is email meant?"),
    ({"people": {"email": "md5(emial)"}}, "stream_maps.people.email uses emial, which is no column; is email meant?"),
    ({"people": {"hash": "md5(record['emial'])"}}, "uses emial, which is no column; is email meant?"),
    ({"people": {"emial": "md5(self)"}}, "stream_maps.people.emial: there is no such column, so there is no self"),
    ({"people": {"last_nme": "md5(last_name)"}}, "would stand beside last_name, which stays as it is"),
    ({"people": {"__filter__": "idd > 3"}}, "stream_maps.people.__filter__ uses idd, which is no column; is id meant?"),
    ({"people": {"email": "fake.email()"}}, "uses fake, which needs the extra faker: install tap-qa[faker]."),
    ({"people": {"email": {"a": 1}}}, "stream_maps.people.email must be an expression, as text, or null."),
    ({"people": {"a\nb": None}}, "stream_maps.people.'a\\nb': there is no such column"),
    (
        {"people": {"email": None}, "people*": {"last_name": None}},
        'would count. Merge them: {"people": {"email": null, "last_name": null}}',
    ),
    ({"people": {"email": None}, "*": None}, "people and * match people; only the last would count. Merge them"),
    ({"*": {"id": "id"}, "[pt]e*": {"id": "str(id)"}}, "* and [pt]e* match people (and 2 more)"),
]


@pytest.mark.parametrize(("maps", "line"), BAD)
def test_what_would_not_bite_is_one_line(maps: dict[str, Any], line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    (problem,) = map_problems(maps, STREAMS)
    assert line in problem
    assert "\n" not in problem


def test_the_privacy_recipe_passes() -> None:
    tap = TapQA(config={}, validate_config=False, setup_mapper=False)
    schemas = {name: stream.schema for name, stream in tap.streams.items()}
    recipe = privacy_recipe(schemas)
    assert (
        list(map_problems(recipe["stream_maps"], {name: found["properties"] for name, found in schemas.items()})) == []
    )


def test_a_run_with_maps_that_would_not_bite_reads_nothing(scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:
    maps = {"scorebuddy_usres": {"email_address": None}, "scorebuddy_users": {"emial_address": None}}
    run = run_tap({**config_of(open_sandbox(scorebuddy)), "stream_maps": maps}, clock=scorebuddy.clock)
    assert (run.status, run.failure, run.stdout) == (1, None, b"")
    assert [line.rpartition(" is ")[2] for line in run.errors[:2]] == [
        "scorebuddy_users meant?",
        "email_address meant?",
    ]


@pytest.mark.parametrize(
    ("entry", "place", "failure"),
    [
        ({"n": "email_address.nothing()"}, "n", "AttributeDoesNotExist"),
        ({"n": "int(email_address)"}, "n", "ValueError"),
        ({"n": "last_name + 1"}, "n", "TypeError"),
        ({"__filter__": "1 / 0"}, "__filter__", "ZeroDivisionError"),
        ({"n": "'a' * 200000"}, "n", "IterableTooLong"),
    ],
)
def test_an_expression_that_fails_is_named_and_the_other_streams_are_read(
    entry: dict[str, str], place: str, failure: str, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox
) -> None:
    config = {**config_of(open_sandbox(scorebuddy)), "stream_maps": {"scorebuddy_users": entry}}
    catalog = select("scorebuddy_users", "scorebuddy_groups")
    run = run_tap(config, clock=scorebuddy.clock, catalog=catalog)
    assert (run.status, run.failure) == (1, None)
    assert run.records("scorebuddy_groups")
    told = f"stream_maps: scorebuddy_users.{place}: the expression fails with {failure}."
    assert [line for line in run.errors if told in line]
    assert "@" not in run.log_text()


@pytest.mark.parametrize(
    "maps",
    [{"__other__": None}, {"scorebuddy_users": {"__key_properties__": 7}}, {"scorebuddy_users": {"__else__": "x"}}],
)
def test_what_the_sdk_stumbles_over_is_one_line(maps: Any, scorebuddy: Scorebuddy, open_sandbox: OpenSandbox) -> None:  # noqa: ANN401
    run = run_tap({**config_of(open_sandbox(scorebuddy)), "stream_maps": maps}, clock=scorebuddy.clock)
    assert (run.status, run.failure, run.stdout) == (1, None, b"")
    assert run.errors[0].startswith("stream_maps")
    assert set(run.errors[1:]) <= {"Config validation failed"}
