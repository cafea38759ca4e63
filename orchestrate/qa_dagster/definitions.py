"""The code location: windows of history by vendor, the daily sync, the marts, and a check of freshness.

Crons are in UTC, since engines differ over nights on which clocks change. Run workers execute their steps in
process, so that a killed worker takes its tap along.
"""

# Without postponed annotations: Dagster looks at those of `context`.

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import dagster as dg

from qa_dagster.commands import CommandError, Summary, last_summary, read_window, run, windowed_streams
from qa_dagster.pools import initialize_limits_of_this_machine
from qa_dagster.settings import from_environment

SETTINGS = from_environment()
RETRIES = dg.RetryPolicy(max_retries=3, delay=60, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
DAILY_POOL = "daily_sync"
FRESH_WITHIN = timedelta(hours=36)

CRONS = {1: "0 0 * * *", 7: "0 0 * * 1", 30: "0 0 1 * *"}
"""When windows of so many days begin; 30 stand for a calendar month."""

windows = dg.TimeWindowPartitionsDefinition(
    start=SETTINGS.first_day,
    end=SETTINGS.last_day,
    fmt="%Y-%m-%d",
    cron_schedule=CRONS[SETTINGS.window_days],
    timezone="UTC",
)
"""Both ends must be the same in all processes of the engine."""


def _attempt(work: Callable[[], Summary]) -> dg.MaterializeResult[Any]:
    """Do work; a failure that needs a person is not tried again."""
    try:
        summary = work()
    except CommandError as failure:
        raise dg.Failure(str(failure), allow_retries=failure.may_pass) from failure
    counts = {name: summary[name] for name in ("rows", "windows", "requests", "seconds") if name in summary}
    return dg.MaterializeResult(metadata=counts)


def _history_of(vendor: str, streams: list[str]) -> dg.AssetsDefinition:
    @dg.asset(
        name=f"{vendor}_history",
        group_name="history",
        partitions_def=windows,
        pool=vendor,
        retry_policy=RETRIES,
        kinds={"singer"},
        description=f"A window of {vendor}'s streams; its pool is the account, whose quota workers share.",
    )
    def history(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        window = context.partition_time_window
        start, end = (instant.strftime("%Y-%m-%dT%H:%M:%SZ") for instant in (window.start, window.end))
        return _attempt(lambda: read_window(SETTINGS, streams, start, end))

    return history


@dg.asset(group_name="daily", pool=DAILY_POOL, retry_policy=RETRIES, kinds={"meltano"})
def daily_sync() -> dg.MaterializeResult[Any]:
    """All streams up to now, by the bookmarks that Meltano keeps: a missed day is made up by the next run."""

    def work() -> Summary:
        return {**last_summary(run(SETTINGS.daily))}

    return _attempt(work)


@dg.asset(group_name="daily", deps=[daily_sync], kinds={"dbt"})
def marts() -> None:
    """The marts, after each daily sync; what history loads in the meantime is in the next ones."""
    try:
        run(SETTINGS.marts)
    except CommandError as failure:
        raise dg.Failure(str(failure), allow_retries=failure.may_pass) from failure


@dg.asset_check(asset=daily_sync)
def daily_sync_is_fresh(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Looks at the daily sync alone: a backfilled window of history is new, too, but tells nothing of today."""
    event = context.instance.get_latest_materialization_event(daily_sync.key)
    if event is None:
        return dg.AssetCheckResult(passed=False, description="The daily sync has never finished.")
    age = datetime.now(timezone.utc) - datetime.fromtimestamp(event.timestamp, timezone.utc)
    return dg.AssetCheckResult(passed=age <= FRESH_WITHIN, metadata={"hours": round(age / timedelta(hours=1), 1)})


def _daily() -> dg.Definitions:
    """Return the daily sync with what follows it: for one machine, beside whatever others read of history."""
    assets = [daily_sync, *([marts] if SETTINGS.marts else [])]
    job = dg.define_asset_job("daily", selection=dg.AssetSelection.assets(*assets))
    schedule = dg.ScheduleDefinition(name="daily", job=job, cron_schedule="0 5 * * *", execution_timezone="UTC")
    return dg.Definitions(assets=assets, asset_checks=[daily_sync_is_fresh], jobs=[job], schedules=[schedule])


STREAMS = windowed_streams(SETTINGS)
initialize_limits_of_this_machine([*STREAMS, *([DAILY_POOL] if SETTINGS.daily else [])])
history = [_history_of(vendor, streams) for vendor, streams in STREAMS.items()]
defs = dg.Definitions.merge(
    dg.Definitions(assets=history, executor=dg.in_process_executor), *([_daily()] if SETTINGS.daily else [])
)
