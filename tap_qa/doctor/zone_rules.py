"""Whether a warehouse has the same rules of time zones as the tap, by one query that PostgreSQL and DuckDB answer.

The tap turns local times into instants, the warehouse cuts days out of instants again, and each has rules of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tap_qa.runtime.zones import newest_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

AHEAD = timedelta(days=366)
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_SAMPLES = timedelta(days=7)
"""Between two changes, too, so that one which only the warehouse knows of shows as well."""


def configured_zones(config: Mapping[str, Any]) -> list[str]:
    """Return the zones that vendors' settings name."""
    found = {vendor["timezone"] for vendor in config.values() if isinstance(vendor, dict) and vendor.get("timezone")}
    return sorted(found)


def zone_query(zones: Iterable[str], start: datetime, now: datetime) -> str:
    """Return a query with a row for each zone in which the warehouse's local time is not the tap's: since when.

    It looks at both sides of each change between `start` and a year from now, and once a week.
    """
    rows = [
        f"    ('{zone}', '{_text(instant)}', '{_text(instant.astimezone(ZoneInfo(zone)))}')"
        for zone in zones
        for instant in sorted(_instants(ZoneInfo(zone), start, now + AHEAD))
    ]
    values = ",\n".join(rows)
    # Names come from the list of zones, times from the calendar.
    return f"""\
-- A row: in this zone local times differ since that instant (UTC). The tap's rules are of {newest_rules()}.
-- A warehouse of an earlier release has the older rules and wants an update; else update tzdata where the tap runs.
select distinct on (zone) zone, utc as since, tap, warehouse
from (
    select zone, utc, cast(tap as timestamp) as tap, cast(utc || '+00' as timestamptz) at time zone zone as warehouse
    from (values
{values}
    ) as told (zone, utc, tap)
) as compared
where tap <> warehouse
order by zone, utc;
"""  # noqa: S608 - see above


def _text(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}"


def _instants(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield each change of the offset, the second before it, and an instant each week, all in UTC."""
    start = start.astimezone(timezone.utc).replace(microsecond=0)
    for sample in range(int((end - start) / _SAMPLES) + 1):
        yield start + sample * _SAMPLES
    day = start
    while day < end:
        if _offset(zone, day) != _offset(zone, day + _DAY):
            change = _change(zone, day, day + _DAY)
            yield from (change - _SECOND, change)
        day += _DAY


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first second, between two, that has the offset of the later."""
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        before, after = (middle, after) if _offset(zone, middle) == _offset(zone, before) else (before, middle)
    return after


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()
