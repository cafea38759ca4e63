"""`qa-report` as a command, without a browser: one file, one line for what is wrong."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from qa_report.command import main
from qa_report.queries import DATA_SETS
from tests.report.marts import HOSTILE, marts, write_marts

MODELS = Path(__file__).parents[2] / "transform" / "models"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file with small marts."""
    path = tmp_path / "warehouse.duckdb"
    write_marts(path, marts())
    return path


def made(database: Path, *options: str) -> str:
    page = database.with_name("page.html")
    main(["--duckdb", str(database), "--output", str(page), *options])
    return page.read_text(encoding="utf-8")


def given(page: str) -> dict[str, Any]:
    found = re.search(r"<script>window\.qaReport=(.*?);</script>", page)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_the_page_is_one_file_for_its_owner_and_its_path_is_printed(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = made(database)
    path = database.with_name("page.html")
    assert capsys.readouterr().out == f"{path}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(file.name for file in database.parent.iterdir()) == ["page.html", "warehouse.duckdb"]
    without_scripts = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"\b(src|href)=(?![\"']?#)|url\(|@import", without_scripts)


def test_a_name_cannot_leave_the_script_it_stands_in(database: Path) -> None:
    page = made(database)
    assert HOSTILE in given(page)["data"]["weekly"]["agent"]["values"]
    assert HOSTILE not in page


def test_without_names_no_person_is_in_the_page(database: Path) -> None:
    assert "Eve Adams" in made(database)
    page = made(database, "--without-names")
    told = json.dumps(given(page))
    assert not any(f'"{name}"' in told for name in ("Eve Adams", "Sam", "Kim", json.dumps(HOSTILE)[1:-1]))
    assert given(page)["data"]["leniency"]["evaluator"]["values"] == ["e1", "e2"]


def test_a_table_that_is_missing_is_named_and_the_others_are_shown(database: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop table qa.qa_agreement")
    page = made(database)
    assert "The table qa_agreement is not there" in page
    assert given(page)["data"]["weekly"]["n"]


@pytest.mark.parametrize(
    ("content", "options", "problem"),
    [
        (None, (), "is not there"),
        ("no database", (), "can't be read as DuckDB"),
        ("marts", ("--schema", "elsewhere"), "holds no table: build the marts first"),
        ("marts", ("--schema", "qa; drop"), "is no name of a schema"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    database: Path, capsys: pytest.CaptureFixture[str], content: str | None, options: tuple[str, ...], problem: str
) -> None:
    if content != "marts":
        database.unlink()
    if content == "no database":
        database.write_text(content)
    with pytest.raises(SystemExit) as ended:
        made(database, *options)
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert problem in told
    assert told.count("\n") == 1
    assert not database.with_name("page.html").exists()


def test_a_column_of_another_release_is_told_in_one_line(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("alter table qa.qa_metrics drop column calibrations")
    with pytest.raises(SystemExit):
        made(database)
    assert re.fullmatch(r"qa-report: The marts can't be read: .*calibrations.*\n", capsys.readouterr().err)


def test_queries_use_columns_that_the_marts_describe() -> None:
    described = {
        model["name"]: {column["name"] for column in model["columns"]}
        for path in MODELS.rglob("*.yml")
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models") or []
        if model["name"].startswith("qa_")
    }
    for found in DATA_SETS.values():
        text = " ".join([*found.columns.values(), found.rest]).replace("PERSON", "")
        words = set(re.findall(r"[a-z_][a-z0-9_]{3,}", re.sub(r"'[^']*'", "", text)))
        unknown = {word for word in words - described[found.table] if "_" in word}
        assert unknown <= {"dense_rank"}, found.table
