"""The page of the marts that dbt built: the same from both warehouses, its figures the marts' own, with any filter."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from qa_report.page import render, write_page
from qa_report.warehouse import open_duckdb, open_postgres
from tests.support.chromium import PROGRAM, open_browser
from tests.transform.conftest import rows

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from tests.transform.dbt_project import Outcome, Warehouse

AT = datetime(2026, 6, 15, tzinfo=timezone.utc)
CARDS = """Object.fromEntries([...document.querySelectorAll('.card')].map(card => [card.dataset.vendor,
    Object.fromEntries([...card.querySelectorAll('dl > div')].map(pair => [pair.children[0].innerText,
        [pair.children[1].firstChild.data, pair.querySelector('small').innerText]]))]))"""
PARTS = """
    select vendor, team_name, scorecard_name,
        sum(evaluations) as n, sum(sum_score_percent) as score, sum(passed) as passed
    from qa.qa_quality_weekly group by all order by n desc limit 3
"""


def _data(page: str) -> dict[str, Any]:
    found = re.search(r"<script>window\.qaReport=(.*?);</script>", page)
    assert found
    data: dict[str, Any] = json.loads(found[1])["data"]
    return data


def test_both_warehouses_give_the_same_page(
    on_duckdb: tuple[Warehouse, Outcome], on_postgres: tuple[Warehouse, Outcome]
) -> None:
    with open_duckdb(on_duckdb[0].path, "qa") as warehouse:
        ours = _data(render(warehouse, names=True, at=AT))
    with open_postgres(on_postgres[0].environment["URL"], "qa") as warehouse:
        theirs = _data(render(warehouse, names=True, at=AT))
    assert ours.keys() == theirs.keys()
    for name, columns in ours.items():
        assert _rows(columns) == _rows(theirs[name]), name
        assert name == "written" or _rows(columns)


def _rows(columns: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a data set, in an order that no collation has a part in."""
    lists = [each if isinstance(each, list) else [each["values"][at] for at in each["at"]] for each in columns.values()]
    return sorted(zip(*lists, strict=True), key=repr)


@pytest.mark.skipif(PROGRAM is None, reason="no Chromium here: `apt-get install chromium`")
def test_figures_equal_the_marts_with_any_filter(
    on_duckdb: tuple[Warehouse, Outcome], marts: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    with open_duckdb(on_duckdb[0].path, "qa") as warehouse:
        write_page(warehouse, page, names=True, at=AT)
    with open_browser() as browser:
        browser.open(page)
        browser.wait("document.body.dataset.drawn === '1'")
        cards = browser.js(CARDS)
        metrics = {row["vendor"]: row for row in rows(marts, "select * from qa.qa_metrics")}
        assert cards.keys() == metrics.keys()
        for vendor, row in metrics.items():
            card = cards[vendor]
            assert card["Quality score"] == [_percent(row["quality_score"]), f"of {row['evaluations']} evaluations"]
            assert card["Score of what did not auto-fail"][0] == _percent(row["quality_score_of_others"])
            assert card["Passed"] == _share(row, "pass_rate")
            assert card[f"Auto-failed ({row['auto_fail_basis']})"] == _share(row, "auto_fail_rate")
            assert card["Disputed"] == (["not known", ""] if vendor == "maestroqa" else _share(row, "dispute_rate"))
        for number, part in enumerate(rows(marts, PARTS), start=2):
            for name in ("team", "scorecard"):
                chosen = json.dumps([part["vendor"], part[f"{name}_name"]], separators=(",", ":"), ensure_ascii=False)
                browser.js(f"document.getElementById('{name}').value = {json.dumps(chosen)}")
            browser.js("document.getElementById('filters').dispatchEvent(new Event('change'))")
            browser.wait(f"document.body.dataset.drawn === '{number}'")
            card = browser.js(CARDS)[part["vendor"]]
            assert card["Evaluations"][0] == str(part["n"])
            assert card["Quality score"][0] == _percent(part["score"] / part["n"])
            assert card["Passed"][0] == _percent(100 * part["passed"] / part["n"])
        assert browser.errors == []
        assert len(browser.requests) == 1


def _percent(value: float) -> str:
    return f"{value:.1f} %"


def _share(row: dict[str, Any], name: str) -> list[str]:
    return [_percent(row[name]), f"{row[f'{name}_low']:.1f} to {row[f'{name}_high']:.1f} %"]
