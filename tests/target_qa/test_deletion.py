from __future__ import annotations

import contextlib
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.records.convert import InvalidValueError
from target_qa.resources.deletion import is_deletion

NOW = datetime(2026, 6, 15, 6, tzinfo=timezone.utc)
NO = [None, False, 0, 0.0, Decimal("0.00"), "", " ", "0", "0.0", "f", "False", "NO", "n", "off", "null", "None", "N/A"]


@pytest.mark.parametrize(
    "value",
    [
        *(*NO, [], {}, "[]", "0000-00-00 00:00:00"),
        *("infinity", "9999-12-31", "9999-12-31T23:59:59Z", "2026-06-15 06:00:01"),
        *("1970-01-01 00:00:00", "1969-12-31T19:00:00-05:00", "1900-01-01", "1753-01-01", "0001-01-01T00:00:00Z"),
    ],
)
def test_what_deletes_nothing(value: object) -> None:
    assert is_deletion(value, NOW) is False


@pytest.mark.parametrize(
    "value",
    [
        *(True, 1, 1.0, "1", "t", "TRUE", "yes", "On"),
        *("2026-06-15", "2026-06-15T06:00:00Z", "2026-06-15 06:00:00+00", "2026-06-15T08:00:00+02:00"),
        *(1781480000, "1781480000000"),
    ],
)
def test_what_deletes(value: object) -> None:
    assert is_deletion(value, NOW) is True


@pytest.mark.parametrize("value", ["perhaps", "10000-01-01", "-infinity", -1, 2, 0.5, [1], {"at": 1}, "2026-13-01"])
def test_what_may_mean_anything_is_rejected(value: object) -> None:
    with pytest.raises(InvalidValueError):
        is_deletion(value, NOW)


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.timezones()))  # noqa: DTZ001 - has zones
def test_only_a_time_that_has_come_deletes(moment: datetime) -> None:
    offset = moment.utcoffset() or timedelta()
    if offset % timedelta(minutes=1):
        return  # nobody writes offsets with seconds
    assert is_deletion(moment.isoformat(), NOW) is (datetime(1971, 1, 1, tzinfo=timezone.utc) <= moment <= NOW)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.decimals()))
def test_any_value_is_judged_or_rejected(value: object) -> None:
    with contextlib.suppress(InvalidValueError):
        assert is_deletion(value, NOW) in {True, False}
