"""The loader table's own machinery, tried on loaders of a few lines that do one thing right or wrong."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from qa_loaders import kills, stores
from qa_loaders.checks import CHECKS
from qa_loaders.environment import Environment
from qa_loaders.loaders import LOADERS, Loader
from qa_loaders.questions import TITLES, Messages
from qa_loaders.results import read_results
from qa_loaders.trial import Bench
from tools.docs.loader_tables import loader_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = f"""#!{sys.executable}
import json, os, sys
config = json.load(open(sys.argv[2]))
dropped = config["drop"]
state = None
for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "STATE":
        state = message["value"]
        if config["states"]:
            print(json.dumps(state), flush=True)
    if message["type"] == "RECORD":
        dropped -= 1
        if dropped < 0:
            with open(os.path.join(config["folder"], message["stream"] + ".jsonl"), "a") as file:
                file.write(json.dumps(message["record"]) + "\\n")
if config["fails"]:
    sys.exit("ValueError: no")
if state is not None and not config["states"]:
    print(json.dumps(state))
"""
GOOD = Loader(
    name="good",
    title="",
    pins=(),
    program="loader",
    rows=stores.jsonl_rows,
    config={"folder": "$folder", "drop": 0, "fails": False, "states": False},
    advice="",
    appends=True,
)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def bench(folder: Path, **config: object) -> Bench:
    program = folder / "bin" / "loader"
    program.parent.mkdir(exist_ok=True)
    program.write_text(PROGRAM)
    program.chmod(0o755)
    loader = replace(GOOD, config={**GOOD.config, **config})
    return Bench.of(loader, Environment(folder), None, folder, "trial")


def check(name: str, folder: Path) -> Messages:
    (folder / name).mkdir()
    return Messages.of(list(next(each for each in CHECKS if each.name == name).write(folder / name)))


@pytest.mark.parametrize("name", ["objects", "edits", "texts", "ids"])
def test_a_right_loader_has_nothing_to_report(name: str, tmp_path: Path) -> None:
    messages = check(name, tmp_path)
    trial = bench(tmp_path)
    assert [trial.load(path).status for path in messages.files] == [0] * len(messages.files)
    ((stream, schema),) = messages.schemas.items()
    assert trial.compare(messages.expected[stream], schema).verdict == "ok"


def test_a_loader_that_loses_a_row_is_found_out(tmp_path: Path) -> None:
    messages = check("dates", tmp_path)
    trial = bench(tmp_path, drop=1)
    trial.load(messages.files[0])
    ((stream, schema),) = messages.schemas.items()
    assert trial.compare(messages.expected[stream], schema).verdict == "loses"


def test_an_error_is_reported_in_its_own_line(tmp_path: Path) -> None:
    ended = bench(tmp_path, fails=True).load(check("dates", tmp_path).files[0])
    assert (ended.status, ended.error) == (1, "ValueError: no")


def test_rows_of_an_older_version_are_no_longer_expected(tmp_path: Path) -> None:
    messages = check("vanished", tmp_path)
    (rows,) = messages.expected.values()
    assert [row["comment"] for row in rows.values()] == ["stays"]


def test_a_stream_map_makes_a_text_of_what_no_schema_knows(tmp_path: Path) -> None:
    messages = check("objects-as-text", tmp_path)
    ((stream, schema),) = messages.schemas.items()
    assert schema["schema"]["properties"]["_unmapped"]["type"] == ["string", "null"]
    found = [row["_unmapped"] for row in messages.expected[stream].values()]
    assert found == ['{"new_field": {"deep": "a"}}', None]


@pytest.mark.parametrize(("states", "doubled"), [(True, 0), (False, 1)])
def test_a_kill_half_way_doubles_what_no_state_speaks_of(states: bool, doubled: int, tmp_path: Path) -> None:  # noqa: FBT001
    rows = 4_000
    kills.write_rows(tmp_path / "rows.jsonl", rows)
    result = kills.kill(bench(tmp_path, states=states), tmp_path / "rows.jsonl", rows, "SIGKILL")
    assert result.status == -9
    assert (result.next_status, result.missing, result.lost) == (0, 0, 0)
    assert (result.confirmed > 0) == states
    # One window at most is read again where each STATE is handed back.
    assert (result.doubled > rows // kills.WINDOWS) == bool(doubled)


def test_every_loader_was_asked_everything() -> None:
    results = read_results()
    assert set(results) == {loader.name for loader in LOADERS}
    for name, found in results.items():
        assert "not_installed" in found or set(found["checks"]) == set(TITLES), name
    for sign in kills.SIGNALS:
        assert {name for name, found in results.items() if sign in found} == {
            loader.name for loader in LOADERS if loader.is_killed
        }


def test_the_page_has_a_column_for_each_loader_that_installs() -> None:
    head = loader_blocks()["loader table"].splitlines()[0]
    for loader in LOADERS:
        assert (loader.title in head) == ("checks" in read_results()[loader.name])
