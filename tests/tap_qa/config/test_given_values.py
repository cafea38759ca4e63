"""What counts as given, and how several parts make one config."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.config.given_values import clean, drop_unset, merge

VENDORS = ["scorebuddy", "maestroqa"]
NAMES = st.sampled_from(["a", "b", "c", ""])  # so few that parts name the same things
LEAVES = st.integers() | st.text() | st.booleans()
VALUES = st.recursive(LEAVES, lambda inner: st.dictionaries(NAMES, inner), max_leaves=8)
CONFIGS = st.dictionaries(NAMES, VALUES)


def test_null_and_blank_texts_count_as_not_given() -> None:
    config: dict[str, Any] = {
        "start_date": "",
        "lookback_days": None,
        "max_retries": 0,
        "emit_activate_version_messages": False,
        "scorebuddy": {"url": "\u00a0", "client_id": None, "window_days": 0},
        "maestroqa": {"url": "", "timezone": None},
        "stream_maps": {"scorebuddy_users": {"email": None, "note": ""}},
    }
    assert drop_unset(config, VENDORS) == {
        "max_retries": 0,
        "emit_activate_version_messages": False,
        "scorebuddy": {"window_days": 0},
        "stream_maps": {"scorebuddy_users": {"email": None, "note": ""}},
    }
    assert drop_unset({"scorebuddy": {}}, VENDORS) == {"scorebuddy": {}}


def test_parts_are_merged_object_by_object() -> None:
    base = {"a": 1, "scorebuddy": {"url": "u", "group_ids": [1, 2]}, "stream_maps": {"s": {"x": None}}}
    over = {"scorebuddy": {"client_id": "c", "group_ids": [3]}, "stream_maps": {"s": {"y": "1"}, "t": {}}}
    assert merge(base, over) == {
        "a": 1,
        "scorebuddy": {"url": "u", "client_id": "c", "group_ids": [3]},
        "stream_maps": {"s": {"x": None, "y": "1"}, "t": {}},
    }


@given(CONFIGS, CONFIGS, CONFIGS)
def test_merging_forgets_nothing_and_needs_no_brackets(one: Any, two: Any, three: Any) -> None:  # noqa: ANN401
    assert merge(one, {}) == one == merge({}, one)
    assert set(merge(one, two)) == {*one, *two}
    assert merge(one, one) == one
    if all(isinstance(part.get(name, {}), dict) for part in (one, two, three) for name in {*one, *two, *three}):
        assert merge(merge(one, two), three).keys() == merge(one, merge(two, three)).keys()


@pytest.mark.parametrize("char", ["\n", "\t", " ", "\u00a0", "\u200b", "\ufeff", "\u2060", "\u200e", "\u3000", "\x00"])
def test_characters_that_can_not_be_seen_are_taken_off_the_ends_only(char: str) -> None:
    config = {
        "start_date": f"2026-01-01{char}",
        "maestroqa": {"api_token": f"{char}a{char}b{char}{char}", "window_days": 7.0},
        "canary": {"x": char},
    }
    made, trimmed = clean(config, VENDORS)
    assert made["start_date"] == "2026-01-01"
    assert made["maestroqa"] == {"api_token": f"a{char}b", "window_days": 7}
    assert isinstance(made["maestroqa"]["window_days"], int)
    assert made["canary"] == {"x": char}
    assert trimmed == ["start_date", "maestroqa.api_token"]
