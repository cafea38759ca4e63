"""`--plan`: parts that cover a span without a gap, and that give the tables of one run in whatever order they run."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.destination import Destination
from qa_harness.run import run_tap, select
from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.plausible_data import seeded_rng
from qa_sandbox.vendors.canary_speech import CanarySpeech
from qa_sandbox.vendors.canary_speech.dataset import CanarySpeechDataset
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.cxone.dataset import CxOneDataset
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tests.conftest import SMALL

if TYPE_CHECKING:
    from qa_harness.clock import FakeClock
    from qa_sandbox.sandbox import Sandbox
    from tests.conftest import OpenSandbox

DAYS = 12
MAESTRO = [f"maestroqa_{name}" for name in ("total_scores", "section_scores", "individual_answers", "csat")]
STREAMS = (
    *("scorebuddy_scores", "scorebuddy_export_questions", "scorebuddy_score_reviews", "scorebuddy_groups"),
    *MAESTRO,
    *("canary_speech_scores", "canary_speech_assessment_scores"),
    *("cxone_qm_workflows", "cxone_qm_questions"),
)


@pytest.fixture
def sandbox(clock: FakeClock, open_sandbox: OpenSandbox) -> Sandbox:
    maestro = MaestroQa(clock, MaestroQaDataset(clock, days=DAYS, tickets_per_day=2))
    maestro.demanding.clock = maestro.easy.clock = clock.monotonic
    canary = CanarySpeech(clock, CanarySpeechDataset(clock, days=DAYS, subjects=2))
    cxone = CxOne(clock, CxOneDataset(clock, days=DAYS), call_interval_seconds=30)
    cxone.pacer.clock = clock.monotonic
    cxone.jobs.plans.usual = JobScript(timedelta(seconds=45))
    return open_sandbox(Scorebuddy(clock, SMALL), maestro, cxone, canary)


def plan(config: dict[str, Any], clock: FakeClock, *streams: str) -> list[dict[str, Any]]:
    catalog = select(*streams) if streams else None
    run = run_tap(config, clock=clock, catalog=catalog, arguments=["--plan"]).succeeded()
    parts: list[dict[str, Any]] = json.loads(run.stdout)
    return parts


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def calls(sandbox: Sandbox) -> int:
    return sum(len(vendor.request_log) for vendor in sandbox.vendors.values())


def span(sandbox: Sandbox, start: timedelta, end: timedelta | None, **settings: dict[str, Any]) -> dict[str, Any]:
    config = {**sandbox.config(), "start_date": (sandbox.clock.start - start).isoformat()}
    if end is not None:
        config["end_date"] = (sandbox.clock.start - end).isoformat()
    return config | {vendor: config[vendor] | more for vendor, more in settings.items()}


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_parts_in_any_order_give_the_tables_of_one_run(sandbox: Sandbox, clock: FakeClock, seed: int) -> None:
    rng = seeded_rng("plan", seed)
    days = {vendor: {"window_days": rng.randint(2, 6)} for vendor in ("scorebuddy", "maestroqa", "cxone")}
    start, end = (timedelta(seconds=rng.uniform(*days) * 86_400) for days in ((8, DAYS + 2), (1, 3)))
    config = span(sandbox, start, end, **days)
    whole = Destination().take(run_tap(config, clock=clock, catalog=select(*STREAMS)).succeeded())
    before = calls(sandbox)
    parts = plan(config, clock, *STREAMS)
    assert calls(sandbox) == before
    again = rng.sample(parts, 2)
    pieces = Destination()
    for part in rng.sample(parts, len(parts)) + again:
        bounds = {"start_date": part["start"], "end_date": part["end"]}
        pieces.take(run_tap(config | bounds, clock=clock, catalog=select(*part["streams"])).succeeded())
    assert pieces.tables == whole.tables
    assert all(whole.tables[stream] for stream in STREAMS)


def test_a_plan_covers_its_span_without_a_gap(sandbox: Sandbox, clock: FakeClock) -> None:
    config = span(sandbox, timedelta(days=70, seconds=1), None)
    parts = plan(config, clock)
    assert calls(sandbox) == 0
    by_stream: dict[str, list[tuple[datetime, datetime]]] = {}
    for part in parts:
        assert set(part) == {"vendor", "streams", "start", "end", "requests"}
        assert part["requests"] >= 1
        for stream in part["streams"]:
            assert stream.startswith(part["vendor"])
            by_stream.setdefault(stream, []).append((instant(part["start"]), instant(part["end"])))
    assert set(STREAMS) <= set(by_stream)
    for windows in by_stream.values():
        assert windows[0][0] == clock.start - timedelta(days=70, seconds=1)
        assert windows[-1][1] == clock.start
        assert all(first[1] == second[0] for first, second in pairwise(windows))
    # What no date cuts is one part; what shares files stays together.
    assert len(by_stream["scorebuddy_groups"]) == 1
    assert len(by_stream["canary_speech_scores"]) == 1
    assert len(by_stream["maestroqa_csat"]) > 5
    together = [set(part["streams"]) for part in parts if "maestroqa_csat" in part["streams"]]
    assert all(group == {*MAESTRO, "maestroqa_annotations"} for group in together)


def test_a_plan_of_nothing_is_empty(sandbox: Sandbox, clock: FakeClock) -> None:
    assert plan(span(sandbox, timedelta(0), None), clock) == []
    nobody = span(sandbox, timedelta(days=2), None, canary_speech={"subjects": [], "assessment_ids": []})
    assert plan(nobody, clock, "canary_speech_scores", "canary_speech_assessment_scores") == []


def test_a_plan_has_the_errors_of_a_sync() -> None:
    run = run_tap({}, arguments=["--plan"])
    assert (run.status, run.stdout) == (1, b"")
    assert any("start_date is missing" in line for line in run.errors)
