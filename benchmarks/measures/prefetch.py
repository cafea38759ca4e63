"""What looking ahead saves: the time that a sync with export jobs takes, in three orders of work.

    uv run python -m benchmarks.measures.prefetch

The tap runs for real against the sandbox's servers, but on a clock that only sleeping moves, so that jobs of a minute
take no time here. Jobs run for 60 s at MaestroQA and 45 s at CXone, where requests are 30 s apart; every request to
Scorebuddy takes half a second.
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

from qa_harness.clock import FakeClock
from qa_harness.run import run_tap, select
from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.cxone.dataset import CxOneDataset
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from qa_sandbox.vendors.scorebuddy.seed_data import Size
from tap_qa.jobs.export import Export
from tap_qa.streams.export import ExportStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DAYS = 28
SECONDS_A_CALL = 0.5
SMALL = Size(groups=2, teams=3, agents=8, users=4, scorecards=2, scores_per_day=20, days=DAYS)


@dataclass(frozen=True)
class Result:
    """What one order of work took."""

    seconds: float
    jobs: int
    rows: int


def main() -> None:
    """Measure the three orders and print a table."""
    with Sandbox(vendors_on(clock := FakeClock()), clock=clock) as sandbox:
        streams = sandbox.streams
    orders: dict[str, Callable[[Sequence[str]], Result]] = {
        "stream after stream, a run for each": one_run_per_stream,
        "one run, job after job": without_prefetch,
        "one run, looking ahead": synced,
        **{f"  of which {vendor} alone": _only(vendor) for vendor in ("scorebuddy", "maestroqa", "cxone")},
    }
    print(f"{'':38}{'minutes':>10}{'jobs':>8}{'rows':>10}")  # noqa: T201 - a program's output
    for name, measure in orders.items():
        found = measure(streams)
        print(f"{name:38}{found.seconds / 60:10.1f}{found.jobs:8}{found.rows:10}")  # noqa: T201


def synced(streams: Sequence[str]) -> Result:
    """Sync some streams, from an empty state, on a clock of their own."""
    clock = FakeClock()
    vendors = vendors_on(clock)
    with Sandbox(vendors, clock=clock) as sandbox, _quietly():
        config: dict[str, Any] = sandbox.config()
        config["start_date"] = (clock.now() - timedelta(days=DAYS)).isoformat()
        config["maestroqa"]["poll_seconds"] = config["cxone"]["poll_seconds"] = 5
        started = clock.now()
        run = run_tap(config, clock=clock, catalog=select(*streams))
        run.succeeded()
        jobs = len(vendors[1].jobs.done) + len(vendors[2].jobs.done)
        return Result((clock.now() - started).total_seconds(), jobs, len(run.of_type("RECORD")))


def without_prefetch(streams: Sequence[str]) -> Result:
    """Sync some streams, asking for each job when it is needed and not before."""
    with _without_looking_ahead():
        return synced(streams)


def one_run_per_stream(streams: Sequence[str]) -> Result:
    """Sync stream after stream, each in a run of its own."""
    found = [without_prefetch([stream]) for stream in streams]
    return Result(sum(one.seconds for one in found), sum(one.jobs for one in found), sum(one.rows for one in found))


def _only(vendor: str) -> Callable[[Sequence[str]], Result]:
    return lambda streams: synced([stream for stream in streams if stream.startswith(vendor)])


def vendors_on(clock: FakeClock) -> tuple[Scorebuddy, MaestroQa, CxOne]:
    """Make the vendors, as slow as they are."""
    scorebuddy = Scorebuddy(clock, SMALL)
    scorebuddy.dataset.on_request.append(lambda _call: clock.advance(timedelta(seconds=SECONDS_A_CALL)))
    account = MaestroQa(clock, MaestroQaDataset(clock, days=DAYS, tickets_per_day=5))
    account.demanding.clock = account.easy.clock = clock.monotonic
    account.jobs.plans.usual = JobScript(timedelta(seconds=60))
    tenant = CxOne(clock, CxOneDataset(clock, days=DAYS), call_interval_seconds=30)
    tenant.pacer.clock = clock.monotonic
    tenant.jobs.plans.usual = JobScript(timedelta(seconds=45))
    return scorebuddy, account, tenant


@contextlib.contextmanager
def _without_looking_ahead() -> Iterator[None]:
    """Ask for what is awaited only, and read streams in their order."""
    with (
        mock.patch.object(Export, "next_due", lambda plan, _count: plan.awaited_order()),
        mock.patch.object(ExportStream, "ready", property(lambda _stream: True)),
    ):
        yield


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Keep the runs' logs off the terminal."""
    kept = os.dup(2)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - a device
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)


if __name__ == "__main__":
    main()
