"""The tables of docs/scale.md, as the simulation has them."""

from __future__ import annotations

from dataclasses import replace

from tap_qa.http.rate_limit import RateLimit
from tap_qa.vendors.discovery import find_vendors
from tools.simulation import costs, engine, workload

TITLES = {vendor.name: vendor.title for vendor in find_vendors()}
WORKERS = (1, 2, 4, 8, 16, 32, 64, 128)
QUOTAS = (1_000, 2_000, 5_000, 20_000)
NEAR_ENOUGH = 1.05
"""How much longer than the least time is not worth a further worker."""

_HOUR = 3600


def tables() -> str:
    """Simulate, and return what is to be read of it."""
    histories = {size: list(costs.history_of(size)) for size in workload.SIZES}
    # The largest first: what takes longest must not begin last.
    works = [work for size in reversed(workload.SIZES) for work in histories[size] for _ in range(size.accounts)]
    ends = {workers: engine.run(works, workers) for workers in WORKERS}
    alone = engine.run(works, len(works))
    largest = [pool for pool in alone if any(pool.work is work for work in histories[workload.SIZES[-1]])]
    slowest = max(alone, key=lambda pool: pool.ends)
    least = slowest.ends
    enough = next(workers for workers in WORKERS if _end(ends[workers]) <= NEAR_ENOUGH * least)
    share = slowest.waited.quota / slowest.waited.total()
    scorebuddy = next(pool.work for pool in largest if pool.work.quota)
    verdict = (
        f"The bottleneck is {TITLES[slowest.work.vendor]} at a large account: {least / _HOUR:,.0f} hours, "
        f"{share:.0%} of them spent waiting for the quota, however many workers there are. "
        f"{enough} workers are worth having; more end at most {NEAR_ENOUGH - 1:.0%} sooner."
    )
    return "\n".join(
        [
            _assumptions(),
            _by_vendor(alone, largest),
            _by_workers(ends),
            _by_quota(scorebuddy),
            verdict,
        ]
    )


def _by_vendor(alone: list[engine.Pool], largest: list[engine.Pool]) -> str:
    lines = [
        "| vendor | runs | calls | export jobs | GB | hours of all accounts | waiting for | hours of a large account |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: |",
    ]
    for vendor, title in TITLES.items():
        pools = [pool for pool in alone if pool.work.vendor == vendor]
        totals = [pool.work.total() for pool in pools]
        hours = sum(pool.waited.total() for pool in pools) / _HOUR
        longest = max(pool.ends for pool in largest if pool.work.vendor == vendor) / _HOUR
        cells = (
            title,
            f"{sum(len(pool.work.windows) for pool in pools):,}",
            f"{sum(total.calls for total in totals):,}",
            f"{sum(total.jobs for total in totals):,}",
            f"{sum(total.size for total in totals) / 1e9:,.1f}",
            f"{hours:,.0f}",
            _main_wait(pools),
            f"{longest:,.1f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _main_wait(pools: list[engine.Pool]) -> str:
    waits = {name: sum(getattr(pool.waited, name) for pool in pools) for name in vars(pools[0].waited)}
    name = max(waits, key=lambda each: waits[each])
    return f"{name}, {waits[name] / sum(waits.values()):.0%}"


def _assumptions() -> str:
    sizes = [
        f"- {size.accounts} {size.name} accounts: {size.evaluations:,} evaluations a week at each vendor, "
        f"{size.people:,} people."
        for size in workload.SIZES
    ]
    quotas = [
        f"- {TITLES[vendor]}, which publishes no figure, allows {quota.requests:,} calls in {quota.seconds:,} s."
        for vendor, quota in workload.UNPUBLISHED_QUOTAS.items()
    ]
    lines = [
        "Assumed:",
        "",
        *sizes,
        *quotas,
        f"- {workload.SPAN.start:%Y-%m-%d} to {workload.SPAN.end:%Y-%m-%d}, a run for each {workload.WEEK.days} days.",
        "- One run at a time for each vendor account.",
        f"- {workload.ANSWER_SECONDS} s an answer, {workload.JOB_SECONDS:.0f} s an export job.",
        f"- {workload.RUN_SECONDS:.0f} s to start a run; the target takes {workload.ROWS_A_SECOND:,} rows a second.",
    ]
    return "\n".join([*lines, ""])


def _by_quota(work: costs.VendorWork) -> str:
    lines = [f"| calls an hour that {TITLES[work.vendor]} allows | hours of a large account |", "| ---: | ---: |"]
    for calls in QUOTAS:
        [pool] = engine.run([replace(work, quota=RateLimit(calls, _HOUR))], 1)
        lines.append(f"| {calls:,} | {pool.ends / _HOUR:,.0f} |")
    return "\n".join([*lines, ""])


def _by_workers(ends: dict[int, list[engine.Pool]]) -> str:
    lines = ["| workers | days until all is there | of linear |", "| ---: | ---: | ---: |"]
    for workers, pools in ends.items():
        end = _end(pools)
        lines.append(f"| {workers} | {end / _HOUR / 24:,.1f} | {_end(ends[1]) / workers / end:.0%} |")
    return "\n".join([*lines, ""])


def _end(pools: list[engine.Pool]) -> float:
    return max(pool.ends for pool in pools)
