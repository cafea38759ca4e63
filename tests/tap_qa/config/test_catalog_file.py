"""Catalogs that people and tools changed: each works, or one line says what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest
from singer_sdk.singerlib import Catalog

from tap_qa.config.catalog_file import KnownStream, completed, modernized
from tap_qa.errors import SettingsError

TEXT = {"type": ["string", "null"]}
PEOPLE = KnownStream(
    schema={
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "updated": TEXT,
            "email": TEXT,
            "answers": {"type": "array", "items": {"type": "object", "properties": {"note": TEXT}}},
        },
    },
    keys=["id"],
    replication_key="updated",
    selected_by_default=True,
)
KNOWN = {
    "people": PEOPLE,
    "teams": KnownStream({"properties": {"id": TEXT}}, ["id"], None, selected_by_default=False),
}


def used(*entries: Any) -> Catalog:  # noqa: ANN401 - good ones and bad ones
    return completed(Catalog.from_dict(modernized({"streams": list(entries)})), KNOWN)


def selected(entry: Any) -> set[str]:  # noqa: ANN401
    """What goes out of a stream with its metadata."""
    mask = entry.metadata.resolve_selection()
    names = entry.schema.to_dict()["properties"]
    return {name for name in names if mask["properties", name]} if mask[()] else set()


def people(**parts: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"tap_stream_id": "people", "schema": dict(PEOPLE.schema), "metadata": [], **parts}


def metadata(**of_columns: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    root = {"breadcrumb": [], "metadata": {"selected": True}}
    return [
        root,
        *({"breadcrumb": ["properties", *name.split(".")], "metadata": found} for name, found in of_columns.items()),
    ]


ALL = {"id", "updated", "email", "answers"}
GOOD: dict[str, tuple[dict[str, Any], set[str]]] = {
    "no metadata": (people(), ALL),
    "null for metadata": (people(metadata=None), ALL),
    "no root": (people(metadata=metadata(email={"inclusion": "available"})[1:]), ALL),
    "no schema": (people(schema=None), ALL),
    "no properties": (people(schema={"type": "object", "properties": {}}), ALL),
    "by the name of the stream": ({"stream": "people"}, ALL),
    "some columns": (people(schema={"properties": {"email": TEXT}}), {"id", "updated", "email"}),
    "not selected": (people(metadata=[{"breadcrumb": [], "metadata": {"inclusion": "available"}}]), set()),
    "selected beside the schema": (people(selected=True), ALL),
    "deselected beside the schema": (people(selected=False), set()),
    "deselected in the schema": (people(schema={**PEOPLE.schema, "selected": False}), set()),
    "metadata go before what is beside": (people(selected=False, metadata=metadata()), ALL),
    "a column deselected": (people(metadata=metadata(email={"selected": False})), ALL - {"email"}),
    "a column deselected in the schema": (
        people(schema={"properties": {**PEOPLE.schema["properties"], "email": {**TEXT, "selected": False}}}),
        ALL - {"email"},
    ),
    "keys can't be deselected": (
        people(metadata=metadata(id={"selected": False}, updated={"selected": False})),
        ALL,
    ),
    "an array with what is in it": (
        people(
            metadata=metadata(
                **{"answers": {"selected": False}, "answers.items.properties.note": {"selected": False}},
            )
        ),
        ALL - {"answers"},
    ),
    "a column of an older version": (
        people(schema={"properties": {"id": TEXT, "nick": TEXT}}, metadata=metadata(nick={"selected": False})),
        {"id", "updated"},
    ),
}


@pytest.mark.parametrize(("entry", "columns"), GOOD.values(), ids=GOOD)
def test_what_a_catalog_means_is_what_is_read(entry: dict[str, Any], columns: set[str]) -> None:
    assert selected(used(entry)["people"]) == columns


BAD: dict[str, tuple[list[Any], str]] = {
    "a text": (["people"], "its stream 1 is no object"),
    "no name": ([people(), {"schema": {}}], "its stream 2 has no tap_stream_id"),
    "twice": ([people(), people()], "people: it is there twice"),
    "a schema that is none": ([people(schema=[1])], "people: its schema is no object"),
    "properties that are none": ([people(schema={"properties": [1]})], "people: its schema is no object"),
    "a property that is none": ([people(schema={"properties": {"id": 1}})], "a property of its schema is no object"),
    "metadata by name": ([people(metadata={"selected": True})], "people: its metadata are no list"),
    "a breadcrumb that is a text": ([people(metadata=[{"breadcrumb": "", "metadata": {}}])], "its metadata are no"),
    "a switch as text": ([people(selected="false")], "a selected of it is neither true nor false"),
    "a switch of a column as text": (
        [people(metadata=metadata(email={"selected": "false"}))],
        "a selected of it is neither true nor false",
    ),
    "another stream": (
        [people(tap_stream_id="peopel", selected=True)],
        "peopel is not a stream of this tap; is p",
    ),
    "a column that does not exist": (
        [people(metadata=metadata(emial={"selected": False}))],
        "people: emial is deselected, but there is no such column; is email meant?",
    ),
    "a field in an array": (
        [people(metadata=metadata(**{"answers.items.properties.note": {"selected": False}}))],
        "people: answers.note is inside an array",
    ),
    "another method": ([people(replication_method="SOME")], "replication method is none of FULL_TABLE and INCREMENTAL"),
    "a method that can't be": (
        [{"stream": "teams", "replication_method": "INCREMENTAL"}],
        "teams: it has no replication key",
    ),
}


@pytest.mark.parametrize(("entries", "line"), BAD.values(), ids=BAD)
def test_what_can_not_be_meant_is_one_line(entries: list[Any], line: str) -> None:
    with pytest.raises(SettingsError) as caught:
        used(*entries)
    assert line in str(caught.value)
    assert str(caught.value).startswith("catalog: ")


def test_where_one_stream_is_selected_the_older_way_the_others_are_not() -> None:
    found = used(people(), {"stream": "teams", "selected": True})
    assert selected(found["people"]) == set()
    assert selected(found["teams"]) == {"id"}


def test_a_stream_that_is_gone_and_was_not_selected_is_left_out() -> None:
    assert list(used(people(), {"stream": "gone", "selected": False})) == ["people"]


def test_streams_that_are_not_selected_by_default_need_a_word() -> None:
    assert selected(used({"stream": "teams"})["teams"]) == set()


@pytest.mark.parametrize("catalog", [{}, {"streams": {}}, {"streams": None}])
def test_a_catalog_without_streams_is_none(catalog: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="no list of streams"):
        modernized(catalog)
