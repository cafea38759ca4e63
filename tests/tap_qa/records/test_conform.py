"""Rows as a schema tells: complete, typed, and with nothing thrown away."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Any

import pytest

from tap_qa.errors import UnexpectedResponseError
from tap_qa.records.conform import MAY_BE_TEXT, RecordConformer

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": ["integer"]},
        "name": {"type": ["string", "null"]},
        "at": {"type": ["string", "null"], "format": "date-time"},
        "day": {"type": ["string", "null"], "format": "date"},
        "done": {"type": ["boolean", "null"]},
        "score": {"type": ["number", "null"]},
        "values": {"type": ["array", "null"], "items": {"type": ["number", "null"]}},
        "tags": {"type": ["array", "null"], "items": {"type": ["integer", "null"]}},
        "parts": {
            "type": ["array", "null"],
            "items": {
                "type": ["object", "null"],
                "properties": {
                    "part_id": {"type": ["integer", "null"]},
                    "at": {"type": ["string", "null"], "format": "date-time"},
                    "inner": {"type": ["object", "null"], "properties": {"n": {"type": ["number", "null"]}}},
                },
            },
        },
        "_unmapped": {"type": ["object", "null"]},
    },
}
NOTHING = dict.fromkeys(SCHEMA["properties"])


def shape(**options: Any) -> RecordConformer:  # noqa: ANN401
    return RecordConformer("things", SCHEMA, keys=("id",), **options)


def test_a_plain_row_becomes_a_complete_record() -> None:
    row = {
        "id": "7",
        "name": "Zoë",
        "at": "2024-01-01 10:00:00",
        "day": "2024-01-01",
        "done": "TRUE",
        "score": "92.50%",
    }
    assert shape().conform(row) == {
        **NOTHING,
        "id": 7,
        "name": "Zoë",
        "at": "2024-01-01T10:00:00+00:00",
        "day": "2024-01-01",
        "done": True,
        "score": Decimal("92.50"),
    }


def test_new_fields_go_to_unmapped_and_are_logged_once_by_name(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        made = shape()
        records = [
            made.conform({"id": number, "mood": {"secret": "sunny"}, "Brand New": number}) for number in range(3)
        ]
    assert records[2]["_unmapped"] == {"mood": {"secret": "sunny"}, "Brand New": 2}
    assert sum("mood" in line for line in caplog.messages) == 1
    assert sum("Brand New" in line for line in caplog.messages) == 1
    assert "sunny" not in caplog.text


def test_a_cell_that_does_not_fit_becomes_null_and_its_text_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    made = shape()
    with caplog.at_level(logging.INFO):
        record = made.conform({"id": 1, "score": "lots", "at": "0000-00-00 00:00:00", "done": 5, "tags": "none"})
        made.conform({"id": 2, "score": "few"})
        made.drift_log.log_counts()
        made.drift_log.log_counts()
    assert record == {
        **NOTHING,
        "id": 1,
        "_unmapped": {"score": "lots", "at": "0000-00-00 00:00:00", "done": 5, "tags": "none"},
    }
    counted = [line for line in caplog.messages if "are invalid" in line]
    assert len(counted) == 4
    assert any("2 values of score" in line for line in counted)
    assert "lots" not in caplog.text
    assert "few" not in caplog.text


def test_what_does_not_fit_further_down_is_kept_under_its_path() -> None:
    row = {
        "id": 1,
        "tags": [1, "x", 3],
        "parts": [
            {"part_id": 1, "at": "2024-01-01 00:00:00", "new": "moves", "inner": {"n": "1.5", "more": True}},
            {"part_id": "one", "at": "never", "inner": {"n": "lots"}},
            "no object",
            None,
        ],
    }
    record = shape().conform(row)
    assert record["tags"] == [1, None, 3]
    assert record["parts"] == [
        {"part_id": 1, "at": "2024-01-01T00:00:00+00:00", "inner": {"n": Decimal("1.5")}},
        {"part_id": None, "at": None, "inner": {"n": None}},
        None,
        None,
    ]
    assert record["_unmapped"] == {
        "tags[1]": "x",
        "parts[0].new": "moves",
        "parts[0].inner.more": True,
        "parts[1].part_id": "one",
        "parts[1].at": "never",
        "parts[1].inner.n": "lots",
        "parts[2]": "no object",
    }


def test_new_nested_fields_are_logged_once_by_their_path(caplog: pytest.LogCaptureFixture) -> None:
    made = shape()
    with caplog.at_level(logging.INFO):
        for number in range(2):
            row = {"id": number, "parts": [{"inner": {"more": 1, "ann.lee@example.com": 2}}, {"inner": {"more": None}}]}
            assert made.conform(row)["_unmapped"] == {
                "parts[0].inner.more": 1,
                "parts[0].inner.ann.lee@example.com": 2,
                "parts[1].inner.more": None,
            }
    made.drift_log.log_counts()
    assert [line.split(": ")[-1] for line in caplog.messages if "parts.inner" in line] == [
        "parts.inner.more",
        "parts.inner.(a name of 19 characters that is not shown, since it may be personal data)",
    ]
    assert "ann.lee" not in caplog.text
    assert "invalid" not in caplog.text


def test_paths_that_coincide_lose_nothing() -> None:
    row = {"id": 1, "parts[0].new": "top", "parts": [{"new": "nested"}], "parts[0].new (2)": "also"}
    assert shape().conform(row)["_unmapped"] == {
        "parts[0].new": "top",
        "parts[0].new (2)": "nested",
        "parts[0].new (2) (2)": "also",
    }


@pytest.mark.parametrize(("text", "number"), [("00123", 123), (" 007 ", 7), ("-01", -1), ("000", 0), ("010.0", 10)])
def test_leading_zeros_are_kept_beside_the_number(text: str, number: int, caplog: pytest.LogCaptureFixture) -> None:
    made = shape()
    with caplog.at_level(logging.INFO):
        record = made.conform({"id": text, "score": text, "tags": [5, text], "values": [text]})
        made.drift_log.log_counts()
    assert (record["id"], record["score"], record["tags"], record["values"]) == (number, number, [5, number], [number])
    assert record["_unmapped"] == {"id": text, "score": text, "tags[1]": text, "values[0]": text}
    assert sum("1 values of id are numbers with leading zeros" in line for line in caplog.messages) == 1
    assert "invalid" not in caplog.text


def test_a_number_stands_for_an_id_that_is_text(caplog: pytest.LogCaptureFixture) -> None:
    an_id = {"type": "integer", MAY_BE_TEXT: True}
    schema = {
        "properties": {
            "id": an_id,
            "owner": {"type": "object", "properties": {"id": an_id}},
            "count": {"type": "integer"},
        }
    }
    made = RecordConformer("s", schema, keys=["id"])
    with caplog.at_level(logging.INFO):
        record = made.conform({"id": "c0ffee", "owner": {"id": " c0ffee "}, "count": "c0ffee"})
        made.drift_log.log_counts()
    assert record["id"] == record["owner"]["id"] == 8237219371073478
    assert record["_unmapped"] == {"id": "c0ffee", "owner.id": " c0ffee ", "count": "c0ffee"}
    assert "1 values of id have ids that are no numbers" in caplog.text
    assert "1 values of count are invalid" in caplog.text
    assert made.conform({"id": "7", "owner": {"id": 8}})["id"] == 7
    with pytest.raises(UnexpectedResponseError):
        made.conform({"id": ["c0ffee"]})


@pytest.mark.parametrize("text", ["0", "10", "0.5", "00.5", "0%", "-0", "100"])
def test_other_numbers_keep_no_text(text: str) -> None:
    assert shape().conform({"id": 1, "score": text})["_unmapped"] is None


def test_two_other_names_of_one_column_lose_nothing() -> None:
    record = shape(renames={"title": "name", "label": "name"}).conform({"id": 1, "title": "a", "label": "b"})
    assert (record["name"], record["_unmapped"]) == ("a", {"label": "b"})


def test_numbers_of_an_array_are_of_one_kind() -> None:
    record = shape().conform({"id": 1, "values": [1, Decimal("0.5"), 0, None, "2"]})
    assert list(map(str, record["values"])) == ["1.0", "0.5", "0.0", "None", "2.0"]


def test_other_names_of_a_column_are_understood() -> None:
    made = shape(renames={"title": "name"})
    assert made.conform({"id": 1, "title": "a"})["name"] == "a"
    # The column's own name wins, and the other value is not lost; null is no value.
    both = made.conform({"id": 1, "name": "own", "title": "other"})
    assert (both["name"], both["_unmapped"]) == ("own", {"title": "other"})
    assert made.conform({"id": 1, "name": None, "title": "a"})["name"] == "a"
    assert made.conform({"id": 1, "title": "a", "name": None})["name"] == "a"


def test_other_names_of_columns_that_a_stream_does_not_have_are_new_fields() -> None:
    assert shape(renames={"colour": "color"}).conform({"id": 1, "colour": "red"})["_unmapped"] == {"colour": "red"}


def test_a_missing_column_is_null_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    made = shape()
    with caplog.at_level(logging.INFO):
        assert made.conform({"id": 1})["name"] is None
        made.conform({"id": 2})
    assert sum("name" in line for line in caplog.messages) == 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"name": "a"}, "is missing in a row; its columns are: name."),
        (
            {"id": None, "name": "a"},
            "is null or of another type in a row; its columns are: id, name.",
        ),
        ({"id": "x", "name": "a"}, "is null or of another type in a row; its columns are: id, name."),
        ({"id": 2**64}, "is null or of another type in a row; its columns are: id."),
    ],
)
def test_a_row_without_its_key_is_an_error_that_names_it(row: dict[str, Any], why: str) -> None:
    with pytest.raises(UnexpectedResponseError, match="key column id") as error:
        shape().conform(row)
    assert str(error.value) == f"things: the key column id {why}"


def test_a_key_under_its_other_name_that_does_not_fit_is_named_too() -> None:
    with pytest.raises(UnexpectedResponseError, match="key column id"):
        shape(renames={"number": "id"}).conform({"number": "x"})


def test_zones_apply_to_naive_stamps() -> None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - for this test only

    record = shape(zone=ZoneInfo("Asia/Kolkata")).conform({"id": 1, "at": "2024-01-01 00:00:00", "day": "2024-01-01"})
    assert (record["at"], record["day"]) == ("2023-12-31T18:30:00+00:00", "2024-01-01")
