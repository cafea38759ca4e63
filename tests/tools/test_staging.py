"""Staging models are written from the schemas: kinds of columns, keys, and nothing that no schema has."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tools.transform.diagram import mart_blocks
from tools.transform.staging import column_kind, leftover_files, staging_files

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": ["integer", "null"]}, "bigint"),
        ({"type": "number"}, "number"),
        ({"type": ["boolean", "null"]}, "boolean"),
        ({"type": ["string", "null"]}, "text"),
        ({"type": ["string", "null"], "format": "date"}, "date"),
        ({"type": "string", "format": "date-time"}, "instant"),
        ({"type": ["object", "null"]}, "json"),
        ({"type": ["object", "string", "null"]}, "json"),
        ({"type": ["array", "null"], "items": {"type": ["string", "null"]}}, "text_list"),
        ({"type": ["array", "null"], "items": {"type": "object"}}, "json"),
        ({"type": ["array", "null"]}, "json"),
    ],
)
def test_kind_of_a_column(schema: dict[str, object], kind: str) -> None:
    assert column_kind(schema) == kind


def test_a_model_has_keys_columns_and_a_test_of_its_keys(tmp_path: Path) -> None:
    folder = tmp_path / "schemas" / "acme"
    folder.mkdir(parents=True)
    folder.joinpath("calls.json").write_text(
        '{"description": "Calls.", "properties": {"id": {"type": "integer", "description": "The key."}}}'
    )
    files = {path.name: text for path, text in staging_files(tmp_path, {"acme_calls": ["id"]}).items()}
    assert "qa_stage(source('acme', 'acme_calls'), ['id'], {\n    'id': 'bigint'\n})" in files["stg_acme_calls.sql"]
    (model,) = yaml.safe_load(files["stg_acme.yml"])["models"]
    assert model["columns"] == [{"name": "id", "description": "The key."}]
    assert model["data_tests"] == [{"qa_unique_key": {"arguments": {"columns": ["id"]}}}]


def test_a_model_of_a_stream_that_is_gone_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "transform" / "models" / "staging" / "acme"
    folder.mkdir(parents=True)
    kept, gone = folder / "stg_acme_calls.sql", folder / "stg_acme_old.sql"
    for path in (kept, gone):
        path.touch()
    assert leftover_files(tmp_path, {kept: ""}) == [gone]


def test_relations_are_those_that_tests_hold() -> None:
    lines = mart_blocks(ROOT)["relations"].splitlines()
    assert "    qa_evaluations ||--o{ qa_answers : evaluation_key" in lines
    assert "        text evaluation_key PK" in lines
