"""Records that the tap writes by itself, many at a time, are those that the SDK would have written one by one."""

from __future__ import annotations

import io
import json
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_harness.given_rows import CONFIG, tap_type
from tap_qa.records.decoder import RowDecoder
from tap_qa.singer import message_writer as messages
from tap_qa.streams.base import QAStream

if TYPE_CHECKING:
    from collections.abc import Sequence

encode = msgspec.json.Encoder(decimal_format="number").encode

COLUMNS: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "instant": {"type": ["string", "null"], "format": "date-time"},
    "day": {"type": ["string", "null"], "format": "date"},
    "whole": {"type": ["integer", "null"]},
    "exact": {"type": ["number", "null"]},
    "flag": {"type": ["boolean", "null"]},
    "texts": {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
    "numbers": {"type": ["array", "null"], "items": {"type": ["number", "null"]}},
    "free": {"type": ["object", "null"]},
    "loose": {"type": ["number", "string", "object", "null"]},
    "person": {
        "type": ["object", "null"],
        "properties": {
            "name": {"type": ["string", "null"]},
            "since": {"type": ["string", "null"], "format": "date-time"},
            "weight": {"type": ["number", "null"]},
        },
    },
    "answers": {
        "type": ["array", "null"],
        "items": {
            "type": ["object", "null"],
            "properties": {"mark": {"type": ["number", "null"]}, "by": {"type": ["string", "null"]}},
        },
    },
}

texts = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6
)  # no NUL reaches a row: see json_codec.split
exact_numbers = st.one_of(
    st.integers(-(10**20), 10**20), st.decimals(-(10**9), 10**9, places=3), st.sampled_from([Decimal("1.0"), 2**63])
)
stamps = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(str)  # noqa: DTZ001 - as vendors write
fitting: dict[str, st.SearchStrategy[Any]] = {
    "text": texts,
    "instant": stamps,
    "day": st.dates().map(str),
    "whole": st.integers(-(2**63), 2**63 - 1),
    "exact": exact_numbers,
    "flag": st.booleans(),
    "texts": st.lists(texts, max_size=2),
    "numbers": st.lists(exact_numbers, max_size=3),
    "free": st.dictionaries(texts, exact_numbers, max_size=2),
    "loose": st.one_of(texts, exact_numbers),
    "person": st.fixed_dictionaries({}, optional={"name": texts, "since": stamps, "weight": exact_numbers}),
    "answers": st.lists(st.fixed_dictionaries({}, optional={"mark": exact_numbers, "by": texts}), max_size=2),
}
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), exact_numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(texts, inner, max_size=2)),
    max_leaves=4,
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, Any], list[bytes], frozenset[str]]:
    """Draw a schema, rows most of whose cells fit, and columns that are not wanted."""
    columns = draw(st.lists(st.sampled_from(sorted(COLUMNS)), unique=True, min_size=1))
    properties = {"id": {"type": "integer"}, **{name: COLUMNS[name] for name in columns}}
    properties["_unmapped"] = {"type": ["object", "null"]}
    row = st.fixed_dictionaries(
        {"id": st.integers(0, 99)},
        optional={
            **{name: st.one_of(fitting[name], fitting[name], fitting[name], anything) for name in columns},
            "brand_new": anything,
        },
    )
    rows = [encode(one) for one in draw(st.lists(row, max_size=5))]
    return {"type": "object", "properties": properties}, rows, frozenset(draw(st.sets(st.sampled_from(columns))))


def written(schema: dict[str, Any], rows: list[bytes], unwanted: frozenset[str], *, quickly: bool) -> list[Any]:
    """Run the tap; return its RECORD messages.

    Args:
        schema: The stream's.
        rows: What the vendor gives.
        unwanted: The columns that are deselected.
        quickly: Whether the tap may take either of its quick ways, from a row to a record and from there to a line.
    """
    tap = tap_type(schema=schema, windows=[rows])(config=CONFIG, parse_env_config=False)
    catalog = tap.catalog_dict
    for entry in catalog["streams"][0]["metadata"]:
        entry["metadata"]["selected"] = not entry["breadcrumb"] or entry["breadcrumb"][-1] not in unwanted
    tap = type(tap)(config=CONFIG, catalog=catalog, parse_env_config=False)
    out = io.BytesIO()
    ways = SimpleNamespace(called=0)

    def looks_at_none(stream: QAStream) -> bool:
        ways.called += 1
        return quickly and nothing_looks(stream)

    nothing_looks = QAStream._can_write_directly  # noqa: SLF001 - the decision that this is about

    def typed_records(typed: RowDecoder, rows: Sequence[msgspec.Raw]) -> Sequence[Any]:
        return quick_records(typed, rows) if quickly else [None] * len(rows)

    quick_records = RowDecoder.records
    with (
        mock.patch.object(RowDecoder, "records", typed_records),
        mock.patch.object(messages, "sys", SimpleNamespace(stdout=SimpleNamespace(buffer=out))),
        mock.patch.object(QAStream, "_can_write_directly", looks_at_none),
    ):
        tap.sync_all()
    assert ways.called == 1
    found = [json.loads(line, parse_float=Decimal) for line in out.getvalue().splitlines()]
    records = [message for message in found if message["type"] == "RECORD"]
    for record in records:
        assert record.pop("time_extracted").endswith("Z")  # by either clock
    return records


@given(tables())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_both_ways_write_the_same(table: tuple[dict[str, Any], list[bytes], frozenset[str]]) -> None:
    schema, rows, unwanted = table
    everything = written(schema, rows, frozenset(), quickly=True)
    assert len(everything) == len(rows)
    assert everything == written(schema, rows, frozenset(), quickly=False)
    for message in everything:
        for name in unwanted:
            message["record"].pop(name)
    assert everything == written(schema, rows, unwanted, quickly=True)
