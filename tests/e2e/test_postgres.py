"""Into PostgreSQL through the usual loader: kills of either side, and a run that failed in part."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from qa_harness.run import run_tap, select
from qa_sandbox.clock import SandboxClock
from qa_sandbox.demo.database import canonical_expected_records, read_tables
from qa_sandbox.demo.pipeline import Pipeline, PipelineError, plugin_folder, tap_variables
from qa_sandbox.demo.postgres import USER, Postgres
from qa_sandbox.http import effects
from qa_sandbox.plausible_data import seeded_rng
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tests.conftest import SMALL
from tests.e2e.processes import tap_process
from tests.support.clocks import machine_clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from tests.e2e.processes import TapProcess

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("plugins")]

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("QA_POSTGRES_KILLS", "50"))
STREAMS = ("scorebuddy_scores", "scorebuddy_score_reviews", "scorebuddy_employees")
SCHEMA = "tap_qa"


@dataclass
class Loader:
    """PostgreSQL, and how to load it."""

    postgres: Postgres
    variables: dict[str, str]
    program: Path
    folder: Path

    @property
    def settings(self) -> dict[str, Any]:
        """The loader's config."""
        return {
            **self.postgres.loader_settings(SCHEMA),
            # Small, so that kills come between batches.
            "batch_size_rows": 20,
        }

    @contextlib.contextmanager
    def in_zone(self, zone: str) -> Iterator[None]:
        """Give the server's sessions a zone."""
        self._psql(f"alter role {USER} set timezone to '{zone}'")
        try:
            yield
        finally:
            self._psql(f"alter role {USER} reset timezone")

    def _psql(self, command: str) -> None:
        subprocess.run([str(self.postgres.psql), self.postgres.url, "-qc", command], check=True)  # noqa: S603 - our own

    def load(self, messages: bytes, folder: Path, config: dict[str, Any], variables: dict[str, str]) -> None:
        """Load messages, with further settings and environment variables."""
        path = folder / "loader.json"
        path.write_text(json.dumps({**self.settings, **config}))
        command = [str(self.program), "--config", str(path)]
        environment = {**os.environ, **variables}
        subprocess.run(command, input=messages, check=True, capture_output=True, env=environment)  # noqa: S603 - as above


@pytest.fixture(scope="module")
def loader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loader]:
    folder = tmp_path_factory.mktemp("loader")
    Pipeline(ROOT, folder, {}).install()
    found = sorted((plugin_folder(ROOT) / "loaders").rglob("bin/target-postgres"))
    with Postgres() as postgres:
        yield Loader(postgres, postgres.loader_variables(SCHEMA), found[0], folder)


def test_nothing_is_lost_by_kills_on_either_side_of_the_pipe(loader: Loader, tmp_path: Path) -> None:
    rolls = seeded_rng("postgres", 1)
    vendor = Scorebuddy(machine_clock(days_to_pass=13), SMALL)
    (tmp_path / "target.json").write_text(json.dumps(loader.settings))
    state: dict[str, Any] | None = None
    with Sandbox([vendor], clock=vendor.clock) as sandbox:
        start = (vendor.clock.start - timedelta(days=SMALL.days + 1)).isoformat()
        config: dict[str, Any] = {**sandbox.config(), "start_date": start}
        config["scorebuddy"] |= {"window_days": 2}
        for kill in range(KILLS + 1):
            with tap_process(tmp_path, config, catalog=select(*STREAMS), state=state) as tap:
                status, found = _load(loader, tap, tmp_path, rolls if kill < KILLS else None)
            state = found or state
            if kill < KILLS and rolls.random() < 0.5:
                sandbox.pass_time(hours=rolls.choice((1, 5, 30)))
        assert status == (0, 0)
        tables = read_tables(loader.postgres.url, SCHEMA)
        for stream in STREAMS:
            assert tables[stream] == canonical_expected_records(sandbox.expected_records(stream)), stream


PLUGINS: dict[str, list[dict[str, Any]]] = yaml.safe_load((ROOT / "meltano.yml").read_text(encoding="utf-8"))["plugins"]
COPY: dict[str, Any] = next(each["config"] for each in PLUGINS["loaders"] if each["name"] == "target-postgres")
WAYS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "copy": (COPY, {}),
    "insert-pgtz": ({**COPY, "use_copy": False}, {"PGTZ": "UTC"}),
    "insert-pgoptions": ({**COPY, "use_copy": False}, {"PGOPTIONS": "-c timezone=UTC"}),
}


@pytest.mark.parametrize("zone", ["UTC", "Europe/Dublin", "America/New_York"])
@pytest.mark.parametrize("way", WAYS)
def test_instants_are_utc_whatever_the_servers_zone(loader: Loader, tmp_path: Path, zone: str, way: str) -> None:
    vendor = Scorebuddy(SandboxClock(frozen=True), SMALL)
    with Sandbox([vendor], clock=vendor.clock) as sandbox:
        start = (vendor.clock.start - timedelta(days=SMALL.days + 1)).isoformat()
        run = run_tap({**sandbox.config(), "start_date": start}, clock=vendor.clock, catalog=select(*STREAMS))
        expected = {stream: canonical_expected_records(sandbox.expected_records(stream)) for stream in STREAMS}
    assert "T" in run.succeeded().records(STREAMS[0])[0]["last_edit_date"]
    settings, environment = WAYS[way]
    with loader.in_zone(zone):
        for name, config, variables in (("right", settings, environment), ("wrong", {"use_copy": False}, {})):
            schema = f"{name}_{way}_{zone}".lower().replace("/", "_").replace("-", "_")
            loader.load(run.stdout, tmp_path, {**config, "default_target_schema": schema}, variables)
            tables = read_tables(loader.postgres.url, schema)
            equal = all(tables[stream] == expected[stream] for stream in STREAMS)
            # The loader's own default is wrong wherever it is not UTC: so this test can fail.
            assert equal == (name == "right" or zone == "UTC"), (name, zone)


def _load(
    loader: Loader, tap: TapProcess, folder: Path, rolls: Random | None
) -> tuple[tuple[int, int], dict[str, Any] | None]:
    """Load what the tap writes, and kill one of both at some byte; return their statuses and the last state."""
    with (folder / "target.log").open("ab") as log:
        target = subprocess.Popen(  # noqa: S603 - the installed loader
            [loader.program, "--config", str(folder / "target.json")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert target.stdin is not None
    assert target.stdout is not None
    left = rolls.randrange(250_000) if rolls else None
    target_lives = True
    while (piece := tap.read(4096)) != b"":
        if piece is None:
            time.sleep(0.001)
            continue
        target.stdin.write(piece)
        target.stdin.flush()
        if rolls is None or left is None:
            continue
        left -= len(piece)
        if left < 0:
            if rolls.random() < 0.5:
                target_lives = False
                target.kill()
            tap.send(rolls.choice((signal.SIGKILL, signal.SIGTERM)))
            break
    if target_lives:
        target.stdin.write(tap.drain())
        target.stdin.close()
    states = target.stdout.read().splitlines()
    target.stdout.close()
    with contextlib.suppress(BrokenPipeError):
        target.stdin.close()
    ended = tap.end(time.monotonic())
    return (ended.status, target.wait()), json.loads(states[-1]) if states else None


def test_what_meltano_stores_of_a_run_that_failed_in_part(loader: Loader, tmp_path: Path) -> None:
    """The bookmarks of the streams that were read are kept, the failed one's stays, and the next run repairs it."""
    vendor = Scorebuddy(machine_clock(), SMALL)
    with Sandbox([vendor], clock=vendor.clock) as sandbox:
        start = vendor.clock.start - timedelta(days=SMALL.days + 1)
        second = start + timedelta(days=7)
        schema = "in_part"
        pipeline = Pipeline(
            ROOT,
            tmp_path,
            {
                **tap_variables({**sandbox.config(), "start_date": start.isoformat()}),
                **loader.variables,
                "TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA": schema,
                "TAP_QA__SELECT_FILTER": json.dumps(list(STREAMS)),
            },
        )
        pipeline.install()
        # The second window of evaluations can't be read.
        days = {f"{second - timedelta(seconds=1):%Y-%m-%d}", f"{second:%Y-%m-%d}"}
        query = f"from_last_edit_date=({'|'.join(days)})"
        vendor.faults.add(effects.reply(400, "no"), path="/scores$", query=query, times=None)
        with pytest.raises(PipelineError):
            pipeline.run("tap-qa", "target-postgres", name="first")
        assert "streams failed: scorebuddy_scores." in (tmp_path / "first.log").read_text(encoding="utf-8")
        stored = _stored_state(pipeline, tmp_path)
        assert (
            stored["scorebuddy_score_reviews"]["replication_key_value"]
            == (vendor.clock.start - timedelta(seconds=2)).isoformat()
        )
        assert stored["scorebuddy_scores"]["replication_key_value"] <= second.isoformat()
        tables = read_tables(loader.postgres.url, schema)
        for stream in STREAMS[1:]:
            assert tables[stream] == canonical_expected_records(sandbox.expected_records(stream)), stream
        vendor.faults.clear()
        pipeline.run("tap-qa", "target-postgres", name="second")
        tables = read_tables(loader.postgres.url, schema)
        for stream in STREAMS:
            assert tables[stream] == canonical_expected_records(sandbox.expected_records(stream)), stream


def _stored_state(pipeline: Pipeline, folder: Path) -> dict[str, Any]:
    log = folder / "state.log"
    pipeline._meltano("state", "state", "list", log=log)  # noqa: SLF001 - a command that only this test needs
    name = next(
        found for line in log.read_text().splitlines() if (found := re.search(r"[\w:-]*tap-qa-to[\w:-]*", line))
    )
    pipeline._meltano("state", "state", "get", name[0], log=log)  # noqa: SLF001
    text = next(line for line in log.read_text().splitlines() if "bookmarks" in line)
    stored: dict[str, Any] = json.loads(text[text.index("{") :])
    bookmarks: dict[str, Any] = stored.get("singer_state", stored)["bookmarks"]
    return bookmarks
