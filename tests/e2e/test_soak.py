"""A year of daily syncs with network faults and kills: nothing is lost, memory and state do not grow."""

from __future__ import annotations

import itertools
import json
import os
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.model.scenario import Scenario
from tests.model.vendors import MODELS

DAYS = int(os.environ.get("QA_SOAK_DAYS", "365"))
DAYS_OF = {"cxone": DAYS // 3}
"""Its syncs read a month again each day."""

GROWTH_BYTES = 1_000_000
"""How much more memory a sync may take, at its most, at the end of the year than in its first month.

The model of the vendor, whose things come to be hundreds, takes a share of it."""


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("vendor", MODELS)
def test_a_year_of_daily_syncs(vendor: str) -> None:
    # One whose vendor shows edits at once: a daily sync with a lookback of a day can't wait for late ones.
    scenario = next(found for seed in itertools.count() if not (found := Scenario(vendor, seed)).is_frequent)
    # A list that changes at every other request would grow, since longer lists take more requests, without an end.
    scenario.model.temper = replace(scenario.model.temper, churn=0.01)
    scenario.model.page_size = 25
    memory, states = [], []
    for day in range(DAYS_OF.get(vendor, DAYS)):
        scenario.faulty_sync(rate=0.05)
        scenario.model.pass_time(timedelta(hours=24), changes=2)
        if day % 30 == 29:
            tracemalloc.start()
            scenario.clean_sync(scenario.destination)
            memory.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            scenario.oracle.judge_end(scenario.destination, f"on day {day}")
            assert scenario.oracle.wrong == []
            states.append(len(json.dumps(scenario.destination.state)))

    assert max(states) - min(states) == 0
    assert memory[-1] - memory[0] < GROWTH_BYTES, memory
