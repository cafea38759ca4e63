"""The fast path from a row to a record leads where the long way leads, or nowhere."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from qa_harness.clock import FakeClock
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from qa_sandbox.vendors.scorebuddy.serializer import Serializer
from tap_qa import json_codec as body
from tap_qa.records.chunks import RawRows, as_dict
from tap_qa.records.conform import RecordConformer
from tap_qa.records.decoder import RowDecoder
from tap_qa.singer.schemas import with_unmapped
from tap_qa.tap import VENDORS
from tests.conftest import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tap_qa.streams.base import QAStream

ZONE = ZoneInfo("America/New_York")
SCHEMAS = Path(__file__).parents[3] / "schemas"
STREAMS = [stream for vendor in VENDORS for stream in vendor.streams]
encode = msgspec.json.Encoder(decimal_format="number").encode

ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -7, 2**63, 2**63 - 1, -(2**63), 10**25, Decimal("1.0"), Decimal("0.10"), Decimal("5e-7"),
    Decimal("0.12345678901234567890"), "", " ", "12", "1.50", " 3 ", "N/A", "yes", "FALSE", "50%", "2024-02-30",
    "2024-03-10 02:30:00", "2024-11-03T01:30:00", "2024-01-01", "2024-01-01T10:00:00.123456Z", "1728730194", "ärger",
    "😀", [], [1, Decimal("0.5"), None], ["a", 1], [[1]], {}, {"a": {"b": Decimal("1.10")}}, 1728730194123,
    Decimal("1E+2"), Decimal("0E-10"), Decimal("-0.0"), "0001-01-01", "0001-01-01 00:00:00", {"a": "\x00"}, -0.0, 1e300,
)  # fmt: skip


def schema_of(stream: type[QAStream]) -> dict[str, Any]:
    path = SCHEMAS / stream.vendor / f"{name_of(stream).removeprefix(f'{stream.vendor}_')}.json"
    return with_unmapped(json.loads(path.read_text()))


def keys_of(stream: type[QAStream]) -> tuple[str, ...]:
    keys: Any = stream.primary_keys
    return tuple(keys)


def name_of(stream: type[QAStream]) -> str:
    return str(vars(stream)["name"])


def fitting(schema: Mapping[str, Any], rng: random.Random) -> Any:  # noqa: ANN401 - JSON
    """Return a value that a schema is written for."""
    declared = schema.get("type", ())
    kinds = [kind for kind in ([declared] if isinstance(declared, str) else declared) if kind != "null"]
    if len(kinds) != 1 or rng.random() < 0.1:
        return rng.choice(ODD) if len(kinds) != 1 else None
    kind = kinds[0]
    if kind == "object":
        columns = schema.get("properties", {})
        return {name: fitting(part, rng) for name, part in columns.items() if rng.random() < 0.9}
    if kind == "array":
        return [fitting(schema.get("items", {}), rng) for _ in range(rng.randrange(3))]
    if kind == "string":
        instant = datetime(2024, 1, 1) + timedelta(seconds=rng.randrange(10**8))  # noqa: DTZ001 - as vendors write
        texts = {"date-time": instant.isoformat(" "), "date": str(instant.date())}
        return texts.get(schema.get("format", ""), rng.choice(("", "a", "Zoë", "12")))
    numbers = {"integer": rng.randrange(-(10**9), 10**9), "boolean": rng.random() < 0.5}
    return numbers.get(kind, Decimal(rng.randrange(-(10**6), 10**6)).scaleb(-rng.randrange(4)))


def made_up_row(stream: type[QAStream], rng: random.Random) -> dict[str, Any]:
    """Make a row most of whose cells fit; some don't, and some fields are new or missing."""
    columns = {name: part for name, part in schema_of(stream)["properties"].items() if name != "_unmapped"}
    row = {name: fitting(part, rng) for name, part in columns.items()}
    for name in rng.sample(sorted(columns), rng.randrange(min(len(columns) + 1, 3))):
        row[name] = rng.choice(ODD)
    if rng.random() < 0.2:
        del row[rng.choice(sorted(columns))]
    if rng.random() < 0.2:
        row[rng.choice([*stream.property_aliases, "brand_new"])] = rng.choice(ODD)
    for key in keys_of(stream):
        formats = {"date": "2024-02-29", "date-time": "2024-02-29 10:00:00"}
        text = formats.get(columns[key].get("format", ""), "key")
        row[key] = rng.randrange(9) if "integer" in columns[key]["type"] else text
    return row


def both_ways(stream: type[QAStream], row: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    schema, keys = schema_of(stream), keys_of(stream)
    raw = msgspec.Raw(encode(row))
    shape = RecordConformer(name_of(stream), schema, keys=keys, renames=stream.property_aliases, zone=ZONE)
    [quick] = RowDecoder(shape).records([raw])
    return quick, shape.conform(body.decode(raw))


@pytest.mark.parametrize("stream", STREAMS, ids=name_of)
def test_both_ways_lead_to_the_same_record(stream: type[QAStream]) -> None:
    schema, keys = schema_of(stream), keys_of(stream)
    shape = RecordConformer(name_of(stream), schema, keys=keys, renames=stream.property_aliases, zone=ZONE)
    typed = RowDecoder(shape)
    rng = random.Random(name_of(stream))  # noqa: S311 - made-up rows
    rows = [msgspec.Raw(encode(made_up_row(stream, rng))) for _ in range(300)]
    quick_ones = 0
    for raw, quick in zip(rows, typed.records(rows), strict=True):
        long = shape.conform(body.decode(raw))
        if quick is not None:
            quick_ones += 1
            assert as_dict(quick) == long
            assert text_of(as_dict(quick)) == text_of(long)
    assert quick_ones > 10


def dirty_row(stream: type[QAStream], rng: random.Random, odd: Sequence[str], new: Sequence[str]) -> dict[str, Any]:
    """Make a row whose columns `odd` rarely fit, beside further fields."""
    row = made_up_row(stream, rng)
    keys = keys_of(stream)
    dates = [key for key in keys if "format" in schema_of(stream)["properties"][key]]
    for name in (*odd, *new):
        if name in dates:
            row[name] = rng.choice(("2024-02-29", " 2024-02-29", "2024-02-29 00:00:00"))
        elif name in keys:  # a key must fit in the end
            row[name] = rng.choice((7, "7", "007", Decimal("7.0")))
        elif rng.random() < 0.9:
            row[name] = rng.choice(ODD)
    return row


@pytest.mark.parametrize("stream", STREAMS, ids=name_of)
def test_what_is_odd_about_a_column_costs_the_row_nothing(stream: type[QAStream]) -> None:
    schema, keys = schema_of(stream), keys_of(stream)
    rng = random.Random(name_of(stream))  # noqa: S311 - made-up rows
    columns = [name for name in schema["properties"] if name != "_unmapped"]
    for _ in range(4):
        both = [
            RecordConformer(name_of(stream), schema, keys=keys, renames=stream.property_aliases, zone=ZONE)
            for _ in range(2)
        ]
        typed = RowDecoder(both[0])
        odd, new = rng.sample(columns, min(4, len(columns))), ["new.field", "a b"]
        rows = [msgspec.Raw(encode(dirty_row(stream, rng, odd, new))) for _ in range(200)]
        found = [record for n in range(0, 200, 40) for record in RawRows(rows[n : n + 40]).records(both[0], typed)]
        for raw, record in zip(rows, found, strict=True):
            long = both[1].conform(body.decode(raw))
            assert as_dict(record) == long
            assert canonical(as_dict(record)) == canonical(long)
        assert both[0].drift_log.counts() == both[1].drift_log.counts()


def canonical(value: Any) -> str:  # noqa: ANN401
    """What goes out, whatever the order of names."""
    return msgspec.json.Encoder(decimal_format="number", order="sorted").encode(value).decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("string", 98563214),
        ("integer", "1"),
        ("number", "0.5"),
        ("boolean", "yes"),
        ("date-time", 1728730194),
        ("array", ["1"]),
        ("object", {"a": 1, "b": 2}),
        ("new", {"c": 3}),
        ("key", "7"),
    ],
)
def test_a_column_that_is_often_odd_is_read_by_the_typed_path(name: str, value: Any) -> None:  # noqa: ANN401 - JSON
    columns: dict[str, Any] = {
        **{kind: {"type": [kind, "null"]} for kind in ("string", "integer", "number", "boolean")},
        "date-time": {"type": ["string", "null"], "format": "date-time"},
        "array": {"type": ["array", "null"], "items": {"type": ["integer", "null"]}},
        "object": {"type": ["object", "null"], "properties": {"a": {"type": ["string", "null"]}}},
    }
    schema = {"properties": {"key": {"type": "integer"}, **columns}}
    shape = RecordConformer("s", schema, keys=("key",))
    typed = RowDecoder(shape)
    rows = [msgspec.Raw(encode({"key": number, name: value})) for number in range(9)]
    assert typed.records(rows) == [None] * 9
    long = list(map(as_dict, RawRows(rows).records(shape, typed)))
    quick = typed.records(rows)
    assert None not in quick
    filled = dict.fromkeys([*schema["properties"], "_unmapped"])
    assert [{**filled, **as_dict(record)} for record in quick] == [{**filled, **record} for record in long]


def test_rows_without_a_key_are_refused_although_the_column_is_raw() -> None:
    shape = RecordConformer("s", {"properties": {"key": {"type": "integer"}}}, keys=("key",))
    typed = RowDecoder(shape)
    for _ in range(3):
        typed.learn(msgspec.Raw(b'{"key": "7"}'))
    assert None not in typed.records([msgspec.Raw(b'{"key": "7"}'), msgspec.Raw(b'{"key": 8}')])
    for row in (b"{}", b'{"key": null}', b'{"key": ""}', b'{"key": "x"}'):
        assert typed.records([msgspec.Raw(row), msgspec.Raw(b'{"key": 8}')])[0] is None


def test_names_that_are_data_stay_on_the_slow_path() -> None:
    shape = RecordConformer("s", {"properties": {"key": {"type": "integer"}}}, keys=("key",))
    typed = RowDecoder(shape)
    rows = [msgspec.Raw(encode({"key": number, f"name {number}": 1})) for number in range(5)]
    for _ in range(3):
        assert len(list(RawRows(rows).records(shape, typed))) == 5
    for number in range(200):
        typed.learn(msgspec.Raw(encode({"key": number, **{f"n{n}": 1 for n in range(number)}})))
    [record] = RawRows([msgspec.Raw(b'{"key": 1, "n7": 2, "n199": 3}')]).records(shape, typed)
    assert as_dict(record) == {"key": 1, "_unmapped": {"n7": 2, "n199": 3}}


def text_of(record: dict[str, Any]) -> str:
    """What goes out, so that 1 and 1.0 differ."""
    return encode(dict(sorted(record.items()))).decode()


def vendor_rows() -> Iterator[tuple[str, dict[str, Any]]]:
    vendor = Scorebuddy(FakeClock(), SMALL)
    wire, instance = Serializer(vendor.rules), vendor.dataset.instance
    for score in list(instance.scores.values())[:20]:
        yield "scorebuddy_scores", wire.score(score)
        for row in wire.export_rows(score):
            yield "scorebuddy_export_questions", row
    for person in instance.employees.values():
        yield "scorebuddy_employees", wire.person(person)


def test_ordinary_rows_take_the_quick_way() -> None:
    streams = {name_of(stream): stream for stream in STREAMS}
    slow = [(name, row) for name, row in vendor_rows() if both_ways(streams[name], row)[0] is None]
    assert slow == []


@pytest.mark.parametrize(
    "cell",
    ["0.12345678901234567890", "[1, 123456789012345678901234567890, null]", '{"a": 0.10}', "true", '"text"', "null"],
)
def test_free_columns_keep_every_digit(cell: str) -> None:
    schema = {"properties": {"id": {"type": "integer"}, "free": {"type": ["number", "string", "array", "null"]}}}
    row = msgspec.Raw(f'{{"id": 1, "free": {cell}}}'.encode())
    [quick] = RowDecoder(RecordConformer("s", schema, keys=("id",))).records([row])
    assert quick is not None
    assert encode(as_dict(quick)["free"]).decode() == cell.replace(" ", "").replace('{"a":0.10}', '{"a":0.10}')
    assert as_dict(quick)["free"] == body.decode(row)["free"]


@pytest.mark.parametrize("space", ["\n", "\r", "\r\n  "])
@pytest.mark.parametrize("kinds", [["object", "null"], ["object", "array", "null"]])
def test_rows_of_several_lines_become_one(space: str, kinds: list[str]) -> None:
    schema = {"properties": {"id": {"type": "integer"}, "free": {"type": kinds}}}
    row = msgspec.Raw(f'{{"id": 1, "free": {{{space}"a": "b"}}}}'.encode())
    shape = RecordConformer("s", schema, keys=("id",))
    typed = RowDecoder(shape)
    [record] = RawRows([row]).records(shape, typed)
    assert encode(record) == b'{"id":1,"free":{"a":"b"}}'


@pytest.mark.parametrize("kinds", [["number", "null"], ["number", "string", "null"]])
@pytest.mark.parametrize("number", ["7" * 5000, "1e999", "-2.5E+400", "1E99999999", "9" * 400 + ".5"])
def test_numbers_that_no_target_reads_are_kept_as_texts(kinds: list[str], number: str) -> None:
    schema = {"properties": {"id": {"type": "integer"}, "free": {"type": kinds}}}
    shape = RecordConformer("s", schema, keys=("id",))
    typed = RowDecoder(shape)
    row = msgspec.Raw(f'{{"id": 1, "free": {number}}}'.encode())
    [record] = map(as_dict, RawRows([row]).records(shape, typed))
    kept = record["free"] if "string" in kinds else record["_unmapped"]["free"]
    assert isinstance(kept, str)
    assert (len(kept), kept) == (5000, number) if "7" in number else Decimal(kept) == Decimal(number)
    assert record["free"] is None or "string" in kinds


@pytest.mark.parametrize("kinds", [["number", "null"], ["number", "string", "null"]])
@pytest.mark.parametrize("number", ["7" * 4000, "1e308", "-2.5E+300", "9" * 300 + ".5", "1e-400"])
def test_numbers_within_bounds_are_numbers(kinds: list[str], number: str) -> None:
    schema = {"properties": {"id": {"type": "integer"}, "free": {"type": kinds}}}
    shape = RecordConformer("s", schema, keys=("id",))
    typed = RowDecoder(shape)
    row = msgspec.Raw(f'{{"id": 1, "free": {number}}}'.encode())
    [record] = map(as_dict, RawRows([row]).records(shape, typed))
    assert record["free"] == (int(number) if number.isdigit() else Decimal(number))
    assert record.get("_unmapped") is None


def test_unbounded_numbers_deep_in_unknown_fields_are_texts() -> None:
    schema = {"properties": {"id": {"type": "integer"}, "free": {"type": ["object", "null"]}}}
    shape = RecordConformer("s", schema, keys=("id",))
    typed = RowDecoder(shape)
    row = msgspec.Raw(b'{"id": 1, "free": {"a": [1e400, 0.5]}, "new": {"b": [{"c": 1E400}]}}')
    [record] = map(as_dict, RawRows([row]).records(shape, typed))
    assert record["free"] == {"a": ["1E+400", Decimal("0.5")]}
    assert record["_unmapped"] == {"new": {"b": [{"c": "1E+400"}]}}
