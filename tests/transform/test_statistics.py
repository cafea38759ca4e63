"""The statistics of the marts on random ratings with missing cells, against a second library or computation."""

from __future__ import annotations

import json
import math
import random
import shutil
import subprocess
from collections import Counter
from itertools import permutations
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

import pytest

from tests.transform.conftest import rows
from tests.transform.dbt_project import Warehouse

if TYPE_CHECKING:
    import duckdb

SHARES = (0.0, 0.5, 1.0)
RATERS = ("a", "b", "c", "d", "e")
VENDORS = [f"v{number}" for number in range(12)]
Ratings = dict[str, dict[str, float | None]]
"""By unit and rater: the part of the points, None for a question that does not apply."""

FIXTURES = """
create schema qa; create schema qa_staging;
create table qa_staging.int_calibration_grades (vendor text, scorecard_key text, scorecard_name text, role text,
    calibration_key text, evaluator_key text, percent_without_auto_fail double, is_auto_failed boolean);
create table qa_staging.int_calibration_answers (vendor text, scorecard_key text, role text, calibration_key text,
    question_key text, evaluator_key text, category text, share double, scale text, answers_offered bigint);
create table qa_staging.int_answer_scales (scale text, category text, share double);
"""

INSERT = "insert into qa_staging.int_calibration_{} values ({})"


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


@pytest.fixture(scope="module")
def reported(ratings: dict[str, Ratings], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What qa_agreement makes of them, by vendor."""
    import duckdb  # noqa: PLC0415 - installed with dbt only

    warehouse = Warehouse("duckdb", tmp_path_factory.mktemp("statistics"))
    answers, grades = [], []
    for vendor, units in ratings.items():
        for unit, cells in units.items():
            for rater, share in cells.items():
                category = "N/A" if share is None else str(share)
                answers.append((vendor, "s", "rater", unit, "q", rater, category, share, "scale", 5))
                # The same as scores of whole interactions; one that does not apply has none.
                score = None if share is None else 100 * share + len(unit)
                grades.append((vendor, "s", "name", "rater", unit, rater, score, False))
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute(FIXTURES)
        connection.executemany(INSERT.format("answers", ", ".join("?" * 10)), answers)
        connection.executemany(INSERT.format("grades", ", ".join("?" * 8)), grades)
        connection.executemany(
            "insert into qa_staging.int_answer_scales values ('scale', ?, ?)", [(str(share), share) for share in SHARES]
        )
    outcome = warehouse.dbt("run", "--select", "int_agreement_answers", "int_agreement_scores", "qa_agreement")
    assert outcome.faults == {}, outcome.log
    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        found = rows(connection, "select * from qa.qa_agreement where scorecard_key is not null")
    return {row["vendor"]: row for row in found}


def _pairs(values: list[Any]) -> list[tuple[Any, Any]]:
    return list(permutations(values, 2))


@pytest.mark.parametrize("vendor", VENDORS)
def test_ac1_equals_its_definition(vendor: str, ratings: dict[str, Ratings], reported: dict[str, Any]) -> None:
    units = [list(cells.values()) for cells in ratings[vendor].values() if cells]
    observed = fmean(fmean(one == other for one, other in _pairs(unit)) for unit in units if len(unit) > 1)
    shares = {answer: fmean(Counter(unit)[answer] / len(unit) for unit in units) for answer in {*SHARES, None}}
    expected = sum(share * (1 - share) for share in shares.values()) / 4
    assert reported[vendor]["agreement_percent"] == pytest.approx(100 * observed, abs=1e-4)
    assert reported[vendor]["ac1"] == pytest.approx((observed - expected) / (1 - expected), abs=1e-5)


@pytest.mark.parametrize("vendor", VENDORS)
def test_ac2_equals_its_definition(vendor: str, ratings: dict[str, Ratings], reported: dict[str, Any]) -> None:
    scored = [[share for share in cells.values() if share is not None] for cells in ratings[vendor].values()]
    units = [unit for unit in scored if unit]
    observed = fmean(fmean(1 - abs(one - other) for one, other in _pairs(unit)) for unit in units if len(unit) > 1)
    parts = {share: fmean(Counter(unit)[share] / len(unit) for unit in units) for share in SHARES}
    weights = sum(1 - abs(one - other) for one in SHARES for other in SHARES)
    expected = weights * sum(part * (1 - part) for part in parts.values()) / 6
    assert reported[vendor]["ac2"] == pytest.approx((observed - expected) / (1 - expected), abs=1e-5)


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
    found = [reported[vendor][measure] for vendor in VENDORS for measure in ("ac1", "ac2")]
    assert found == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("vendor", VENDORS)
def test_alpha_equals_krippendorffs_library(vendor: str, ratings: dict[str, Ratings], reported: dict[str, Any]) -> None:
    krippendorff = pytest.importorskip("krippendorff", reason="the library has no release for this Python")
    units = ratings[vendor]
    table = [
        [math.nan if units[unit].get(rater) is None else 100 * (units[unit][rater] or 0) + len(unit) for unit in units]
        for rater in RATERS
    ]
    wanted = krippendorff.alpha(reliability_data=table, level_of_measurement="interval")
    assert reported[vendor]["alpha"] == pytest.approx(wanted, abs=1e-5)


def test_wilson_intervals_equal_scipys(marts: duckdb.DuckDBPyConnection) -> None:
    stats = pytest.importorskip("scipy.stats")
    found = rows(marts, "select failures, answers, failure_rate_low, failure_rate_high from qa.qa_question_pareto")
    assert len(found) > 100
    for row in found:
        wanted = stats.binomtest(row["failures"], row["answers"]).proportion_ci(method="wilson")
        bounds = (row["failure_rate_low"], row["failure_rate_high"])
        assert bounds == pytest.approx((100 * wanted.low, 100 * wanted.high), abs=1e-4)
