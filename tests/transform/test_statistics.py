"""The statistics of the marts on random ratings with missing cells, against a second library or computation."""

from __future__ import annotations

import json
import math
import random
import shutil
import subprocess
from collections import Counter
from functools import partial
from itertools import permutations
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.transform.conftest import rows
from tests.transform.dbt_project import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

SHARES = (0.0, 0.5, 1.0)
RATERS = ("a", "b", "c", "d", "e")
VENDORS = [f"v{number}" for number in range(12)]
WITH_TWO_QUESTIONS = VENDORS[8:]
"""Vendors whose interactions have two units each."""

Ratings = dict[str, dict[str, float | None]]
"""By unit and rater: the part of the points, None for a question that does not apply."""

FIXTURES = """
create schema qa; create schema qa_staging;
create table qa_staging.int_calibration_grades (vendor text, scorecard_key text, scorecard_name text, role text,
    calibration_key text, evaluator_key text, percent_without_auto_fail double precision, is_auto_failed boolean);
create table qa_staging.int_calibration_answers (vendor text, scorecard_key text, role text, calibration_key text,
    question_key text, evaluator_key text, category text, share double precision, scale text, answers_offered bigint);
create table qa_staging.int_answer_scales (scale text, category text, share double precision);
"""


def _ratings(rng: random.Random) -> Ratings:
    """Return 40 units by five raters; a fifth of the cells is missing, a tenth does not apply."""
    truth = {f"u{number}": rng.choice(SHARES) for number in range(40)}
    return {
        unit: {
            rater: None if rng.random() < 0.1 else share if rng.random() < 0.6 else rng.choice(SHARES)
            for rater in RATERS
            if rng.random() < 0.8
        }
        for unit, share in truth.items()
    }


@pytest.fixture(scope="module")
def ratings() -> dict[str, Ratings]:
    rng = random.Random(1)  # noqa: S311 - test data
    return {vendor: _ratings(rng) for vendor in VENDORS}


def _fixtures(ratings: dict[str, Ratings]) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Yield each table of the fixtures and its rows."""
    answers, grades = [], []
    for vendor, units in ratings.items():
        for unit, cells in units.items():
            for rater, share in cells.items():
                category = "N/A" if share is None else str(share)
                answers.append((vendor, "s", "rater", *_place(vendor, unit), rater, category, share, "scale", 5))
                # The same as scores of whole interactions; one that does not apply has none.
                score = None if share is None else 100 * share + len(unit)
                grades.append((vendor, "s", "name", "rater", unit, rater, score, False))
    yield "calibration_answers", answers
    yield "calibration_grades", grades
    yield "answer_scales", [("scale", str(share), share) for share in SHARES]


def _place(vendor: str, unit: str) -> tuple[str, str]:
    """Return the interaction and the question that a unit is."""
    return (f"c{int(unit[1:]) // 2}", f"q{int(unit[1:]) % 2}") if vendor in WITH_TWO_QUESTIONS else (unit, "q")


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def reported(
    ratings: dict[str, Ratings], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> dict[str, dict[str, Any]]:
    """What qa_agreement makes of them, by vendor."""
    import duckdb  # noqa: PLC0415 - installed with dbt only

    folder = tmp_path_factory.mktemp("statistics")
    if request.param == "duckdb":
        warehouse = Warehouse("duckdb", folder)
        connect: Any = partial(duckdb.connect, str(warehouse.path))
    else:
        environment = request.getfixturevalue("on_postgres")[0].environment
        with psycopg.connect(environment["URL"], autocommit=True) as connection:
            connection.execute("create database statistics")
        warehouse = Warehouse("postgres", folder, {**environment, "PGDATABASE": "statistics"})
        connect = partial(psycopg.connect, environment["URL"], dbname="statistics")
    with connect() as connection:
        connection.execute(FIXTURES)
        for table, found in _fixtures(ratings):
            places = ", ".join(["?" if request.param == "duckdb" else "%s"] * len(found[0]))
            connection.cursor().executemany(f"insert into qa_staging.int_{table} values ({places})", found)
    outcome = warehouse.dbt("run", "--select", "int_agreement_answers", "int_agreement_scores", "qa_agreement")
    assert outcome.faults == {}, outcome.log
    with connect() as connection:
        cursor = connection.cursor().execute("select * from qa.qa_agreement where scorecard_key is not null")
        names = [column[0] for column in cursor.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def _pairs(values: list[Any]) -> list[tuple[Any, Any]]:
    return list(permutations(values, 2))


def _beyond_chance(agreement: float, expected: float) -> float:
    return (agreement - expected) / (1 - expected)


def _ac1(units: list[list[float | None]]) -> float:
    observed = fmean(fmean(one == other for one, other in _pairs(unit)) for unit in units if len(unit) > 1)
    shares = [fmean(Counter(unit)[answer] / len(unit) for unit in units) for answer in {*SHARES, None}]
    return _beyond_chance(observed, sum(share * (1 - share) for share in shares) / 4)


def _ac2(units: list[list[float | None]]) -> float:
    scored = [scores for unit in units if (scores := [share for share in unit if share is not None])]
    observed = fmean(fmean(1 - abs(one - other) for one, other in _pairs(unit)) for unit in scored if len(unit) > 1)
    parts = [fmean(Counter(unit)[share] / len(unit) for unit in scored) for share in SHARES]
    weights = sum(1 - abs(one - other) for one in SHARES for other in SHARES)
    return _beyond_chance(observed, weights * sum(part * (1 - part) for part in parts) / 6)


def _units(ratings: Ratings) -> list[list[float | None]]:
    return [list(cells.values()) for cells in ratings.values() if cells]


@pytest.mark.parametrize("vendor", VENDORS)
def test_ac1_and_ac2_equal_their_definitions(
    vendor: str, ratings: dict[str, Ratings], reported: dict[str, Any]
) -> None:
    assert reported[vendor]["ac1"] == pytest.approx(_ac1(_units(ratings[vendor])), abs=1e-5)
    assert reported[vendor]["ac2"] == pytest.approx(_ac2(_units(ratings[vendor])), abs=1e-5)


@pytest.mark.parametrize("vendor", VENDORS)
def test_intervals_are_near_those_of_leaving_one_interaction_out(
    vendor: str, ratings: dict[str, Ratings], reported: dict[str, Any]
) -> None:
    stats = pytest.importorskip("scipy.stats")
    interactions = {_place(vendor, unit)[0] for unit, cells in ratings[vendor].items() if cells}
    for measure, figure in (("ac1", _ac1), ("ac2", _ac2)):
        without = [
            figure(_units({unit: cells for unit, cells in ratings[vendor].items() if _place(vendor, unit)[0] != one}))
            for one in interactions
        ]
        middle, count = fmean(without), len(interactions)
        error = math.sqrt((count - 1) / count * sum((value - middle) ** 2 for value in without))
        found = reported[vendor]
        half = found[measure] - found[f"{measure}_low"]
        assert half == pytest.approx(stats.t.ppf(0.975, count - 1) * error, rel=0.1)


@pytest.mark.slow
def test_ac1_and_ac2_equal_irrcacs(ratings: dict[str, Ratings], reported: dict[str, Any]) -> None:
    uv = shutil.which("uv") or pytest.skip("no uv, which makes the library's environment")
    tables: list[Any] = []
    for vendor in VENDORS:
        units = ratings[vendor].values()
        answers = [[str(unit[rater]) if rater in unit else None for rater in RATERS] for unit in units]
        shares = [[unit.get(rater) for rater in RATERS] for unit in units]
        # One answer more is offered than was given.
        tables += [(answers, "identity", [*map(str, SHARES), "None", "?"]), (shares, "linear", SHARES)]
    script = Path(__file__).with_name("irrcac_coefficients.py")
    command = [
        uv,
        "run",
        "--isolated",
        "--locked",
        "--python",
        "3.11",
        "--only-group",
        "agreement",
        "python",
        str(script),
    ]
    ran = subprocess.run(command, input=json.dumps(tables), capture_output=True, text=True, check=False)  # noqa: S603
    assert ran.returncode == 0, ran.stderr
    wanted = json.loads(ran.stdout)
    measures = [(vendor, measure) for vendor in VENDORS for measure in ("ac1", "ac2")]
    for (vendor, measure), (coefficient, low, high) in zip(measures, wanted, strict=True):
        found = reported[vendor]
        assert found[measure] == pytest.approx(coefficient, abs=1e-5)
        if vendor not in WITH_TWO_QUESTIONS:
            # irrCAC takes the number of units that have two raters for given.
            assert (found[f"{measure}_low"], found[f"{measure}_high"]) == pytest.approx((low, high), abs=0.01)


@pytest.mark.parametrize("vendor", VENDORS)
def test_alpha_equals_krippendorffs_library(vendor: str, ratings: dict[str, Ratings], reported: dict[str, Any]) -> None:
    krippendorff = pytest.importorskip("krippendorff", reason="the library has no release for this Python")
    units = ratings[vendor]
    table = [
        [math.nan if units[unit].get(rater) is None else 100 * (units[unit][rater] or 0) + len(unit) for unit in units]
        for rater in RATERS
    ]
    alpha = partial(krippendorff.alpha, level_of_measurement="interval")
    found = reported[vendor]
    assert found["alpha"] == pytest.approx(alpha(reliability_data=table), abs=1e-5)
    # Leaving one interaction out: those with one score count for nothing.
    counted = [place for place, column in enumerate(zip(*table, strict=True)) if sum(map(math.isfinite, column)) > 1]
    without = [alpha(reliability_data=[[*row[:place], *row[place + 1 :]] for row in table]) for place in counted]
    error = math.sqrt((len(counted) - 1) / len(counted) * sum((value - fmean(without)) ** 2 for value in without))
    assert found["alpha_high"] == pytest.approx(min(1, found["alpha"] + 2.03 * error), abs=0.02)


def test_wilson_intervals_equal_scipys(marts: duckdb.DuckDBPyConnection) -> None:
    stats = pytest.importorskip("scipy.stats")
    found = rows(marts, "select failures, answers, failure_rate_low, failure_rate_high from qa.qa_question_pareto")
    assert len(found) > 100
    for row in found:
        wanted = stats.binomtest(row["failures"], row["answers"]).proportion_ci(method="wilson")
        bounds = (row["failure_rate_low"], row["failure_rate_high"])
        assert bounds == pytest.approx((100 * wanted.low, 100 * wanted.high), abs=1e-4)
