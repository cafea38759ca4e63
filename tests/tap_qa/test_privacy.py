"""The privacy recipe against the simulators of all vendors: nothing that a schema marks as personal gets through."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk.mapper import PluginMapper

from qa_harness.run import Run, full_catalog, run_tap, select
from qa_sandbox.vendors.canary_speech import CanarySpeech
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset
from tap_qa.singer.privacy import MARK, privacy_recipe
from tap_qa.tap import TapQA
from tests.tap_qa.configs import config_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.betterworks import Betterworks
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox

SCHEMAS = {name: stream.schema for name, stream in TapQA(validate_config=False).streams.items()}
SEED = "a seed of this test"


def marked(schema: Mapping[str, Any], value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON
    """Yield the marks of a schema and the values below a value that bear them."""
    if value is None:
        return
    if MARK in schema:
        yield schema[MARK], value
    elif isinstance(value, list):
        for item in value:
            yield from marked(schema.get("items", {}), item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from marked(schema.get("properties", {}).get(name, {}), item)


def personal(run: Run, mark: str) -> set[str]:
    """Return what a run emitted under a mark, as JSON."""
    return {
        json.dumps(value, default=str)
        for name, schema in SCHEMAS.items()
        for record in run.records(name)
        for found, value in marked(schema, record)
        if found == mark
    }


def digest(text: str) -> str:
    return json.dumps(hashlib.sha256(f"{SEED}{text.strip().lower()}".encode()).hexdigest())


@pytest.fixture
def config(
    scorebuddy: Scorebuddy, betterworks: Betterworks, clock: FakeClock, open_sandbox: OpenSandbox
) -> dict[str, Any]:
    maestroqa = MaestroQa(clock, MaestroQaDataset(clock, days=3, tickets_per_day=3))
    cxone = CxOne(clock)
    cxone.pacer.clock = maestroqa.demanding.clock = maestroqa.easy.clock = clock.monotonic
    return config_of(open_sandbox(scorebuddy, betterworks, maestroqa, cxone, CanarySpeech(clock)))


def test_nothing_personal_passes_the_recipe(config: dict[str, Any], clock: FakeClock) -> None:
    recipe = {**privacy_recipe(SCHEMAS), "stream_map_config": {"hash_seed": SEED}}
    catalog = select(*(entry["tap_stream_id"] for entry in full_catalog()["streams"]))
    plain = run_tap(config, clock=clock, catalog=catalog)
    private = run_tap({**config, **recipe}, clock=clock, catalog=catalog)

    assert private.failure is None
    assert plain.status == private.status
    assert {json.loads(text) for text in personal(private, "identity")} == {
        json.loads(digest(json.loads(text))) for text in personal(plain, "identity") if json.loads(text)
    }
    assert personal(plain, "content")
    assert not personal(private, "content")
    said = private.stdout.decode()
    assert not [text for text in personal(plain, "identity") if len(text) > len('""') and f": {text}" in said]
    assert MARK not in said
    assert [message["schema"]["properties"] for message in private.of_type("SCHEMA")] == [
        message["schema"]["properties"] for message in plain.of_type("SCHEMA")
    ]


@pytest.mark.parametrize(("seed", "warnings"), [(None, 1), (SEED, 0)])
def test_the_seed_of_the_recipe_itself_is_warned_of(seed: str | None, warnings: int, clock: FakeClock) -> None:
    recipe = privacy_recipe(SCHEMAS)
    if seed is not None:
        recipe["stream_map_config"] = {"hash_seed": seed}
    own = {"api_token": "t" * 9, "url": "https://app.betterworks.com/api/v1"}
    run = run_tap(
        {"start_date": "2026-01-01T00:00:00Z", "betterworks": own, **recipe}, clock=clock, catalog={"streams": []}
    ).succeeded()
    assert len([line for line in run.lines(logging.WARNING) if "hash_seed is the example's" in line]) == warnings


def test_schemas_mark_what_they_call_personal() -> None:
    def unmarked(path: str, schema: Mapping[str, Any]) -> Iterator[str]:
        if ("ersonal data" in schema.get("description", "")) != (MARK in schema):
            yield path
        for name, inner in schema.get("properties", {}).items():
            yield from unmarked(f"{path}.{name}", inner)
        if "items" in schema:
            yield from unmarked(f"{path}[]", schema["items"])

    assert not [path for name, schema in SCHEMAS.items() for path in unmarked(name, schema) if "." in path]


def test_the_pages_digest_is_the_recipes() -> None:
    page = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
    (seed, address), (digest,) = (
        re.findall(r"of `(.+?)` and `(.+?)` \|", page)[0],
        re.findall(r"\| digest \| `(\w+)`", page),
    )
    schema = {"type": "object", "properties": {"address": {"type": ["string", "null"], MARK: "identity"}}}
    recipe = privacy_recipe({"people": schema})
    mapper = PluginMapper({**recipe, "stream_map_config": {"hash_seed": seed}}, logger=logging.getLogger())
    mapper.register_raw_stream_schema("people", schema, [])
    assert mapper.stream_maps["people"][0].transform({"address": address}) == {"address": digest}
