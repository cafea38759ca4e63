"""Types that loaders can hold: one kind a column, no fraction cut, no id rounded, none changed after a release."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tap_qa.singer.schemas import with_unmapped
from tests.architecture.test_schema_files import MANY_FORMS, STREAMS, every_stream, kinds, load, properties
from tests.support.snapshots import FOLDER

if TYPE_CHECKING:
    import pytest

TYPES = FOLDER / "column_types.json"
MAX_NAME_CHARACTERS = 63
"""PostgreSQL cuts longer names; the usual loader then never loads a row."""

IDS = re.compile(r"(?:^|_)(?:id|ids|uuid|uuids|key)$")
COUNTS = re.compile(r"(?:^|_)(?:id|ids|version|number|key)$|^number_of_")
"""Names of what is never a fraction: ids, places and counts."""


def types_of(stream: str) -> dict[str, list[str]]:
    """Return the type of each property at every level, with its format behind it."""
    found = {}
    for path, prop in properties(with_unmapped(load(stream))):
        items = prop.get("items", {}).get("type", [])
        inside = [f"[{kind}]" for kind in items if kind != "null"]
        found[path] = [*kinds(prop), *inside, *filter(None, [prop.get("format")])]
    return found


def test_no_type_differs_from_the_last_release(request: pytest.FixtureRequest) -> None:
    """Loaders round or cut what was widened: to change a type, edit the file by hand and tell it in the changelog.

    `--update-snapshots` adds new columns only.
    """
    released: dict[str, dict[str, Any]] = json.loads(TYPES.read_text(encoding="utf-8")) if TYPES.exists() else {}
    now = {stream: types_of(stream) for stream in STREAMS}
    if request.config.getoption("--update-snapshots"):
        released = {stream: now[stream] | released.get(stream, {}) for stream in sorted(now)}
        TYPES.write_text(json.dumps(released, indent=1) + "\n", encoding="utf-8")
    assert {
        f"{stream}.{path}": now.get(stream, {}).get(path)
        for stream, columns in released.items()
        for path, types in columns.items()
        if now.get(stream, {}).get(path) != types
    } == {}
    assert {stream: sorted(set(now[stream]) - set(released.get(stream, {}))) for stream in now} == {
        stream: [] for stream in now
    }, "new columns: run with --update-snapshots"


@every_stream
def test_a_column_has_one_type(stream: str) -> None:
    assert {name: kinds(prop) for name, prop in load(stream)["properties"].items() if len(kinds(prop)) != 1} == {}
    assert not [path for listed, path in MANY_FORMS if listed == stream and "." not in path]


@every_stream
def test_what_may_hold_a_fraction_is_a_number(stream: str) -> None:
    for path, prop in properties(load(stream)):
        if "integer" in {*kinds(prop), *prop.get("items", {}).get("type", [])}:
            assert COUNTS.search(path.rpartition(".")[2]), path


@every_stream
def test_no_id_is_a_number(stream: str) -> None:
    for path, prop in properties(load(stream)):
        if IDS.search(path.rpartition(".")[2]):
            assert "number" not in {*kinds(prop), *prop.get("items", {}).get("type", [])}, path


@every_stream
def test_no_name_is_longer_than_databases_take(stream: str) -> None:
    assert len(stream) <= MAX_NAME_CHARACTERS
    for name in load(stream)["properties"]:
        # As loaders write names that are not theirs yet.
        snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
        assert len(snake) <= MAX_NAME_CHARACTERS, name
