"""Counting keys that differ, in memory and on disk."""

from __future__ import annotations

import errno
import tracemalloc
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tap_qa.pagination import distinct_counter
from tap_qa.pagination.distinct_counter import DistinctCounter

if TYPE_CHECKING:
    import pytest

KEYS = st.lists(st.one_of(st.integers(-3, 3), st.integers(-(2**61), 2**61), st.text(max_size=2)), max_size=40)


@given(st.lists(KEYS, max_size=6), st.sampled_from([0, 1, 7, 1000]))
def test_as_many_are_counted_as_differ(batches: list[list[int | str]], in_memory: int) -> None:
    counted = DistinctCounter(in_memory)
    came: list[int | str] = []
    for keys in batches:
        counted.add(keys)
        came += keys
        assert counted.count() == len(set(map(hash, came)))
    assert counted.added == len(came)


def test_memory_does_not_grow_with_the_keys() -> None:
    counted = DistinctCounter(1000)
    counted.add(range(2000))
    tracemalloc.start()
    for start in range(0, 200_000, 1000):
        counted.add(range(start, start + 1001))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert counted.count() == 200_001
    assert kept < 500_000  # of keys that would take 1.6 MB, and twice that in a set


def test_keys_stay_in_memory_where_the_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = DistinctCounter(10)
    counted.add(range(20))

    def full(*, buffering: int) -> None:
        raise OSError(errno.ENOSPC, f"no room, {buffering}")

    monkeypatch.setattr(distinct_counter, "temporary_file", full)
    late = DistinctCounter(10)
    for one in (counted, late):
        one.add(range(5, 40))
        one.add(range(50))
        assert one.count() == 50
