"""What the warehouses do otherwise than one expects, and that the way which the docs name is right on both.

Rows of docs/surprises.yaml refer to these tests. One that fails after an upgrade says that the page has to change.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from qa_sandbox.demo.postgres import Postgres
from tests.transform.dbt_project import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Ask = Any
"""A function from a query to the value, or the row, that it gives."""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Callable[[str], Ask]]:
    with Postgres() as server, psycopg.connect(server.url) as connection:
        connection.execute("set time zone 'Europe/Dublin'")
        yield lambda query: _only(connection.execute(query.encode()).fetchone())


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Callable[[str], Ask]]:
    import duckdb as package  # noqa: PLC0415 - installed with dbt only

    with package.connect() as connection:
        connection.execute("set timezone = 'Europe/Dublin'")
        yield lambda query: _only(connection.execute(query).fetchone())


def _only(row: tuple[Any, ...] | None) -> Ask:
    assert row is not None
    return row[0] if len(row) == 1 else row


WAIT = "timestamptz '2026-10-25 12:00:00+00'{}- timestamptz '2026-10-24 12:00:00+01'"


def test_a_wait_over_a_clock_change_is_measured_by_epochs(postgres: Ask, duckdb: Ask) -> None:
    assert postgres(f"select {WAIT.format(' ')}") == timedelta(hours=25)
    assert duckdb(f"select {WAIT.format(' ')}") == timedelta(hours=24)
    by_epochs = "select " + " - ".join(f"extract(epoch from {part})" for part in WAIT.split("{}- "))
    assert postgres(by_epochs) == duckdb(by_epochs) == 25 * 3600


def test_an_hour_is_cut_off_by_time_bucket(postgres: Ask, duckdb: Ask) -> None:
    instant = "timestamptz '2026-10-25 00:30:00+00'"  # the first of the two hours called 01:00
    assert postgres(f"select date_trunc('hour', {instant}) <= {instant}")
    assert not duckdb(f"select date_trunc('hour', {instant}) <= {instant}")
    assert duckdb(f"select time_bucket(interval '1 hour', {instant}) = timestamptz '2026-10-25 00:00:00+00'")


def test_an_afternoon_is_parsed_by_its_format(postgres: Ask, duckdb: Ask) -> None:
    cast = "select cast(cast('2026-11-27 2:30 PM' as timestamp) as varchar)"
    assert postgres(cast) == "2026-11-27 14:30:00"
    assert duckdb(cast) == "2026-11-27 02:30:00"
    parsed = "select cast(strptime('2026-11-27 2:30 PM', '%Y-%m-%d %-I:%M %p') as varchar)"
    assert duckdb(parsed) == "2026-11-27 14:30:00"


@pytest.mark.parametrize(
    ("text", "on_postgres", "on_duckdb"),
    [
        ("BST", "11:00:00", "06:00:00"),
        ("UTC+2", "14:00:00", "10:00:00"),
        ("Europe/Dublin", "11:00:00", "11:00:00"),
    ],
)
def test_zones_go_by_their_iana_names(text: str, on_postgres: str, on_duckdb: str, postgres: Ask, duckdb: Ask) -> None:
    query = f"select cast(cast(timestamptz '2026-07-01 12:00:00 {text}' at time zone 'UTC' as time) as varchar)"
    assert (postgres(query), duckdb(query)) == (on_postgres, on_duckdb)


def test_a_dotnet_duration_is_no_interval(postgres: Ask) -> None:
    assert postgres("select extract(epoch from interval '1.02:07:11') / 3600 > 31")
    assert postgres("select extract(epoch from interval '26:07:11')") == 26 * 3600 + 7 * 60 + 11


def test_names_in_capitals_are_folded_by_the_marts_own_rule(postgres: Ask, duckdb: Ask) -> None:
    lower = "select lower('ÉILÍS') = 'éilís'"
    assert (postgres(lower), duckdb(lower)) == (False, True)  # PostgreSQL in the locale C, DuckDB in none


def test_a_median_is_taken_of_doubles(postgres: Ask, duckdb: Ask) -> None:
    of = "select percentile_cont(0.5) within group (order by {}) from (values (82), (83)) as scores (score)"
    assert postgres(of.format("cast(score as decimal(4, 0))")) == Decimal("82.5")
    assert duckdb(of.format("cast(score as decimal(4, 0))")) == 82
    assert postgres(of.format("cast(score as double precision)")) == 82.5
    assert duckdb(of.format("cast(score as double)")) == 82.5


def test_a_share_is_divided_as_a_double(postgres: Ask, duckdb: Ask) -> None:
    assert (postgres("select 7 / 2"), duckdb("select 7 / 2")) == (3, 3.5)
    as_doubles = "select cast(7 as double precision) / 2"
    assert postgres(as_doubles) == duckdb(as_doubles) == 3.5


def test_half_a_point_is_rounded_as_a_decimal(postgres: Ask, duckdb: Ask) -> None:
    as_double, as_decimal = "select round(cast(82.5 as double precision))", "select round(cast(82.5 as decimal(9, 4)))"
    assert (postgres(as_double), duckdb(as_double)) == (82, 83)
    assert postgres(as_decimal) == duckdb(as_decimal) == 83


def test_a_correlation_of_one_value_is_asked_to_be_a_number(postgres: Ask, duckdb: Ask) -> None:
    query = "select corr(x, x) from (values (1), (1)) as given (x)"
    assert postgres(query) is None
    assert duckdb(f"select isnan(({query}))")


def test_the_highest_score_first_wants_nulls_last(postgres: Ask, duckdb: Ask) -> None:
    query = "select score from (values (60), (null), (90)) as scores (score) order by score desc{} limit 1"
    assert (postgres(query.format("")), duckdb(query.format(""))) == (None, 90)
    assert postgres(query.format(" nulls last")) == duckdb(query.format(" nulls last")) == 90


def test_a_json_null_is_no_sql_null(postgres: Ask, duckdb: Ask) -> None:
    for ask in (postgres, duckdb):
        assert ask("select cast('null' as json) is not null")
        assert ask("""select cast('{"a": null}' as json) ->> 'a' is null""" if ask is postgres else
                   """select (cast('{"a": null}' as json) ->> 'a') is null""")  # fmt: skip
    assert postgres("select nullif(cast('null' as jsonb), 'null'::jsonb) is null")


def test_csv_files_are_read_with_declared_types(duckdb: Ask, tmp_path: Path) -> None:
    def read(name: str, rows: str, options: str = "") -> Ask:
        (tmp_path / name).write_text(f"id,answer,talk,day,score\n{rows}", encoding="utf-8")
        return duckdb(f"select * from read_csv('{tmp_path / name}'{options}) limit 1")

    without = read("a.csv", '00124,Yes,27:30,03/04/2026,"87,5"\n00125,No,05:12,03/04/2026,90\n')
    assert without == ("00124", True, "27:30", date(2026, 4, 3), "87,5")
    with_na = read("b.csv", "124,Yes,05:12,03/04/2026,87\n125,N/A,07:30,14/04/2026,90\n")
    assert (with_na[0], with_na[1], str(with_na[2])) == (124, "Yes", "05:12:00")
    as_text = read("c.csv", "00124,Yes,05:12,03/04/2026,87\n", ", all_varchar = true")
    assert as_text == ("00124", "Yes", "05:12", "03/04/2026", "87")


def test_instants_of_json_files_are_read_as_text(duckdb: Ask, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"at": "2026-05-06T10:00:00+02:00"}\n', encoding="utf-8")
    guessed = f"select cast(cast(\"at\" as timestamp) as varchar) from read_json('{file}')"
    assert duckdb(guessed) == "2026-05-06 09:00:00"  # Dublin's wall clock
    declared = f"""
        select cast(cast("at" as timestamptz) at time zone 'UTC' as varchar)
        from read_json('{file}', columns = {{'at': 'varchar'}})
    """
    assert duckdb(declared) == "2026-05-06 08:00:00"


def test_a_filter_says_what_it_does_with_the_unanswered(postgres: Ask, duckdb: Ask) -> None:
    query = "select count(*) from (values ('Yes'), ('No'), (null)) as answers (answer) where answer {}"
    for ask in (postgres, duckdb):
        assert ask(query.format("<> 'No'")) == ask(query.format("<> 'No' and answer is not null")) == 1
        assert ask(query.format("is distinct from 'No'")) == 2


def test_the_hour_that_comes_twice_is_the_second_one_in_warehouses(postgres: Ask, duckdb: Ask) -> None:
    query = """
        select cast(cast(cast('2026-10-25 01:30:00' as timestamp) at time zone 'Europe/Dublin' at time zone 'UTC'
            as time) as varchar)
    """
    assert postgres(query) == duckdb(query) == "01:30:00"  # and the tap gives 00:30


def test_the_pages_queries_make_the_pages_digest(postgres: Ask, duckdb: Ask) -> None:
    page = (PROJECT.parent / "docs" / "privacy.md").read_text(encoding="utf-8")
    (digest,) = re.findall(r"\| digest \| `(\w+)`", page)
    for ask, name in ((postgres, "PostgreSQL"), (duckdb, "DuckDB")):
        (query,) = re.findall(rf"\| {name} \| `(.+?)` \|", page)
        assert ask(f"select {query}") == digest
