"""What a catalog lacks inside of columns that it has."""

from __future__ import annotations

from typing import Any

from singer_sdk.singerlib import SelectionMask

from tap_qa.records.catalog_gaps import gaps, names_of, without_gaps


def an_object(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - schemas
    return {"properties": fields}


FIELD: dict[str, Any] = {"type": "string"}
OWN = an_object(
    a=FIELD,
    b=an_object(c=FIELD, d=an_object(e=FIELD, f=FIELD)),
    parts={"items": an_object(g=FIELD, h={"items": an_object(i=FIELD, j=FIELD)})},
    free=an_object(k=FIELD),
)


def test_gaps_are_found_at_any_depth_and_moved_with_their_path() -> None:
    known = an_object(
        b=an_object(d=an_object(e=FIELD)),
        parts={"items": an_object(g=FIELD, h={"items": an_object(j=FIELD)})},
        free={"type": "object"},
        more=FIELD,
    )
    missing = gaps(OWN, known, SelectionMask({}))
    assert list(names_of(missing)) == ["a", "b.c", "b.d.f", "parts.h.i"]
    record = {
        "a": 1,
        "b": {"c": 0, "d": {"e": 3, "f": [4]}},
        "parts": [{"g": 5, "h": [{"i": 6, "j": 7}, None]}, {"h": [{"i": None}, {"i": 8}]}, "odd"],
        "free": {"k": 9},
    }
    unmapped: dict[str, Any] = {"b.c": "taken"}
    assert without_gaps(record, missing, unmapped) == {
        "b": {"d": {"e": 3}},
        "parts": [{"g": 5, "h": [{"j": 7}, None]}, {"h": [{}, {}]}, "odd"],
        "free": {"k": 9},
    }
    assert unmapped == {
        "b.c": "taken",
        "a": 1,
        "b.c (2)": 0,
        "b.d.f": [4],
        "parts[0].h[0].i": 6,
        "parts[1].h[1].i": 8,
    }


def test_what_is_deselected_is_no_gap() -> None:
    mask = SelectionMask({(): True, ("properties", "a"): False, ("properties", "b", "properties", "d"): False})
    missing = gaps(OWN, an_object(b=an_object(d=an_object(e=FIELD)), parts=OWN["properties"]["parts"]), mask)
    assert list(names_of(missing)) == ["b.c", "free"]


def test_the_same_schema_has_no_gaps() -> None:
    assert not gaps(OWN, OWN, SelectionMask({}))
