"""One pass and two passes over a file lead to the same records."""

from __future__ import annotations

import errno
import io
import shutil
from contextlib import nullcontext
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.files import csv_blocks, record_spool
from tap_qa.files.archive import Archive, CorruptFileError
from tap_qa.files.csv_table import Table, TableSource
from tap_qa.records.chunks import EncodedRows
from tap_qa.records.conform import RecordConformer
from tap_qa.records.decoder import RowDecoder
from tap_qa.records.row_key import key
from tests.support.examples import many
from tests.tap_qa.files.test_csv_table import SCHEMA, download, shape, written

if TYPE_CHECKING:
    from tap_qa.files.csv_shape import TableShape

CONSTANTS = {"_window_end": "2026-01-02T00:00:00+00:00"}
encode = msgspec.json.Encoder(decimal_format="number").encode
CELLS = {
    "ticket": st.sampled_from(["T1", "T2", " T1 ", '="T1"', "é", "", "n/a"]),
    "graded_at": st.sampled_from(["2024-10-12 10:49:54", "2024-10-12T10:49:54Z", "", "Unknown", "odd", "1728730194"]),
    "score": st.sampled_from(["1", "7.50", "007", "50%", "n/a", "x", "", "1e999", '="05"']),
    "passed": st.sampled_from(["TRUE", "no", "maybe", ""]),
    "comment": st.sampled_from(["", "a", 'b "c"', "d,e", "f\ng", "\u2028", '="h"', "\\", '{"_row_key":"0"}']),
    "Extra": st.sampled_from(["", "x", "é"]),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), max_size=25)


def opened(content: str, table_shape: TableShape, *, spooled: bool = True) -> Table:
    member = Archive("m_scores", download(content.encode())).member(["scores"], alone=True)
    return Table(TableSource(member, "scores", constants=CONSTANTS if spooled else None), table_shape)


def encoded(table: Table) -> list[bytes]:
    """Return the records as they go out."""
    found: list[bytes] = []
    for chunk in table.chunks(CONSTANTS):
        conformer = RecordConformer("m", SCHEMA, keys=())
        rows = list(chunk.records(conformer, RowDecoder(conformer)))
        assert len(rows) == len(chunk)
        if isinstance(chunk, EncodedRows):
            lines = chunk.lines.split(b"\n")
            assert chunk.keys(lines) == [msgspec.json.decode(line)["_row_key"] for line in lines]
            assert list(map(encode, rows)) == lines
            found += lines
        else:
            found += map(encode, rows)
    return found


def is_spooled(table: Table) -> bool:
    return all(isinstance(chunk, EncodedRows) for chunk in table.chunks(CONSTANTS))


@given(ROWS, st.sampled_from([1, 100, 1 << 16]), st.sampled_from([1, 1 << 16]))
@many(400)
def test_one_pass_gives_what_two_give(rows: list[dict[str, str]], block_bytes: int, piece_bytes: int) -> None:
    content = written([list(CELLS), *([row[name] for name in CELLS] for row in rows)])
    shapes = shape(), shape(), shape()
    with (
        mock.patch.object(csv_blocks, "BLOCK_BYTES", block_bytes),
        mock.patch.object(record_spool, "_PIECE_BYTES", piece_bytes),
    ):
        once, twice = opened(content, shapes[0]), opened(content, shapes[1], spooled=False)
        exact = opened(f"{content}\r\n".replace("Extra", '"Extra"') + "\0", shapes[2])
        assert is_spooled(once)
        found = encoded(once), encoded(twice), encoded(exact)
    assert found[0] == found[1] == found[2]
    assert len({msgspec.json.decode(line)["_row_key"] for line in found[0]}) == len(rows) == once.rows
    assert shapes[0].notes.counts() == shapes[1].notes.counts() == shapes[2].notes.counts()


def test_keys_of_duplicates_are_put_in_place() -> None:
    content = written([("ticket", "graded_at"), *(("T1", f"2024-10-12 10:49:{second:02}") for second in (3, 1, 2))])
    keys = [msgspec.json.decode(line)["_row_key"] for line in encoded(opened(content, shape()))]
    assert keys == [key(["T1"], 2), key(["T1"]), key(["T1"], 1)]


def test_a_file_that_turns_out_irregular_is_counted_once() -> None:
    table_shape = shape()
    content = "ticket,score\n" + "T,x\n" * 50_000 + "T,x,more\n"
    table = opened(content, table_shape)
    assert table.rows == 50_001
    assert sum(map(len, table.chunks(CONSTANTS))) == 50_001
    assert table_shape.notes.counts()["invalid"] == {"score": 50_001}


def test_a_damaged_file_leaves_no_counts_behind() -> None:
    table_shape = shape()
    with pytest.raises(CorruptFileError):
        opened("ticket,score\nT,x\nT,x,more,more\n", table_shape)
    assert table_shape.notes.counts()["invalid"] == {}


@pytest.mark.parametrize("most", [0, 100, 50_000])
def test_beyond_its_limit_the_file_is_read_twice(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content = written([("ticket", "score"), *((f"T{number % 900}", "007") for number in range(1000))])
    plain = encoded(opened(content, shape()))
    monkeypatch.setattr(record_spool.RecordSpool, "__init__", _limited(most))
    table_shape = shape()
    table = opened(content, table_shape)
    assert not is_spooled(table)
    table_shape.notes.log_counts()
    assert encoded(table) == plain
    assert table_shape.notes.counts()["leading zeros"] == {"score": 1000}


def _limited(most: int) -> Any:  # noqa: ANN401 - a method
    plain = record_spool.RecordSpool.__init__
    return lambda self, key_column: plain(self, key_column, max_bytes=most)


@pytest.mark.parametrize(("free", "is_enough"), [(20, True), (19, False)])
def test_records_take_no_more_than_half_of_the_room(
    free: int,
    is_enough: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    spool = record_spool.RecordSpool("k")
    with nullcontext() if is_enough else pytest.raises(record_spool.SpoolFullError):
        spool.write([{"k": "0"}])  # ten bytes with the end of their line
    spool.close()


@pytest.mark.parametrize("where", ["write", "flush"])
def test_on_a_full_disk_the_file_is_read_twice(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = written([("ticket", "score"), ("T1", "1"), ("T1", "2")])
    plain = encoded(opened(content, shape()))

    def file() -> Any:  # noqa: ANN401
        full = OSError(errno.ENOSPC, "No space left on device")
        return mock.Mock(wraps=io.BytesIO(), **{f"{where}.side_effect": full})

    monkeypatch.setattr("tap_qa.files.record_spool.temporary_file", file)
    table = opened(content, shape())
    assert not is_spooled(table)
    assert encoded(table) == plain
