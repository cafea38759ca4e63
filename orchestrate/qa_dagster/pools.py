"""Pools of vendor accounts, and their limit."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from collections.abc import Iterable


def initialize_limits(pools: Iterable[str], instance: dg.DagsterInstance) -> None:
    """Give pools that an instance does not know yet its default limit; limits that somebody set stay.

    Otherwise the daemon learns of a pool in the pass that looks at its first runs, and starts all that are queued by
    then, whatever `default_limit` says (Dagster 1.13.27).
    """
    storage = instance.event_log_storage
    known = {limit.name for limit in storage.get_pool_limits()}
    for pool in {*pools} - known:
        storage.initialize_concurrency_limit_to_default(pool)


def initialize_limits_of_this_machine(pools: Iterable[str]) -> None:
    """Do so for the instance that DAGSTER_HOME names, if any: a code server loads before the daemon starts its runs."""
    if os.environ.get("DAGSTER_HOME"):
        with dg.DagsterInstance.get() as instance:
            initialize_limits(pools, instance)
