"""Bookmarks and the progress of backfills, as they stand in the state."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.errors import StateError
from tap_qa.state.bookmarks import Backfill, Bookmark, format_timestamp, validate_state
from tap_qa.state.windows import DAY, Window, split_into_windows

UTC = timezone.utc
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def bookmark(state: dict[str, Any] | None = None) -> Bookmark:
    return Bookmark("things", "changed", {} if state is None else state)


def test_a_bookmark_is_written_in_the_sdks_shape_and_in_utc() -> None:
    state: dict[str, Any] = {}
    east = datetime(2024, 6, 1, 5, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    bookmark(state).advance(east, latest=NOW, horizon=NOW)
    assert state == {"replication_key": "changed", "replication_key_value": "2024-05-31T23:30:00+00:00"}
    assert bookmark(state).value() == east


@given(st.lists(instants, min_size=1), st.none() | instants)
def test_a_bookmark_only_grows_and_never_passes_the_latest(ends: list[datetime], known: datetime | None) -> None:
    state: dict[str, Any] = {}
    if known is not None:
        bookmark(state).advance(known, latest=known, horizon=known)
    seen = [known] if known is not None and known <= NOW else []
    for end in ends:
        bookmark(state).advance(end, latest=NOW, horizon=NOW)
        value = bookmark(state).value()
        assert value is not None
        assert value <= NOW
        assert not seen or value >= seen[-1]
        seen.append(value)
    assert seen[-1] == min(max([*ends, *([known] if known is not None and known <= NOW else [])]), NOW)


def test_a_bookmark_in_the_future_is_set_back(caplog: pytest.LogCaptureFixture) -> None:
    state = {"replication_key": "changed", "replication_key_value": "2999-01-01T00:00:00+00:00"}
    bookmark(state).advance(NOW - DAY, latest=NOW, horizon=NOW)
    assert bookmark(state).value() == NOW - DAY
    assert "lies in the future" in caplog.text


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"replication_key": "created", "replication_key_value": "2024-01-01T00:00:00Z"},
        {"replication_key": "changed"},
    ],
)
def test_a_bookmark_of_nothing_or_of_another_key_is_none(state: dict[str, Any]) -> None:
    assert bookmark(state).value() is None


@pytest.mark.parametrize("state", [{}, {"replication_key": None}])
def test_a_bookmark_without_a_replication_key_is_used(state: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    kept = bookmark({**state, "replication_key_value": format_timestamp(NOW)})
    kept.warn_if_unusable()
    assert kept.value() == NOW
    assert not caplog.messages


@pytest.mark.parametrize(
    "state",
    [
        {"replication_key": "created", "replication_key_value": format_timestamp(NOW)},
        {"changed": format_timestamp(NOW)},
        {"partitions": [{"replication_key": "changed", "replication_key_value": format_timestamp(NOW)}]},
        {"starting_replication_value": format_timestamp(NOW)},
    ],
)
def test_a_bookmark_that_cannot_be_used_is_told_of(state: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    other = bookmark(state)
    other.warn_if_unusable()
    assert other.value() is None
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("things: its bookmark")


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"replication_key": "changed", "replication_key_value": None},
        {"backfill": {}},
        {"backfill": {"until": format_timestamp(NOW)}},
    ],
)
def test_a_bookmark_of_nothing_is_no_loss(state: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    bookmark(state).warn_if_unusable()
    assert not caplog.messages


@pytest.mark.parametrize("state", [{"value": {"bookmarks": {}}}, {"things": {}}, {"Bookmarks": {}}])
def test_a_state_without_bookmarks_is_told_of(state: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    assert validate_state({}) == validate_state(None) == {}
    assert not caplog.messages
    assert validate_state(state) == state
    assert caplog.messages == ["state: it has no bookmarks, so reading starts at start_date."]


def test_a_bookmark_between_both_clocks_stays() -> None:
    state: dict[str, Any] = {"replication_key": "changed", "replication_key_value": format_timestamp(NOW)}
    bookmark(state).advance(NOW, latest=NOW - DAY, horizon=NOW)
    assert bookmark(state).value() == NOW
    bookmark(state).advance(NOW, latest=NOW - 2 * DAY, horizon=NOW - DAY)
    assert bookmark(state).value() == NOW - 2 * DAY


def test_a_naive_bookmark_is_utc() -> None:
    state = {"replication_key": "changed", "replication_key_value": "2024-01-01 10:00:00"}
    assert bookmark(state).value() == datetime(2024, 1, 1, 10, tzinfo=UTC)


BOUNDS = Window(NOW - 30 * DAY, NOW)


def test_a_backfill_leaves_the_bookmark_alone_and_goes_on_where_it_broke_off() -> None:
    state: dict[str, Any] = {"replication_key": "changed", "replication_key_value": format_timestamp(NOW)}
    before = dict(state)
    backfill = Backfill(BOUNDS, state)
    assert backfill.start() == BOUNDS.start
    backfill.advance(BOUNDS.start + 7 * DAY)
    assert Backfill(BOUNDS, state).start() == BOUNDS.start + 7 * DAY
    assert {name: value for name, value in state.items() if name != "backfill"} == before


def test_a_backfill_of_other_bounds_starts_at_its_start() -> None:
    state: dict[str, Any] = {}
    Backfill(BOUNDS, state).advance(BOUNDS.start + 7 * DAY)
    for other in (Window(BOUNDS.start, BOUNDS.end + DAY), Window(BOUNDS.start - DAY, BOUNDS.end)):
        assert Backfill(other, state).start() == other.start


def test_a_finished_backfill_starts_again() -> None:
    state: dict[str, Any] = {}
    for window in split_into_windows(BOUNDS, 7 * DAY):
        Backfill(BOUNDS, state).advance(window.end)
    assert Backfill(BOUNDS, state).start() == BOUNDS.start


@pytest.mark.parametrize(
    "state",
    [
        [],
        "state",
        7,
        {"bookmarks": []},
        {"bookmarks": None},
        {"bookmarks": {"things": []}},
        {"bookmarks": {"things": None}},
        {"bookmarks": {"things": {"replication_key_value": 7}}},
        {"bookmarks": {"things": {"replication_key_value": "yesterday"}}},
        {"bookmarks": {"things": {"replication_key_value": ["2024-01-01"]}}},
        {"bookmarks": {"things": {"backfill": "done"}}},
        {"bookmarks": {"things": {"backfill": {"finished_to": "soon"}}}},
        {"bookmarks": {"things": {"partitions": 7}}},
        {"bookmarks": {"things": {"partitions": [7]}}},
        {"bookmarks": {"things": {"progress_markers": 7}}},
        {"bookmarks": {"things": {"progress_markers": []}}},
        {"value": {"bookmarks": 7}, "bookmarks": 7},
    ],
)
def test_a_state_of_another_shape_is_an_error_that_says_so(state: Any) -> None:  # noqa: ANN401 - anything at all
    with pytest.raises(StateError, match=r"^state: ") as error:
        validate_state(state)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    ("state", "complaint"),
    [
        ([], "it is not a JSON object."),
        ({"bookmarks": 7}, "its bookmarks are not an object."),
        ({"bookmarks": {"things": 7}}, "the bookmark of things is not an object."),
        ({"bookmarks": {"things": {"backfill": 7}}}, "the backfill of things is not an object."),
        ({"bookmarks": {"things": {"partitions": 7}}}, "the bookmark of things is not as taps write it."),
        (
            {"bookmarks": {"things": {"replication_key_value": 7}}},
            "a value in the bookmark of things is not a date and time.",
        ),
    ],
)
def test_a_complaint_says_what_is_wrong_and_what_to_do(state: Any, complaint: str) -> None:  # noqa: ANN401
    with pytest.raises(StateError) as error:
        validate_state(state)
    do = "Correct the state, or leave it out to read everything from start_date again."
    assert str(error.value) == f"state: {complaint} {do}"


def test_a_backfill_never_starts_before_its_bounds_nor_notes_what_lies_behind_them() -> None:
    state: dict[str, Any] = {}
    Backfill(BOUNDS, state).advance(BOUNDS.end + DAY)
    assert state["backfill"] == {
        "start_date": format_timestamp(BOUNDS.start),
        "end_date": format_timestamp(BOUNDS.end),
        "finished_to": format_timestamp(BOUNDS.end),
    }
    state["backfill"]["finished_to"] = format_timestamp(BOUNDS.start - DAY)
    assert Backfill(BOUNDS, state).start() == BOUNDS.start
    assert Backfill(BOUNDS, {"backfill": None}).start() == BOUNDS.start


@pytest.mark.parametrize(
    "state",
    [
        None,
        {},
        {"bookmarks": {}},
        {"bookmarks": {"other_tap": {"anything": 1}}},
        {"bookmarks": {"things": {"replication_key": "changed", "replication_key_value": "2024-01-01T00:00:00Z"}}},
        {"bookmarks": {"things": {}}, "currently_syncing": None},
    ],
)
def test_a_good_state_passes(state: Any) -> None:  # noqa: ANN401
    assert validate_state(state) == (state or {})
