"""What Dagster does that `orchestrate/` builds on; run by the Python that has it, prints a JSON object.

usage: python dagster_facts.py FOLDER, which holds the project's dagster.yaml
"""

# Without postponed annotations: Dagster looks at those of `context`.

import asyncio
import json
import logging
import sys
import tempfile
import warnings
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest import mock

import dagster as dg
from dagster._core.definitions.freshness import FreshnessState
from dagster._core.definitions.freshness_evaluator import TimeWindowFreshnessPolicyEvaluator
from dagster._core.events import RunFailureReason
from dagster._core.execution.retries import auto_reexecution_should_retry_run
from dagster._core.loader import LoadingContextForTest
from dagster._core.op_concurrency_limits_counter import GlobalOpConcurrencyLimitsCounter
from dagster._core.remote_representation.external_data import ScheduleSnap
from dagster._daemon.monitoring.concurrency import execute_concurrency_slots_iteration

from qa_dagster.pools import initialize_limits

weeks = dg.TimeWindowPartitionsDefinition(
    start="2026-05-04", end="2026-06-01", fmt="%Y-%m-%d", cron_schedule="0 0 * * 1"
)
WEEKS = weeks.get_partition_keys()
JUNE = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)


@dg.asset(
    partitions_def=weeks,
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=36)),
)
def history() -> None:
    """Windows."""


@dg.asset(deps=[history], automation_condition=dg.AutomationCondition.eager())
def eager_mart() -> None:
    """A mart that Dagster starts when it sees fit."""


@dg.asset(deps=[history], automation_condition=dg.AutomationCondition.on_cron("0 5 * * *"))
def cron_mart() -> None:
    """A mart that waits for its sources each day."""


@dg.asset(pool="scorebuddy")
def pooled() -> None:
    """Reads a vendor account."""


@dg.asset
def refused() -> None:
    """Needs a person."""
    raise dg.Failure(allow_retries=False)


def load(instance: dg.DagsterInstance, *partitions: str) -> None:
    """Materialize windows."""
    for partition in partitions:
        dg.materialize([history], instance=instance, partition_key=partition)


def eager() -> dict[str, object]:
    """What an eager mart does with windows that are missing, and with those that come while it runs."""
    defs, instance = dg.Definitions(assets=[history, eager_mart]), dg.DagsterInstance.ephemeral()
    asked, cursor = [], None

    def tick() -> None:
        nonlocal cursor
        result = dg.evaluate_automation_conditions(defs, instance, cursor=cursor, evaluation_time=JUNE)
        cursor = result.cursor
        asked.append(result.get_num_requested(eager_mart.key))

    tick()
    load(instance, *WEEKS[:-1])
    tick()
    load(instance, WEEKS[-1])
    tick()
    load(instance, WEEKS[0])  # while the mart that was asked for runs
    dg.materialize([eager_mart], instance=instance, selection=[eager_mart])
    tick()
    tick()
    return {"asked": asked}


def on_cron() -> dict[str, object]:
    """Whether a cron mart waits for the newest window, or is content with an old one."""
    defs, instance = dg.Definitions(assets=[history, cron_mart]), dg.DagsterInstance.ephemeral()
    load(instance, *WEEKS)
    cursor, asked = None, []
    for hour, partition in ((4, None), (6, None), (7, WEEKS[0])):
        if partition:
            load(instance, partition)
        moment = JUNE.replace(hour=hour)
        result = dg.evaluate_automation_conditions(defs, instance, cursor=cursor, evaluation_time=moment)
        cursor = result.cursor
        asked.append(result.get_num_requested(cron_mart.key))
    return {"asked": asked}


def freshness() -> dict[str, object]:
    """What a policy says of an asset of which nothing but the oldest window was loaded."""
    instance = dg.DagsterInstance.ephemeral()
    load(instance, WEEKS[0])
    node = dg.Definitions(assets=[history]).resolve_asset_graph().get(history.key)
    context = LoadingContextForTest(instance)
    state = asyncio.run(TimeWindowFreshnessPolicyEvaluator().evaluate_freshness(context, node))
    return {"passes": state is FreshnessState.PASS}


def missed_ticks() -> dict[str, object]:
    """Whether the scheduler takes a partitioned schedule for one whose missed ticks are made up."""
    job = dg.define_asset_job("weekly", selection=[history])
    schedule = dg.build_schedule_from_partitioned_job(job)
    repository = dg.Definitions(assets=[history], jobs=[job], schedules=[schedule]).get_repository_def()
    snapshot = ScheduleSnap.from_def(repository.get_schedule_def(schedule.name), repository)
    # By dagster/_scheduler/scheduler.py: "has no partition set, so not trying to catch up".
    return {"are made up": snapshot.partition_set_name is not None}


def slots(folder: str) -> dict[str, object]:
    """Whether the slot of a run that was killed is freed: by Dagster's defaults, and by the project's settings."""
    found = {}
    for name, instance in (
        ("by default", _instance("{}")),
        ("by our settings", dg.DagsterInstance.from_config(folder)),
    ):
        storage = instance.event_log_storage
        storage.set_concurrency_slots("scorebuddy", 1)
        run = instance.create_run_for_job(dg.Definitions(assets=[history]).get_implicit_global_asset_job_def())
        storage.claim_concurrency_slot("scorebuddy", run.run_id, "history")
        instance.report_run_failed(run)
        later = datetime.now(timezone.utc).timestamp() + 3600
        with mock.patch("dagster._daemon.monitoring.concurrency.get_current_datetime") as now:
            now.return_value = datetime.fromtimestamp(later, timezone.utc)
            list(execute_concurrency_slots_iteration(mock.Mock(instance=instance), logging.getLogger(), None))
        found[name] = storage.get_concurrency_info("scorebuddy").active_slot_count == 0
    return found


def first_runs() -> dict[str, object]:
    """How many queued runs of one pool the daemon would start in its first pass and in its next."""
    settings = "concurrency: {pools: {granularity: run, default_limit: 1}}"
    found: dict[str, object] = {}
    for name, prepare in (("by default", None), ("by our definitions", initialize_limits)):
        instance = _instance(settings)
        if prepare:
            prepare(["scorebuddy"], instance)
        job = dg.Definitions(assets=[pooled]).get_implicit_global_asset_job_def()
        runs = [instance.create_run_for_job(job) for _ in range(3)]
        found[name] = [_started(instance, runs) for _ in range(2)]
        instance.event_log_storage.set_concurrency_slots("scorebuddy", 4)
        initialize_limits(["scorebuddy"], instance)
        [limit] = instance.event_log_storage.get_pool_limits()
        assert limit.limit == 4, "what somebody set stays"
    return found


def _started(instance: dg.DagsterInstance, queued: list[dg.DagsterRun]) -> int:
    storage, pools = instance.event_log_storage, instance.get_concurrency_config().pool_config
    keys, limits = storage.get_concurrency_keys(), storage.get_pool_limits()
    counter = GlobalOpConcurrencyLimitsCounter(
        instance, queued, [], keys, limits, pool_granularity=pools.pool_granularity
    )
    started = 0
    for run in queued:
        if not counter.is_blocked(run):
            counter.update_counters_with_launched_item(run)
            started += 1
    return started


def retries(folder: str) -> dict[str, object]:
    """Whether a run is tried again of which a step said that this is of no use."""
    found = {}
    for name, settings in (("by default", "run_retries: {enabled: true, max_retries: 3}"), ("by our settings", None)):
        instance = dg.DagsterInstance.from_config(folder) if settings is None else _instance(settings)
        result = dg.materialize([refused], instance=instance, raise_on_error=False)
        found[name] = auto_reexecution_should_retry_run(instance, result.dagster_run, RunFailureReason.STEP_FAILURE)
    return found


def _instance(settings: str) -> dg.DagsterInstance:
    folder = tempfile.mkdtemp()
    Path(folder, "dagster.yaml").write_text(settings, encoding="utf-8")
    return dg.DagsterInstance.from_config(folder)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    facts = {
        "eager": eager(),
        "on_cron": on_cron(),
        "freshness": freshness(),
        "missed ticks": missed_ticks(),
        "slots are freed": slots(sys.argv[1]),
        "is retried": retries(sys.argv[1]),
        "first runs of a pool": first_runs(),
    }
    print(json.dumps(facts))  # noqa: T201 - for the test
