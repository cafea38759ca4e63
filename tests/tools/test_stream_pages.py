"""The pages of the streams: their columns and their relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.docs.relations import Column, Relation, columns, diagram, relations
from tools.docs.stream_pages import leftover_pages

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = {"properties": {"id": {"type": "integer", "description": "The key."}}}


def test_columns_are_those_inside_others_too() -> None:
    inner = {"properties": {"id": {"type": ["integer", "null"]}}}
    schema = {"properties": {"owner": inner, "parts": {"type": "array", "items": inner}}}
    assert [column.path for column in columns(schema)] == ["owner", "owner.id", "parts", "parts[].id"]


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        ({"type": ["string", "null"]}, "text"),
        ({"type": "string", "format": "date-time"}, "instant"),
        ({"type": ["array", "null"], "items": {"type": ["integer", "null"]}}, "array of integer"),
        ({"type": ["object", "null"]}, "object"),
        ({"type": ["number", "string", "null"]}, "number or text"),
        ({}, "any"),
    ],
)
def test_type_of_a_column(schema: dict[str, object], shown: str) -> None:
    assert Column("x", schema).type == shown


def test_a_relation_is_what_a_description_says() -> None:
    calls = {
        "properties": {
            "who": {"type": "integer", "description": "Joins to `acme_people` and `acme_users`, points to `id`."},
            "whose": {"type": "array", "items": {"type": "integer"}, "description": "People; joins to `acme_people`."},
        }
    }
    keys = {"acme_people": ("id",), "acme_users": ("team", "id"), "acme_calls": ("id",)}
    assert relations({"acme_calls": calls, "acme_people": PEOPLE, "acme_users": PEOPLE}, keys) == [
        Relation("acme_calls", "who", "acme_people", unique=True),
        Relation("acme_calls", "who", "acme_users", unique=False),
        Relation("acme_calls", "whose", "acme_people", unique=False),
    ]


def test_a_relation_to_a_stream_that_does_not_exist_is_an_error() -> None:
    calls = {"properties": {"who": {"description": "Joins to `acme_persons`, as `id`."}}}
    with pytest.raises(ValueError, match=r"acme_calls\.who is said to join to acme_persons"):
        relations({"acme_calls": calls}, {"acme_calls": ("id",)})


def test_a_diagram_has_a_title_for_those_who_cannot_see_it() -> None:
    text = diagram("Acme", {"a": ["id"], "b": ["id"]}, [Relation("a", "b_id", "b", unique=True)], ["a", "b"])
    assert "    accTitle: Acme\n" in text
    assert '    b ||--o{ a : "b_id"\n' in text


def test_a_page_of_a_stream_that_is_gone_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "streams"
    folder.mkdir(parents=True)
    kept, gone = folder / "acme_calls.md", folder / "acme_old.md"
    for path in (kept, gone):
        path.touch()
    assert leftover_pages(tmp_path, {kept: ""}) == [gone]
