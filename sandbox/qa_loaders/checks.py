"""What is sent to every loader: made-up rows, each through the tap's own way from a vendor's row to a message."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from qa_harness.given_rows import NOW, write_messages
from tap_qa.singer.schemas import UNMAPPED, with_unmapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Row = dict[str, Any]
TEXT, WHOLE, NUMBER, FLAG = ({"type": [kind, "null"]} for kind in ("string", "integer", "number", "boolean"))
INSTANT, DAY = ({**TEXT, "format": form} for form in ("date-time", "date"))
OPEN_OBJECT = {"type": ["object", "null"]}
PERSON = {**OPEN_OBJECT, "properties": {"name": TEXT, "weight": NUMBER}, "additionalProperties": True}
NUMBERS, TEXTS = ({"type": ["array", "null"], "items": kind} for kind in (NUMBER, TEXT))
ANSWERS = {"type": ["array", "null"], "items": {**OPEN_OBJECT, "properties": {"question": TEXT, "points": NUMBER}}}
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Sent:
    """What one run of the tap sends: rows as a vendor gives them, and the types of their columns."""

    columns: Mapping[str, Any]
    rows: tuple[Mapping[str, Any] | bytes, ...]


@dataclass(frozen=True)
class Check:
    """One question to a loader.

    Attributes:
        name: Its id, to be quoted in docs/surprises.toml.
        title: The row's head in the table.
        runs: What comes, run after run.
        keys: The primary key.
        versions: Whether runs announce whole tables by ACTIVATE_VERSION.
        deselected: Columns that the catalog leaves out.
        stream_maps: What the config makes of columns.
    """

    name: str
    title: str
    runs: tuple[Sent, ...]
    keys: tuple[str, ...] = ("id",)
    versions: bool = False
    deselected: tuple[str, ...] = ()
    stream_maps: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> Iterator[Path]:
        """Yield a file of messages for each run."""
        for number, sent in enumerate(self.runs):
            schema = {"type": "object", "properties": {**_key_columns(self.keys), **sent.columns}}
            path = folder / f"{number}.jsonl"
            with path.open("wb") as file:
                write_messages(
                    file,
                    schema=with_unmapped(schema),
                    primary_keys=self.keys,
                    windows=[[row if isinstance(row, bytes) else _encode(row) for row in sent.rows]],
                    versions=self.versions,
                    deselected=self.deselected,
                    stream_maps=self.stream_maps,
                    now=NOW + timedelta(days=number),
                )
            yield path


def _key_columns(keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: {"type": "integer" if key == "id" else "string"} for key in keys}


def _once(
    name: str,
    title: str,
    columns: Mapping[str, Any],
    *rows: Mapping[str, Any] | bytes,
    **more: Any,  # noqa: ANN401 - of Check
) -> Check:
    return Check(name, title, (Sent(columns, rows),), **more)


LONG_TEXT = "A long transcript, é 漢 😀. " * 5_000
_SCORES = {"score": NUMBER, "comment": TEXT}
_QUESTION = {"answer": TEXT, "note": TEXT}

CHECKS = (
    _once(
        "whole-numbers", "whole numbers beyond 2^53", {"number": WHOLE}, b'{"id": 1, "number": 9007199254740993}',
        b'{"id": 9007199254740993, "number": -1}',
    ),
    _once(
        "decimals", "decimals, digit by digit", {"short": NUMBER, "long": NUMBER, "whole": NUMBER},
        b'{"id": 1, "short": 88.1, "long": 71.4285714285714286, "whole": 90}',
        b'{"id": 2, "short": 0.1, "long": 9007199254740993.5, "whole": 9007199254740993}',
    ),
    _once(
        "instants", "instants that came with a zone, and without",
        {"zoned": INSTANT, "naive": INSTANT, "fraction": INSTANT},
        {
            "id": 1, "zoned": "2026-10-25T01:30:00+02:00", "naive": "2026-07-01 12:00:00",
            "fraction": "2026-07-01T12:00:00.123456Z",
        },
    ),
    _once("dates", "dates", {"day": DAY}, {"id": 1, "day": "2026-10-25"}),
    _once("booleans", "booleans", {"yes": FLAG, "no": FLAG}, {"id": 1, "yes": True, "no": False}),
    _once(
        "objects", "objects and lists of them", {"person": PERSON, "free": OPEN_OBJECT, "answers": ANSWERS},
        b'{"id": 1, "person": {"name": "Ann", "weight": 1.5}, "free": {"a": 1.5, "b": [true, null]},'
        b' "answers": [{"question": "Q1", "points": 0.5}], "new_field": {"deep": 2.5}}',
    ),
    _once(
        "objects-as-text", "`_unmapped` as JSON text, by a stream map", {"score": NUMBER},
        b'{"id": 1, "score": 88.5, "new_field": {"deep": "a"}}', b'{"id": 2, "score": 90}',
        stream_maps={UNMAPPED: f"json.dumps({UNMAPPED}) if {UNMAPPED} else None"},
    ),
    _once(
        "lists", "lists of numbers and texts", {"points": NUMBERS, "tags": TEXTS},
        {"id": 1, "points": [1, 0.5, 0], "tags": ["a,b", 'c"d']},
    ),
    _once(
        "nulls", "nulls: SQL null in every column",
        {
            "text": TEXT, "number": NUMBER, "flag": FLAG, "instant": INSTANT, "object": OPEN_OBJECT, "person": PERSON,
            "list": TEXTS,
        },
        {
            "id": 1, "text": "full", "number": 1, "flag": True, "instant": "2026-07-01T12:00:00Z",
            "object": {"a": 1}, "person": {"name": "Ann"}, "list": ["a"],
        },
        {"id": 2},
    ),
    _once(
        "texts", "texts: blank lines, tabs, quotes, 125,000 characters", {"lines": TEXT, "quoted": TEXT, "long": TEXT},
        {"id": 1, "lines": "First.\n\nSecond,\r\n\tthird.", "quoted": 'a "b", C:\\new; \'d\'', "long": LONG_TEXT},
    ),
    _once("empty-texts", "empty text is not null", {"text": TEXT}, {"id": 1, "text": ""}, {"id": 2, "text": "full"}),
    _once("nul", "a NUL character in a comment", {"text": TEXT}, {"id": 1, "text": "before\0after"}),
    _once(
        "ids", "ids and answers letter by letter",
        {"badge": TEXT, "contact": TEXT, "answer": TEXT, "talk": TEXT, "score": TEXT},
        {"id": 1, "badge": "00124", "contact": "12345_67", "answer": "No", "talk": "26:07:11", "score": "87,5"},
        {"id": 2, "badge": "1e5", "contact": "2026_01", "answer": "N/A", "talk": "05:12", "score": "null"},
    ),
    _once(
        "texts-only", "a stream of texts only (`_unmapped` deselected)", _QUESTION,
        {"code": "Q1", "answer": "Yes", "note": "good"}, {"code": "Q2", "answer": "No", "note": "bad"},
        {"code": "Q3", "answer": "N/A"},
        keys=("code",), deselected=("_unmapped",),
    ),
    _once(
        "repeats", "one key twice in a run: the last row counts", _SCORES,
        {"id": 1, "score": 60, "comment": "first"}, {"id": 2, "score": 70}, {"id": 1, "score": 90, "comment": None},
    ),
    _once(
        "keys-with-commas", "keys of two columns that hold commas", _QUESTION,
        {"section": "Opening", "question": "Name,account", "answer": "Yes"},
        {"section": "Opening,Name", "question": "account", "answer": "No"},
        keys=("section", "question"),
    ),
    Check(
        "edits", "the next run: edits, and a value that is null now",
        (
            Sent(_SCORES, ({"id": 1, "score": 60, "comment": "first"}, {"id": 2, "score": 70, "comment": "kept"})),
            Sent(_SCORES, ({"id": 1, "score": 82.5, "comment": None}, {"id": 3, "score": 50, "comment": "new"})),
        ),
    ),
    Check(
        "empty-run", "the next run has no rows",
        (Sent(_SCORES, ({"id": 1, "score": 60, "comment": "kept"},)), Sent(_SCORES, ())),
    ),
    Check(
        "new-column", "the next release has one more column",
        (
            Sent({"score": NUMBER, "comment": TEXT}, ({"id": 1, "score": 60, "comment": "a"},)),
            Sent(
                {"score": NUMBER, "channel": TEXT, "comment": TEXT},
                ({"id": 2, "score": 70, "channel": "chat", "comment": "b"},),
            ),
        ),
    ),
    Check(
        "half-points", "whole numbers become decimals",
        (Sent({"score": WHOLE}, ({"id": 1, "score": 80},)), Sent({"score": NUMBER}, ({"id": 2, "score": 82.5},))),
    ),
    Check(
        "vanished", "ACTIVATE_VERSION: a row is gone from the next whole table",
        (
            Sent(_SCORES, ({"id": 1, "score": 60, "comment": "stays"}, {"id": 2, "score": 70, "comment": "goes"})),
            Sent(_SCORES, ({"id": 1, "score": 60, "comment": "stays"},)),
        ),
        versions=True,
    ),
)  # fmt: skip


def expected_rows(files: list[Path]) -> dict[str, dict[str, Row]]:
    """Return what a right loader holds after these runs: the last record of each key, by stream and key.

    Rows of an older version than the last that was announced are gone.
    """
    tables: dict[str, dict[str, Row]] = {}
    keys: dict[str, list[str]] = {}
    versions: dict[tuple[str, str], int | None] = {}
    for message in _messages(files):
        stream = message.get("stream")
        if message["type"] == "SCHEMA":
            keys[stream] = message["key_properties"]
            tables.setdefault(stream, {})
        elif message["type"] == "RECORD":
            key = key_of(message["record"], keys[stream])
            tables[stream][key] = message["record"]
            versions[stream, key] = message.get("version")
        elif message["type"] == "ACTIVATE_VERSION":
            for key in [key for key in tables[stream] if versions[stream, key] != message["version"]]:
                del tables[stream][key]
    return tables


def schemas(files: list[Path]) -> dict[str, Row]:
    """Return the last SCHEMA message of each stream."""
    return {message["stream"]: message for message in _messages(files) if message["type"] == "SCHEMA"}


def _messages(files: list[Path]) -> Iterator[Any]:
    for path in files:
        with path.open("rb") as lines:
            for line in lines:
                yield json.loads(line, parse_float=Decimal)


def key_of(row: Mapping[str, Any], keys: list[str]) -> str:
    """Return the key of a row as a text that tells ("a", "b,c") from ("a,b", "c")."""
    return json.dumps([str(row.get(key)) for key in keys], ensure_ascii=False)
