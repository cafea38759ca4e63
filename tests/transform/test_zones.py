"""Days of the marts on both sides of each clock change, and whether a warehouse's rules of time zones are the tap's."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import jinja2
import psycopg
import pytest

from qa_sandbox.demo.postgres import Postgres
from tap_qa.doctor.zone_rules import zone_query
from tests.transform.dbt_project import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Answer = Any
START, NOW = (datetime(year, 1, 1, tzinfo=timezone.utc) for year in (2023, 2025))
ZONES = {
    "America/Winnipeg": "summer time until 2026",
    "Africa/Cairo": "midnight is skipped",
    "Europe/Dublin": "winter time is the one with an offset",
    "Australia/Lord_Howe": "half an hour",
}
STEP, SECOND = timedelta(minutes=15), timedelta(seconds=1)


@pytest.fixture(scope="module")
def on_postgres_alone() -> Iterator[Callable[[str], Answer]]:
    with Postgres() as server, psycopg.connect(server.url) as connection:
        connection.execute("set time zone 'America/New_York'")
        yield lambda query: connection.execute(query.encode()).fetchall()


@pytest.fixture(scope="module")
def on_duckdb_alone() -> Iterator[Callable[[str], Answer]]:
    import duckdb  # noqa: PLC0415 - installed with dbt only

    with duckdb.connect() as connection:
        connection.execute("set timezone = 'Asia/Tokyo'")
        yield lambda query: connection.execute(query).fetchall()


WAREHOUSES = pytest.mark.parametrize("warehouse", ["on_postgres_alone", "on_duckdb_alone"])


@WAREHOUSES
@pytest.mark.parametrize("zone", ZONES)
def test_a_day_is_that_of_the_zone_around_each_change(
    zone: str, warehouse: str, request: pytest.FixtureRequest
) -> None:
    ask = request.getfixturevalue(warehouse)
    texts = re.findall(r"'(20\d\d-[^']+)', '20", zone_query([zone], START, NOW))
    told = {datetime.fromisoformat(f"{text}+00:00") for text in texts}
    changes = [instant for instant in told if instant - SECOND in told]
    near = sorted({change + part * STEP for change in changes for part in range(-100, 101)})
    values = ", ".join(f"(cast('{instant:%Y-%m-%d %H:%M:%S}' as timestamp))" for instant in near)
    found = ask(f"select instant, {_day('instant', zone)} from (values {values}) as given (instant)")
    assert len(found) == 201 * len(changes) >= 201 * 6
    right = {instant.replace(tzinfo=None): instant.astimezone(ZoneInfo(zone)).date() for instant in near}
    wrong = [(instant, day) for instant, day in found if day != right[instant]]
    assert wrong == []


def _day(column: str, zone: str) -> str:
    """Render the marts' own macro."""
    macros = (PROJECT / "macros" / "expressions.sql").read_text(encoding="utf-8")
    page = jinja2.Environment(autoescape=False).from_string(macros + f"{{{{ qa_day('{column}') }}}}")  # noqa: S701 - SQL
    return page.render(var=lambda _: zone, target={"type": ""}).strip()


@WAREHOUSES
def test_a_warehouse_with_the_taps_rules_has_nothing_to_tell(warehouse: str, request: pytest.FixtureRequest) -> None:
    ask = request.getfixturevalue(warehouse)
    assert ask(zone_query(ZONES, START, NOW)) == []


@WAREHOUSES
def test_a_warehouse_with_other_rules_names_the_zone_and_since_when(
    warehouse: str, request: pytest.FixtureRequest
) -> None:
    ask = request.getfixturevalue(warehouse)
    query = zone_query(ZONES, START, NOW)
    other = query.replace(
        "'2024-03-31 01:00:00', '2024-03-31 02:00:00'", "'2024-03-31 01:00:00', '2024-03-31 01:00:00'"
    )
    assert other != query
    ((zone, since, tap, warehouses),) = ask(other)
    assert (zone, since, str(tap), str(warehouses)) == (
        "Europe/Dublin",
        "2024-03-31 01:00:00",
        "2024-03-31 01:00:00",
        "2024-03-31 02:00:00",
    )
