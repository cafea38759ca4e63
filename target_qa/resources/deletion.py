"""Which records are marked as deleted at their source. In doubt a record is rejected: no deletion can be undone."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

from tap_qa.records.convert import InvalidValueError
from tap_qa.records.timestamps import TimestampParser, parse_instant

DELETED = "deleted"
"""The field that a mapping names for it, and the column that needs no mapping."""

TOOL_COLUMNS = ("_sdc_deleted_at", "_ab_cdc_deleted_at", "_fivetran_deleted", "__deleted")
"""What Singer taps, Airbyte, Fivetran and Debezium add to a row that is gone, often without a word in the SCHEMA."""

_NO = frozenset(
    {"f", "false", "n", "no", "off", "null", "none", "nil", "nan", "n/a", "na", "undefined", "[]", "{}", "''", '""'}
)
_YES = frozenset({"t", "true", "y", "yes", "on", "1", "1.0"})
_NEVER = frozenset({"infinity", "+infinity", "inf", "+inf"})
_ZEROS = re.compile(r"[-+0:. tz]*")
_EARLIEST = datetime(1971, 1, 1, tzinfo=timezone.utc)
"""Earlier times stand for null where a column takes none: 1970-01-01, as ClickHouse has it, 1900-01-01, 0001-01-01."""

_read_instant = TimestampParser()


def is_deletion(value: Any, now: datetime) -> bool:  # noqa: ANN401 - whatever a source holds
    """Return whether a value says that its row is deleted: a truth value, its usual words, or a time that has come.

    Args:
        value: What the column holds.
        now: The instant, in UTC. A time still to come deletes nothing: histories close the row that holds with one.
            Nor does one that stands for null.

    Raises:
        InvalidValueError: It may mean anything.
    """
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, (dict, list)):
        if value:
            raise InvalidValueError
        return False
    text = str(value).strip().lower()
    if text in _YES:
        return True
    if text in _NO or text in _NEVER or _ZEROS.fullmatch(text):
        return False
    written = _read_instant(text.upper())
    return written is not None and _EARLIEST <= parse_instant(written) <= now
