"""A year of daily syncs, in bad weather and with kills: nothing is lost, and neither memory nor the state grows."""

from __future__ import annotations

import gc
import itertools
import json
import os
import tracemalloc
from datetime import timedelta

import pytest

from tests.reliability.models import MODELS
from tests.reliability.trial import Trial

DAYS = int(os.environ.get("TAP_QA_SOAK_DAYS", "365"))
DAYS_OF = {"cxone": DAYS // 3}
"""Its syncs read a month again each day."""

GROWTH_BYTES = 300_000
ROW_BYTES = 64
"""Of each row that the destination keeps: Python gives it what the tap had for its rows, and counts it as the tap's."""

OURS = (
    tracemalloc.Filter(inclusive=True, filename_pattern="*/tap_qa/*"),
    # What it remembers of stamps has a limit that a year does not reach.
    tracemalloc.Filter(inclusive=False, filename_pattern="*/tap_qa/values.py"),
)


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("vendor", MODELS)
def test_a_year_of_daily_syncs(vendor: str) -> None:
    # One whose vendor shows edits at once: a daily sync with a lookback of a day can't wait for late ones.
    trial = next(found for seed in itertools.count() if not (found := Trial(vendor, seed)).is_frequent)
    memory, states = [], []
    tracemalloc.start()
    try:
        for day in range(DAYS_OF.get(vendor, DAYS)):
            trial.hindered_sync(rate=0.05)
            trial.model.pass_time(timedelta(hours=24), changes=3)
            if day % 30 == 29:
                trial.calm_sync(trial.destination)
                trial.oracle.judge_end(trial.destination, f"on day {day}")
                assert trial.oracle.wrong == []
                gc.collect()
                statistics = tracemalloc.take_snapshot().filter_traces(OURS).statistics("filename")
                memory.append(sum(statistic.size for statistic in statistics))
                states.append(len(json.dumps(trial.destination.state)))
    finally:
        tracemalloc.stop()

    assert max(states) - min(states) == 0
    rows = sum(map(len, trial.destination.tables.values()))
    assert memory[-1] - memory[0] < GROWTH_BYTES + ROW_BYTES * rows, memory
