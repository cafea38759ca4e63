"""What the capabilities that `--about` names do to our output is what they do to a plain stream of the SDK's."""

from __future__ import annotations

import copy
import gzip
import io
import json
import tempfile
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from singer_sdk import Stream, Tap
from singer_sdk.helpers.conform import TypeConformanceLevel
from typing_extensions import override

from qa_harness.given_rows import CONFIG, STREAM, tap_type
from tap_qa.singer import message_writer
from tap_qa.tap import TapQA
from tests.tap_qa.streams.test_output import tables, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Messages = list[dict[str, Any]]


class PlainStream(Stream):
    """A stream as the SDK makes it, of given records."""

    name = STREAM
    primary_keys: ClassVar[Sequence[str]] = ["id"]
    schema: Any = None
    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE
    given_records: ClassVar[Messages] = []

    @override
    def get_records(self, context: object) -> Iterable[dict[str, Any]]:
        return copy.deepcopy(self.given_records)


class PlainTap(Tap):
    """A tap as the SDK makes it, but for the bytes of a line."""

    name = "tap-plain"
    config_jsonschema: ClassVar[dict[str, Any]] = {"properties": {}}
    message_writer_class = message_writer.LineWriter
    stream_type: ClassVar[type[PlainStream]] = PlainStream

    @override
    def discover_streams(self) -> list[Stream]:
        return [self.stream_type(self)]


def run(tap: type[Tap], config: dict[str, Any], unwanted: frozenset[str]) -> Messages:
    """Run a tap without some columns; return its messages about streams."""
    catalog = tap(config=copy.deepcopy(CONFIG)).catalog_dict
    for entry in catalog["streams"][0]["metadata"]:
        entry["metadata"]["selected"] = not entry["breadcrumb"] or entry["breadcrumb"][-1] not in unwanted
    out = io.BytesIO()
    with mock.patch.object(message_writer, "sys", SimpleNamespace(stdout=SimpleNamespace(buffer=out))):
        tap(config=copy.deepcopy({**CONFIG, **config}), catalog=catalog).sync_all()
    found = [json.loads(line, parse_float=Decimal) for line in out.getvalue().splitlines()]
    for message in found:
        message.pop("time_extracted", None)
    return [message for message in found if message["type"] != "STATE"]


@st.composite
def maps(draw: st.DrawFn, columns: Sequence[str]) -> dict[str, Any]:
    """Draw stream maps: one entry for the stream, perhaps a second stream, perhaps nothing of the others."""
    column = st.sampled_from(columns)
    parts: list[tuple[str, st.SearchStrategy[Any]]] = [
        ("__alias__", st.sampled_from(["other", "'x_' + __stream_name__"])),
        ("__filter__", st.sampled_from(["id > 50", "id % 2 == 0", "False"])),
        ("__else__", st.just(None)),
        ("__key_properties__", st.sampled_from([["id"], None])),
        ("id", st.just("id")),
        ("twice", st.just("id * 2")),
        ("digest", st.just("md5(str(id))")),
        ("who", st.just("__stream_name__")),
    ]

    def entry() -> dict[str, Any]:
        made = {name: draw(values) for name, values in parts if draw(st.integers(0, 3)) == 0}
        if "__else__" in made:
            made["id"] = "id"  # or the SDK refuses it: the key must be listed
        return {**made, **dict.fromkeys(draw(st.lists(column, max_size=2)), draw(st.sampled_from([None, "__NULL__"])))}

    made: dict[str, Any] = {}
    if draw(st.booleans()):
        made[draw(st.sampled_from([STREAM, "scorebuddy_*"]))] = draw(st.sampled_from([None, *[entry()] * 4]))
    if draw(st.booleans()):
        second = entry()
        second.pop("__alias__", None)
        made["second"] = {"__source__": STREAM, **second}
    if draw(st.integers(0, 4)) == 0:
        made["__else__"] = None
    return made


def ours(schema: dict[str, Any], rows: list[bytes]) -> type[TapQA]:
    return tap_type(schema=schema, windows=[rows])


@given(st.data(), tables())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_maps_and_selection_do_what_they_do_to_a_plain_stream(
    data: st.DataObject, table: tuple[dict[str, Any], list[bytes], frozenset[str]]
) -> None:
    schema, rows, unwanted = table
    records = [message["record"] for message in written(schema, rows, frozenset(), quickly=True)]
    stream = type("Plain", (PlainStream,), {"schema": schema, "given_records": records})
    plain = type("OnePlainTap", (PlainTap,), {"stream_type": stream})
    config = {"stream_maps": data.draw(maps([name for name in schema["properties"] if name != "id"]))}
    assert run(ours(schema, rows), config, unwanted) == run(plain, config, unwanted)


def test_a_map_may_read_what_it_removes_and_another_map_keeps_it() -> None:
    schema = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": ["string", "null"]}}}
    stream_maps = {
        STREAM: {"digest": "md5(name)", "name": None},
        "second": {"__source__": STREAM, "__key_properties__": ["id"]},
    }
    messages = run(ours(schema, [b'{"id": 1, "name": "Ann"}']), {"stream_maps": stream_maps}, frozenset())
    records = {message["stream"]: message["record"] for message in messages if message["type"] == "RECORD"}
    assert "name" not in records[STREAM]
    assert records[STREAM]["digest"] == "82e335f7ac0e0e412b2ae15abe662110"
    assert records["second"]["name"] == "Ann"


@given(st.data(), tables())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_files_hold_what_messages_would(
    data: st.DataObject, table: tuple[dict[str, Any], list[bytes], frozenset[str]]
) -> None:
    schema, rows, unwanted = table
    drawn = data.draw(maps([name for name in schema["properties"] if name != "id"]))
    drawn.pop("second", None)  # several streams of one are refused
    with tempfile.TemporaryDirectory() as folder:
        batch = {"encoding": {"format": "jsonl", "compression": "gzip"}, "storage": {"root": f"file://{folder}"}}
        tap = ours(schema, rows)
        messages = run(tap, {"stream_maps": drawn}, unwanted)
        files = run(tap, {"stream_maps": drawn, "batch_config": batch}, unwanted)
        assert [m for m in files if m["type"] == "SCHEMA"] == [m for m in messages if m["type"] == "SCHEMA"]
        found = [
            (message["stream"], json.loads(line, parse_float=Decimal))
            for message in files
            if message["type"] == "BATCH"
            for path in message["manifest"]
            for line in gzip.decompress(Path(path.removeprefix("file://")).read_bytes()).splitlines()
        ]
    assert found == [(m["stream"], m["record"]) for m in messages if m["type"] == "RECORD"]


def test_what_is_announced_is_what_is_held_here() -> None:
    named = {each.value for each in TapQA.capabilities}
    assert named == {"catalog", "state", "discover", "activate-version", "about", "stream-maps", "batch"} | {
        "structured-logging"
    }
