"""History on several machines with a real Dagster: workers and the daemon are killed, and the tables don't show it.

More kills and more months on demand, as QA_ENGINE_KILLS=50 QA_ENGINE_MONTHS=13, which takes a quarter of an hour.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from qa_sandbox.clock import SandboxClock
from qa_sandbox.demo.comparison import difference
from qa_sandbox.demo.database import Table, canonical_expected_records, read_tables
from qa_sandbox.demo.postgres import Postgres
from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.http import effects
from qa_sandbox.plausible_data import seeded_rng
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.cxone.dataset import CxOneDataset
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tests.conftest import SMALL
from tests.e2e.dagster_engine import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa_sandbox.http.request_log import ReceivedRequest
    from qa_sandbox.vendor import SimulatedVendor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]

KILLS = int(os.environ.get("QA_ENGINE_KILLS", "3"))
MONTHS = int(os.environ.get("QA_ENGINE_MONTHS", "1"))
KILLS_OF_A_DAEMON = 10
"""Kills of workers for one of the daemon."""

LAST_DAY = date(2026, 7, 1)
SCHEMA = "qa"
STREAMS = (
    *(f"scorebuddy_{name}" for name in ("scores", "export_questions", "score_reviews")),
    *(f"maestroqa_{name}" for name in ("total_scores", "section_scores", "individual_answers", "csat", "audit_logs")),
    *("cxone_qm_workflows", "cxone_qm_questions"),
)
COSTLY = {"scorebuddy": "/scores$", "maestroqa": "/request-", "cxone": "/jobs$"}
"""The requests at which is looked who else is at work."""


@dataclass
class Watch:
    """What the vendors saw."""

    engine: Engine
    most_at_once: Counter[str] = field(default_factory=Counter)

    def look(self, vendor: str) -> None:
        """Count the taps that are at work on a vendor account."""
        self.most_at_once[vendor] = max(self.most_at_once[vendor], len(self.engine.machines[vendor].taps()))

    def over(self, vendor: SimulatedVendor) -> None:
        """Look whenever a vendor is asked for what its quota is about."""

        def watcher(call: ReceivedRequest) -> None:
            if call.method == "POST" or call.path.endswith("/scores"):
                self.look(vendor.name)

        vendor.dataset.on_request.append(watcher)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    clock = SandboxClock()
    days = (clock.start.date() - date.fromisoformat(partitions()[0])).days
    scorebuddy = Scorebuddy(clock, replace(SMALL, days=days))
    scorebuddy.faults.add(effects.delay(0.1), path="/(scores|export)", times=None)
    maestroqa = MaestroQa(clock, MaestroQaDataset(clock, days=days, tickets_per_day=2))
    cxone = CxOne(clock, CxOneDataset(clock, days=days, evaluations_per_day=3))
    # A busy machine delivers requests late, and so closer to the next ones than they went.
    maestroqa.demanding.tolerance = maestroqa.easy.tolerance = cxone.pacer.tolerance = 0.5
    maestroqa.jobs.plans.usual = cxone.jobs.plans.usual = JobScript(timedelta(seconds=1))
    with Sandbox([scorebuddy, maestroqa, cxone], clock=clock) as opened:
        yield opened


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    with Postgres() as server:
        with psycopg.connect(server.url) as connection:
            connection.execute(f"create schema {SCHEMA}")
        yield server


@pytest.fixture
def engine(sandbox: Sandbox, postgres: Postgres, dagster: Path, tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(dagster, tmp_path / "machines", postgres.url)
    config = sandbox.config()
    for vendor in sandbox.vendors:
        files = {
            "config.json": {"start_date": config["start_date"], vendor: config[vendor]},
            "target.json": postgres.loader_settings(SCHEMA),
        }
        variables = {
            "QA_TAP_CONFIG": "{folder}/config.json",
            "QA_TARGET_CONFIG": "{folder}/target.json",
            "QA_TAP": str(Path(sys.executable).with_name("tap-qa")),
            "QA_TARGET": str(dagster / "bin" / "target-postgres"),
            "QA_FIRST_DAY": partitions()[0],
            "QA_LAST_DAY": LAST_DAY.isoformat(),
            "QA_WINDOW_DAYS": "30",
            "QA_DAILY": "",
        }
        engine.add(vendor, files, variables)
    with engine.running():
        yield engine


def partitions() -> list[str]:
    """Return the windows: the months before the last day."""
    months = range(LAST_DAY.year * 12 + LAST_DAY.month - 1 - MONTHS, LAST_DAY.year * 12 + LAST_DAY.month - 1)
    return [date(month // 12, month % 12 + 1, 1).isoformat() for month in months]


def test_kills_of_workers_and_of_the_daemon_leave_no_trace(
    engine: Engine, sandbox: Sandbox, postgres: Postgres
) -> None:
    rng, watch, began = seeded_rng("engine", KILLS), Watch(engine), time.monotonic()
    for vendor in sandbox.vendors.values():
        watch.over(vendor)
    wanted = len(sandbox.vendors) * MONTHS
    engine.launch([f"{vendor}_history" for vendor in sandbox.vendors], partitions())
    engine.wait(lambda: engine.runs_left() > 0, "runs in the queue")
    while engine.killed < KILLS and engine.windows_done() < wanted:
        if engine.kill_worker(rng) and engine.killed % KILLS_OF_A_DAEMON == KILLS % KILLS_OF_A_DAEMON:
            engine.kill_daemon()
    patience = 300.0 + 60 * wanted
    engine.wait(lambda: engine.windows_done() >= wanted and not engine.runs_left(), "all windows", patience)

    seconds = time.monotonic() - began
    assert engine.killed == KILLS
    assert engine.left_alive == []
    assert [len(machine.taps()) for machine in engine.machines.values()] == [0, 0, 0]
    # One worker an account, whoever was killed; so none of them met a limit, and no two CXone jobs ran at once.
    assert watch.most_at_once == dict.fromkeys(sandbox.vendors, 1)
    refused = {
        vendor.name: Counter(call.status for call in vendor.request_log if call.status in {403, 409, 429})
        for vendor in sandbox.vendors.values()
    }
    assert not any(refused.values()), refused
    tables = read_tables(postgres.url, SCHEMA)
    truth = {stream: canonical_expected_records(sandbox.expected_records(stream)) for stream in STREAMS}
    differences = {stream: found for stream in STREAMS if (found := difference(tables[stream], truth[stream]))}
    assert differences == {}
    print(json.dumps(figures(engine, sandbox, tables) | {"seconds": round(seconds)}))  # noqa: T201 - for docs/scale.md


def figures(engine: Engine, sandbox: Sandbox, tables: Mapping[str, Table]) -> dict[str, object]:
    """Return what docs/scale.md tells."""
    statuses = dict(engine.ask("select status, count(*) from runs group by status"))
    calls = {vendor.name: len(vendor.request_log) for vendor in sandbox.vendors.values()}
    rows = sum(len(tables[stream]) for stream in STREAMS)
    return {
        "killed": engine.killed,
        "killed with a tap": engine.killed_with_a_tap,
        "daemons killed": engine.daemons_killed,
        "runs": statuses,
        "calls": calls,
        "rows": rows,
        "windows": engine.windows_done(),
    }
