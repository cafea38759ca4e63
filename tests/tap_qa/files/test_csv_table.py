"""Tables: whatever form they come in, their rows are all there and right, or none is handed out."""

from __future__ import annotations

import contextlib
import csv
import errno
import gzip
import io
import itertools
import sys
import tempfile
import zipfile
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal
from unittest import mock
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from tap_qa.errors import FileError
from tap_qa.files import csv_blocks, csv_columns, csv_table
from tap_qa.files import duplicate_keys as twins
from tap_qa.files.archive import Archive, CorruptFileError, Limits, stem
from tap_qa.files.csv_blocks import BlockReader, FastPathError
from tap_qa.files.csv_columns import INVALID, ColumnConverter, is_text, kind_of
from tap_qa.files.csv_dialect import Dialect
from tap_qa.files.csv_header import MAX_COLUMNS, layout
from tap_qa.files.csv_reader import CsvReader
from tap_qa.files.csv_repair import LineRepair
from tap_qa.files.csv_shape import TableShape
from tap_qa.files.csv_table import Table, TableSource
from tap_qa.files.download import Download
from tap_qa.records.chunks import as_dict
from tap_qa.records.drift_log import SchemaDriftLog
from tap_qa.records.row_key import DIGEST_BYTES, Columns, key
from tap_qa.records.timestamps import TimestampParser
from tests.support.examples import many

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from typing_extensions import Buffer

SCHEMA: dict[str, Any] = {
    "properties": {
        "_row_key": {"type": "string"},
        "_window_end": {"type": ["string", "null"], "format": "date-time"},
        "ticket": {"type": ["string", "null"]},
        "graded_at": {"type": ["string", "null"], "format": "date-time"},
        "score": {"type": ["number", "null"]},
        "passed": {"type": ["boolean", "null"]},
        "comment": {"type": ["string", "null"]},
        "_unmapped": {"type": ["object", "null"]},
    }
}
IDENTITY = Columns(("ticket",), tiebreak_columns=("graded_at",))
NULLS = frozenset({"unknown", "n/a"})
CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


def shape(**changes: Any) -> TableShape:  # noqa: ANN401
    given_ = {"identity": IDENTITY, "null_values": NULLS, "other_names": {"gradable id": "ticket"}, **changes}
    return TableShape("m_scores", SCHEMA, **given_, notes=SchemaDriftLog("m_scores"))


def download(content: bytes, *, announced_empty: bool = False) -> Download:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed on
    file.write(content)
    file.seek(0)
    return Download(file, len(content), announced_empty)


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def table(
    content: bytes | str, table_shape: TableShape | None = None, *, name: str = "scores", alone: bool = True
) -> Table:
    data = content if isinstance(content, bytes) else content.encode()
    archive = Archive("m_scores", download(data))
    return Table(TableSource(archive.member([name], alone=alone), name), table_shape or shape())


def records(content: bytes | str, table_shape: TableShape | None = None) -> list[dict[str, Any]]:
    return [as_dict(record) for batch in table(content, table_shape).records({}) for record in batch]


def written(rows: Sequence[Sequence[str]], quoting: Literal[0, 1] = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=quoting).writerows(rows)
    return text.getvalue()


FULL = "Ticket,Graded At,Score,Passed,Comment\nT1,2024-10-12 10:49:54.123,7.50,TRUE,fine\n"
RECORD = {
    "_row_key": key(["T1"]),
    "_window_end": None,
    "ticket": "T1",
    "graded_at": "2024-10-12T10:49:54.123+00:00",
    "score": Decimal("7.50"),
    "passed": True,
    "comment": "fine",
    "_unmapped": None,
}


@pytest.mark.parametrize(
    "content",
    [
        FULL.encode(),
        b"\xef\xbb\xbf" + FULL.encode(),
        FULL.replace("\n", "\r\n").encode(),
        FULL.replace("\n", "\n\n").encode(),
        FULL.rstrip("\n").encode(),
        FULL.replace("Ticket,Graded At,Score", "TICKET,graded_at, sCore ").encode(),
        FULL.replace("Ticket", "Gradable ID").encode(),
        FULL.replace("T1,2024-10-12 10:49:54.123", '="T1",="2024-10-12 10:49:54.123"').encode(),
        FULL.replace("T1,2024-10-12 10:49:54.123", '"=""T1""","=""2024-10-12 10:49:54.123"""').encode(),
        FULL.replace("fine", "f\0i\0ne").encode(),
        FULL.replace("7.50", " 7.50 ").encode(),
        zipped(("scores.csv", FULL.encode())),
        zipped(("whatever.csv", FULL.encode())),
    ],
)
def test_every_form_gives_the_same_record(content: bytes) -> None:
    assert records(content) == [RECORD]


def test_columns_may_come_in_any_order() -> None:
    assert records("Score,Comment,Passed,Graded At,Ticket\n7.50,fine,true,2024-10-12T10:49:54.123Z,T1\n") == [RECORD]


def test_naive_stamps_are_read_in_the_zone() -> None:
    [record] = records(FULL, shape(zone=ZoneInfo("America/New_York")))
    assert record["graded_at"] == "2024-10-12T14:49:54.123+00:00"
    assert record["_row_key"] == RECORD["_row_key"]


@pytest.mark.parametrize("cell", ["", "Unknown", "N/A", " unknown ", '="Unknown"', '=""'])
def test_words_for_null_are_null(cell: str) -> None:
    [record] = records(f"ticket,graded_at,score,passed\nT1,{cell},{cell},{cell}\n")
    assert (record["graded_at"], record["score"], record["passed"], record["_unmapped"]) == (None, None, None, None)


def test_words_for_null_are_words_in_a_text() -> None:
    [record] = records("ticket,comment\nT1,Unknown\n")
    assert record["comment"] == "Unknown"


def test_what_does_not_fit_is_kept_and_counted() -> None:
    made = shape()
    [record] = records("ticket,graded_at,score\nT1,yesterday,7\n", made)
    assert record["graded_at"] is None
    assert record["_unmapped"] == {"graded_at": "yesterday"}
    assert made.notes.misfits == {"graded_at": 1}


def test_what_does_not_fit_is_kept_under_the_vendor_s_own_name() -> None:
    [record] = records("Ticket,Graded At\nT1,yesterday\n")
    assert record["_unmapped"] == {"Graded At": "yesterday"}


def test_leading_zeros_are_kept_beside_the_number(caplog: pytest.LogCaptureFixture) -> None:
    table_shape = shape()
    with caplog.at_level("INFO"):
        read = records('Ticket,Score\nT1,007\nT2,7\nT3,"=""0070"""\nT4,0.70\n', table_shape)
        table_shape.notes.log_counts()
    assert [record["score"] for record in read] == [7, 7, 70, Decimal("0.70")]
    kept = [record["_unmapped"] for record in read]
    assert kept == [{"Score": "007"}, None, {"Score": '="0070"'}, None]
    assert sum("2 values of score are numbers with leading zeros" in line for line in caplog.messages) == 1


@pytest.mark.parametrize("number", ["9" * 5000, "1E9999", "-1e400"])
def test_numbers_that_no_target_reads_are_kept_as_texts(number: str) -> None:
    [record] = records(f"Ticket,Score\nT1,{number}\n")
    assert (record["score"], record["_unmapped"]) == (None, {"Score": number})


@pytest.mark.parametrize(
    "title", ["ann.lee@example.com", "ann.lee", "Lee, Ann", "Ann Lee", "ann o'lee", "0912 345 678", "Zoë"]
)
def test_titles_that_may_be_personal_data_stay_out_of_the_log(title: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        [record] = records(f'Ticket,"{title}"\nT1,5\n')
    assert record["_unmapped"] == {title: "5"}
    assert title not in caplog.text
    assert "a name of" in caplog.text


def test_a_new_column_is_kept_under_its_own_name(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    content = "ticket,New Column,\nT1,a,b\nT2,,\n"
    assert [record["_unmapped"] for record in records(content)] == [{"New Column": "a", "column 3": "b"}, None]
    assert caplog.text.count("New Column") == 1


def test_a_missing_column_is_null_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    assert records("ticket,score\nT1,1\nT2,2\n")[1]["comment"] is None
    assert caplog.text.count("leaves out comment") == 1


def test_a_missing_identifying_column_is_an_error_that_names_it() -> None:
    with pytest.raises(FileError, match=r"lacks ticket.*score, comment"):
        table("score,comment\n1,secret\n")


def test_the_seed_s_name_wins() -> None:
    [record] = records("Gradable ID,Ticket\nnew,old\n")
    assert (record["ticket"], record["_unmapped"]) == ("old", {"Gradable ID": "new"})


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("ticket,comment,Comment", {"comment": "2", "_unmapped": {"Comment": "3"}}),
        ("ticket,comment,comment", {"comment": "2", "_unmapped": {"comment (2)": "3"}}),
        ("ticket,New,New", {"_unmapped": {"New": "2", "New (2)": "3"}}),
        ("ticket,New (2),New,New", {"_unmapped": {"New (2)": "2", "New": "3", "New (3)": "4"}}),
        ("ticket,TICKET", {"ticket": "1", "_unmapped": {"TICKET": "2"}}),
        ("ticket,ticket,ticket", {"ticket": "1", "_unmapped": {"ticket (2)": "2", "ticket (3)": "3"}}),
        ("ticket,,", {"_unmapped": {"column 2": "2", "column 3": "3"}}),
        ("ticket,column 3,", {"_unmapped": {"column 3": "2", "column 3 (2)": "3"}}),
    ],
)
def test_a_name_that_comes_twice_loses_no_cell(header: str, expected: dict[str, Any]) -> None:
    [record] = records(header + "\n" + ",".join(str(n + 1) for n in range(header.count(",") + 1)) + "\n")
    assert {name: record[name] for name in expected} == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("packing", ["none", "gzip", "zip"])
def test_every_delimiter_encoding_and_packing_gives_the_same_records(encoding: str, packing: str) -> None:
    rows = [["Ticket", "Score", "Comment", "New"], ["T1", "7.5", "a,b;c|d\te", "é"], ["T2", "1", 'x\n"y"', ""]]
    packings: dict[str, Callable[[bytes], bytes]] = {
        "none": bytes,
        "gzip": gzip.compress,
        "zip": lambda data: zipped(("scores.csv", data)),
    }
    told = ("", "sep={}\n", '"sep={}"\r\n', "SEP={}{}{}\n")
    styles: tuple[Literal[0, 1], ...] = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
    for first_line, delimiter, quoting in itertools.product(told, ",;\t|", styles):
        text = io.StringIO(first_line.replace("{}", delimiter))
        text.seek(0, io.SEEK_END)
        csv.writer(text, quoting=quoting, delimiter=delimiter).writerows(rows)
        read = records(packings[packing](text.getvalue().encode(encoding)))
        assert [(record["ticket"], record["score"], record["comment"], record["_unmapped"]) for record in read] == [
            ("T1", Decimal("7.5"), "a,b;c|d\te", {"New": "é"}),
            ("T2", Decimal(1), 'x\n"y"', None),
        ], (first_line, delimiter, quoting)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_a_header_that_comes_again_is_no_row(mark: str, quoting: Literal[0, 1]) -> None:
    part = written([("ticket", "score"), ("T1", "1")], quoting)
    other = written([("ticket", "score"), ("ticket", "2"), ("T2", "3")], quoting)
    read = records(mark + part + mark + other + mark + other)
    assert [record["ticket"] for record in read] == ["T1", "ticket", "T2", "ticket", "T2"]


@pytest.mark.parametrize(
    ("second", "row"),
    [
        ("ticket, COMMENT \n", "T2,b\n"),
        ("ticket,comment,\n", "T2,b,\n"),
        ("ticket,comment\n--,--\n", "T2,b\n"),
    ],
)
@pytest.mark.parametrize("first", ["ticket,comment\nT1,a\n", "ticket,comment,\nT1,a,\n"])
def test_a_header_that_comes_again_may_be_spaced_otherwise(first: str, second: str, row: str) -> None:
    read = records(first + "T0,,\n" + second + row)
    assert [(record["ticket"], record["comment"], record["_unmapped"]) for record in read] == [
        ("T1", "a", None),
        ("T0", None, None),
        ("T2", "b", None),
    ]


def test_a_line_of_hyphens_is_no_row_below_the_header_only() -> None:
    read = records("ticket,comment\n------, ----\nT1,a\n--,--\n")
    assert [(record["ticket"], record["comment"]) for record in read] == [("T1", "a"), ("--", "--")]


@pytest.mark.parametrize(
    "lines",
    [
        "ticket,comment\n--------------\n",
        "ticket,comment\n------ -------\n",
        "ticket,comment,\n---,---,\n",
        "ticket|comment\n:--|--:\n",
        "|ticket|comment|\n|---|---|\n",
        "|ticket|comment\n|---|---\n",
        "ticket,comment\n———,———\n",
    ],
)
def test_a_line_below_the_header_may_be_drawn_in_any_way(lines: str) -> None:
    header = lines.partition("\n")[0]
    read = records(lines + header.replace("ticket", "T1").replace("comment", "a"))
    assert [(record["ticket"], record["comment"]) for record in read] == [("T1", "a")]


@pytest.mark.parametrize(
    "content",
    [
        "ticket,comment\n,\nT1,a\n,\n",
        ",\nticket,comment\nT1,a\n",
        "ticket,comment\n   \nT1,a\n \n",
        'ticket,comment\n"",""\nT1,a\n',
        " \nticket,comment\nT1,a\n",
    ],
)
def test_a_row_without_anything_in_it_is_none(content: str) -> None:
    read = records(content)
    assert [(record["ticket"], record["comment"]) for record in read] == [("T1", "a")]


@pytest.mark.parametrize("block_bytes", [1 << 16, len("ticket,comment\nT1,a\n")])
def test_a_part_of_a_file_may_begin_with_a_mark_and_no_header(block_bytes: int) -> None:
    with mock.patch.object(csv_blocks, "BLOCK_BYTES", block_bytes):
        assert [record["ticket"] for record in records("ticket,comment\nT1,a\n\ufeffT2,b\n")] == ["T1", "T2"]


def test_a_blank_behind_each_delimiter_is_no_part_of_a_cell() -> None:
    for header in ('"Ticket", "Score", "Comment"', "Ticket, Score, Comment"):
        [record] = records(header + '\n"T1", "7.5", "a, b"\n')
        assert (record["ticket"], record["score"], record["comment"]) == ("T1", Decimal("7.5"), "a, b")
    [record] = records('Ticket,Score, Comment\nT1,7.5, "a"\n')
    assert record["comment"] == ' "a"'


def test_one_field_more_than_the_header_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    read = records('ticket,score\nT1,1,x\n"T2",2\nT3,3,\nT3,3,y\n')
    assert [(one["ticket"], one["score"], one["_unmapped"]) for one in read] == [
        ("T1", 1, {"column 3": "x"}),
        ("T2", 2, None),
        ("T3", 3, None),
        ("T3", 3, {"column 3": "y"}),
    ]
    assert len({record["_row_key"] for record in read}) == 4
    assert caplog.text.count("column 3") == 1


def test_lines_that_end_on_a_delimiter_have_no_further_column(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    for content in ("ticket,score,\nT1,1,\n", "ticket,score\nT1,1,\n", "ticket,score,\nT1,1\n"):
        [record] = records(content)
        assert (record["score"], record["_unmapped"]) == (1, None)
    assert "new to the schema" not in caplog.text


def repaired(content: str) -> list[tuple[str, str]]:
    member = Archive("m_scores", download(content.encode(errors="surrogateescape"))).member(["x"], alone=True)
    read = Table(TableSource(member, "x", repairs=True), shape()).records({})
    return [(record["ticket"], record["comment"]) for record in map(as_dict, itertools.chain.from_iterable(read))]


@pytest.mark.parametrize(
    ("cell", "comment"),
    [
        ('"he said "fine" ok"', 'he said "fine" ok'),
        ('"he said "fine""', 'he said "fine"'),
        ('""fine" he said"', '"fine" he said'),
        ('"a 5" screen, or a 7" one"', 'a 5" screen, or a 7" one'),
        (r'"he said \"fine\" ok"', r"he said \"fine\" ok"),
        ('"one\ntwo ""x"""', 'one\ntwo "x"'),
        ('""""', '"'),
        ("na\udcefve", "na\ufffdve"),
        ('"na\udcefve "x""', 'na\ufffdve "x"'),
    ],
)
def test_what_was_not_doubled_and_bytes_that_are_no_utf_8_cost_nothing_else(cell: str, comment: str) -> None:
    found = repaired(f"ticket,comment,score\nT0,a,0\nT1,{cell},1\nT2,b,2\n")
    assert found == [("T0", "a"), ("T1", comment), ("T2", "b")]


@pytest.mark.parametrize(
    "rows",
    [
        'T1,"he said "fine", ok",1\n',  # may be one cell or two
        'T1,"Great" job,1\nT2,"ok",2\n',  # would make one cell of two rows
        'T1,"a\nT2,"b"c",1\n',
        'T1,"Great" job,1\nT2,b,2\n',
        'T1,"one\nthe "x" ok",1\n',
        'T1,"a\n',
    ],
)
def test_what_may_be_repaired_in_two_ways_is_an_error(rows: str) -> None:
    with pytest.raises(CorruptFileError):
        repaired("ticket,comment,score\n" + rows)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_nothing_is_repaired_where_nothing_is_broken(rows: list[tuple[str, str]], quoting: Literal[0, 1]) -> None:
    repair = LineRepair(",")
    for line in io.StringIO(written(rows, quoting), newline=""):
        assert repair(line) == (line, False)
    assert repair.count == 0


def test_a_header_alone_is_no_rows() -> None:
    assert records("ticket,score\n") == []
    assert records("ticket,score") == []


def test_no_bytes_are_no_rows_only_where_that_is_known_and_announced() -> None:
    def empty(*, announced: bool, may_be: bool, content: bytes = b"") -> Table:
        member = Archive("c", download(content, announced_empty=announced)).member(["x"], alone=True)
        return Table(TableSource(member, "x", may_be_empty=may_be), shape())

    assert list(empty(announced=True, may_be=True).records({})) == []
    for announced, may_be in [(False, True), (True, False)]:
        with pytest.raises(CorruptFileError, match="empty"):
            empty(announced=announced, may_be=may_be)
    for content in (b"\n", b"\xef\xbb\xbf\r\n"):  # a line without column names, as of a list without a first row
        assert list(empty(announced=False, may_be=True, content=content).records({})) == []
        with pytest.raises(CorruptFileError, match="empty"):
            empty(announced=False, may_be=False, content=content)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"ticket,score\nT1,1\nT2\n", "line 3 has 1 cells"),
        (b"ticket,score\nT1,1\nT2,2,3,4\n", "line 3 has 4 cells"),
        (b'ticket,score,comment\nT1,"1"\n', "line 2 has 2 cells"),
        (b'ticket,score,comment\n"T1",1,"a",2,3\n', "line 2 has 5 cells"),
        (b"ticket" + b"," * 10_001 + b"\n", "10001 columns"),
        (b'ticket,score\nT1,"1\nT2,2\n', "no CSV"),
        (b'ticket,score\nT1,"1"x\nT2,2\n', "line 2 is no CSV"),
        (b"ticket,score\nT\xe9,1\n", "not UTF-8"),
        (b"<!DOCTYPE html><html><body>secret</body></html>", "web page"),
        (b'  <?xml version="1.0"?><Error/>', "web page"),
        (b"\n\n", "not even column names"),
        (b"\xef\xbb\xbf", "not even column names"),
        ("ticket,score\nT1,1\n".encode("utf-16")[:-1], "damaged"),
        (b"\x1f\x8b\x08", "damaged"),
        (gzip.compress(b"ticket,score\nT1,1\n", mtime=0)[:-5], "damaged"),
        (b"ticket,score\n" + b'"a\n",' * (1 << 20), "more than 10000 cells"),
        (b"ticket," * (1 << 20) + b"\n", "more than 10000 cells"),
        (b'ticket,score\nT1,"' + (b"a" * 1023 + b"\n") * (65 << 10), "a row is longer than 64 MiB"),
        (b'{"error": "secret"}', "lacks ticket"),
    ],
)
def test_damage_is_found_before_the_first_row(content: bytes, complaint: str) -> None:
    with pytest.raises(FileError, match=complaint) as caught:
        table(content)
    assert "T1" not in str(caught.value)


def test_an_archive_closes_wherever_its_reader_stands() -> None:
    archive = Archive("m_scores", download(FULL.encode()))
    archive.member(["scores"], alone=True).open()
    archive.close()


def test_a_first_line_of_one_long_cell_is_read_whatever_the_limit_of_csv_was() -> None:
    csv.field_size_limit(1000)
    with pytest.raises(FileError, match="lacks ticket"):
        table(f'{{"error": "{"x" * 10_000}"}}')


def test_a_long_row_may_have_as_many_cells_as_a_header_and_an_empty_one() -> None:
    def read(cells: int) -> list[list[str]]:
        return list(CsvReader("m", "x", io.BytesIO(b"x" * (1 << 17) + b"," * cells)))

    [row] = read(MAX_COLUMNS)
    assert len(row) == MAX_COLUMNS + 1
    with pytest.raises(CorruptFileError, match=f"a row has more than {MAX_COLUMNS} cells"):
        read(MAX_COLUMNS + 1)


def test_a_cell_may_be_large_but_not_endless() -> None:
    [record] = records(f"ticket,comment\nT1,{'x' * 200_000}\n")
    assert len(record["comment"]) == 200_000
    with pytest.raises(CorruptFileError, match=r"longer than 64 MiB|field larger"):
        table(b"ticket,comment\nT1," + b"x" * (65 << 20) + b"\n")


@pytest.mark.parametrize(
    "name",
    [
        "total_scores.csv",
        "Total Scores.CSV",
        "total-scores",
        "export/2024/total_scores.csv",
        "export\\total_scores.csv",
        "acme_total_scores_2024-10-12.csv",
        "total_scores.csv.csv",
    ],
)
def test_members_are_found_whatever_they_are_called(name: str) -> None:
    others = [("section_scores.csv", b""), ("__MACOSX/._total_scores.csv", b""), ("total_scores/", b"")]
    archive = Archive("m", download(zipped((name, FULL.encode()), *others)))
    assert archive.member(["total_scores"], alone=False).open().read() == FULL.encode()


def test_a_further_name_is_tried_after_the_first() -> None:
    archive = Archive("m", download(zipped(("total rubric scores.csv", b"1"), ("annotations.csv", b"2"))))
    assert archive.member(["total_scores", "total_rubric_scores"], alone=False).open().read() == b"1"


def test_a_missing_or_ambiguous_member_is_an_error() -> None:
    archive = Archive("m", download(zipped(("a_csat_1.csv", b""), ("b_csat_2.csv", b""))))
    with pytest.raises(FileError, match="no total_scores; it holds: a_csat_1, b_csat_2"):
        archive.member(["total_scores"], alone=False)
    with pytest.raises(FileError, match="2 files that could be csat"):
        archive.member(["csat"], alone=False)


def test_a_bare_table_where_a_zip_should_be_is_an_error() -> None:
    with pytest.raises(FileError, match="not the zip"):
        Archive("m", download(FULL.encode())).member(["total_scores"], alone=False)


def test_an_encrypted_member_is_told_as_such() -> None:
    content = bytearray(zipped(("scores.csv", FULL.encode())))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    with pytest.raises(FileError, match=r"encrypted\. Turn off encryption of exports\.$"):
        table(bytes(content))


def test_a_zip_of_other_tables_lacks_one() -> None:
    tables = ["csat", "total_scores", "annotations"]
    archive = Archive("m", download(zipped(("my csat.csv", b""), ("annotations.csv", b""))))
    assert archive.lacks(["total_scores"], tables)
    assert not archive.lacks(["csat"], tables)
    assert not archive.lacks(["total_scores"], ["csat", "total_scores"]), "annotations.csv may be what is looked for"
    assert not Archive("m", download(FULL.encode())).lacks(["total_scores"], tables), "it is no zip"


def test_an_empty_zip_holds_nothing() -> None:
    with pytest.raises(FileError, match=r"holds no csat; it holds: nothing\.$"):
        Archive("m", download(zipped())).member(["csat"], alone=False)


def test_a_member_packed_in_an_odd_way_is_not_opened() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("scores.csv", FULL)
    with pytest.raises(CorruptFileError, match="other than deflate"):
        table(buffer.getvalue())


def test_a_zip_that_lacks_a_part_in_its_middle_is_damaged() -> None:
    whole = zipped(("scores.csv", LARGE))
    with pytest.raises(CorruptFileError, match="parts of it are missing"):
        table(whole[:100] + whole[200:])


def test_a_member_without_a_name_is_none() -> None:
    content = zipped(("nameless", b""), ("scores.csv", FULL.encode())).replace(b"nameless", bytes(8))
    assert records(content) == [RECORD]


@pytest.mark.parametrize(
    ("limits", "complaint"),
    [
        (Limits(members=1), "holds 2 files"),
        (Limits(bytes=1000), "would expand"),
        (Limits(ratio=5, ratio_free_bytes=1000), "would expand"),
    ],
)
def test_a_bomb_is_not_opened(limits: Limits, complaint: str) -> None:
    content = zipped(("a.csv", b"0" * 10_000), ("b.csv", b""))
    with pytest.raises(FileError, match=complaint):
        Archive("m", download(content), limits)
    Archive("m", download(content))


LARGE = ("ticket,score,comment\n" + "".join(f"T{n},{n},{n * 7919 % 100_003}\n" for n in range(3000))).encode()


@given(st.data())
@settings(max_examples=60)
def test_a_cut_or_flipped_zip_gives_all_rows_or_none(data: st.DataObject) -> None:
    whole = zipped(("scores.csv", LARGE))
    content = bytearray(whole)
    if data.draw(st.booleans(), label="cut"):
        del content[data.draw(st.integers(1, len(content) - 1)) :]
    else:
        content[data.draw(st.integers(4, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = records(bytes(content))
    except FileError:
        return
    assert found == records(whole)


@given(st.binary(max_size=300))
@many(200)
def test_no_file_makes_it_stumble(content: bytes) -> None:
    for start in (b"", b"ticket\n", b"PK\x03\x04"):
        with contextlib.suppress(FileError):
            table(start + content)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_texts_survive(rows: list[tuple[str, str]]) -> None:
    content = written([("ticket", "comment"), *rows], csv.QUOTE_ALL)
    found = [(record["ticket"], record["comment"]) for record in records(content)]
    assert found == [(one or None, other or None) for one, other in rows if one or other] or any(
        cell.startswith('="') for row in rows for cell in row
    )


def test_quoted_line_breaks_stay() -> None:
    [record] = records('ticket,comment\r\nT1,"one\r\ntwo\nthree\rfour\x85five"\r\n')
    assert record["comment"] == "one\r\ntwo\nthree\rfour\x85five"


def keys_by_comment(rows: Sequence[Mapping[str, str]], names: Sequence[str]) -> dict[str, str]:
    content = written([names, *([row[name] for name in names] for row in rows)])
    return {record["comment"]: record["_row_key"] for record in records(content)}


TWINS = [
    {"ticket": "T1", "graded_at": f"2024-10-{day} 00:00:00", "comment": f"{day}", "score": "1"} for day in (14, 12, 13)
] + [{"ticket": "T2", "graded_at": "", "comment": "other", "score": "1"}]


@given(st.permutations(TWINS), st.permutations(["ticket", "graded_at", "comment", "score"]))
def test_duplicate_keys_do_not_depend_on_row_order(rows: list[dict[str, str]], names: list[str]) -> None:
    assert keys_by_comment(rows, names) == {
        "12": key(["T1"]),
        "13": key(["T1"], 1),
        "14": key(["T1"], 2),
        "other": key(["T2"]),
    }


def test_twins_are_counted_in_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    keys_by_comment(TWINS, ["ticket", "graded_at", "comment"])
    assert [record.levelname for record in caplog.records if "ordinal" in record.message] == ["WARNING"]
    assert "2 rows" in caplog.text


def test_rows_alike_in_everything_still_get_a_key_each() -> None:
    found = records("ticket\nT1\nT1\n")
    assert [record["_row_key"] for record in found] == [key(["T1"]), key(["T1"], 1)]


def test_twins_are_found_though_written_differently() -> None:
    found = records('ticket\nT1\n" T1 "\n"=""T1"""\n')
    assert len({record["_row_key"] for record in found}) == 3


def test_the_width_of_names_is_theirs() -> None:
    assert stem("Total Scores.csv") == "total_scores"
    header = ["Score \u2013 Percentage", "FirstName (Eva)", "ACD ID"]
    found = layout("x", header, ["score_percentage", "acd_id"], {"firstname eva": "first"})
    assert found.positions == {"score_percentage": 0, "acd_id": 2, "first": 1}


PIECES = st.sampled_from(
    ["a", "T1", "é", "\U0001f600", ",", ",", "\n", "\r\n", "\r", '"', '""', '"x"', '="1"', " ", "\0", ""]
)


def both_ways(content: bytes) -> tuple[Any, Any]:
    """Read a text quickly, if that can be, and exactly."""
    found: list[Any] = []
    try:
        reader, rows = BlockReader(io.BytesIO(content), Dialect()), []
        for block in reader:
            assert all(len(column) == block.rows for column in block.columns)
            rows += [list(row) for row in zip(*block.columns, strict=True)]
        found.append([reader.header, *rows] if reader.header else [])
    except FastPathError as error:
        found.append(type(error))
    try:
        found.append(list(CsvReader("m", "x", io.BytesIO(content))))
    except FileError as error:
        found.append(type(error))
    return found[0], found[1]


@given(st.lists(PIECES, max_size=30).map("".join), st.booleans(), st.sampled_from([1, 3, 7, 16, 1 << 16]))
@many(2000)
def test_both_ways_of_reading_find_the_same_rows(text: str, mark: bool, block_bytes: int) -> None:  # noqa: FBT001
    with mock.patch.object(csv_blocks, "BLOCK_BYTES", block_bytes):
        quick, exact = both_ways((b"\xef\xbb\xbf" if mark else b"") + text.encode())
    assert quick in (exact, FastPathError)


LINES = st.sampled_from(
    ["a", ",", ",", "\n", "\r\n", "\r", '"', '""', '","', '"\n', ',"', ' "', "a,b\n", '"a","\n"\r\n']
)


@given(st.lists(LINES, max_size=12).map("".join), st.sampled_from(["\n", "\r\n"]), st.integers(2, 3))
@example('\n""', "\n", 3)  # a line end where a cell should be
@example(' ,\n"""""', "\n", 2)  # a mark that is never closed
@example("a\rb,c\r\n", "\r\n", 2)
@many(2000)
def test_blocks_behind_the_header_have_the_rows_that_csv_finds(text: str, end: str, width: int) -> None:
    header = ",".join("xyz"[:width]) + end
    with mock.patch.object(csv_blocks, "BLOCK_BYTES", len(header)):  # so that rows have blocks of their own
        quick, exact = both_ways((header + text).encode())
    assert quick in (exact, FastPathError)


@given(
    st.lists(LINES, max_size=12).map("".join),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(2, 3),
    st.integers(0, 1),
    st.tuples(st.sampled_from([16, 1 << 16]), st.integers(1, 9)),
)
@settings(max_examples=1000, deadline=None)
def test_some_rows_are_read_again_as_they_were(
    text: str, end: str, width: int, parity: int, sizes: tuple[int, int]
) -> None:
    block_bytes, rows_at_once = sizes
    content = (",".join("xyz"[:width]) + end + text).encode()
    with (
        mock.patch.object(csv_blocks, "BLOCK_BYTES", block_bytes),
        mock.patch.object(csv_blocks, "_ROWS_CHOSEN_AT_ONCE", rows_at_once),
    ):
        try:
            blocks = list(BlockReader(io.BytesIO(content), Dialect()))
        except FastPathError:
            return
        chosen = [csv_blocks.Chosen([*range(parity, block.rows, 2)], block.is_regular) for block in blocks]
        found = list(BlockReader(io.BytesIO(content), Dialect()).columns_of(chosen))
    expected = [row for block in blocks for row in [*zip(*block.columns, strict=True)][parity::2]]
    assert [row for columns in found for row in zip(*columns, strict=True)] == expected


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8),
    st.sampled_from([1, 16, 1 << 16]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@many(300)
def test_blocks_of_any_size_give_the_same_rows(
    rows: list[list[str]], block_bytes: int, end: str, quoting: Literal[0, 1]
) -> None:
    text = io.StringIO()
    rows = [["the", "first", "row"], ["no", "line", "below it"], *rows]
    csv.writer(text, lineterminator=end, quoting=quoting).writerows(rows)
    with mock.patch.object(csv_blocks, "BLOCK_BYTES", block_bytes):
        quick, exact = both_ways(text.getvalue().encode())
    # With other line ends Python writes a carriage return as if nobody took it for one.
    assert quick == exact or (quick is FastPathError and "\r" in text.getvalue().replace("\r\n", ""))


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_csv_writes_is_read_quickly(rows: list[list[str]]) -> None:
    rows = [["the", "first", "row"], ["no", "line", "below it"], *rows]
    quick, exact = both_ways(written(rows).encode())
    assert quick == exact
    assert quick == list(filter(any, rows))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", ",;")
def test_only_the_lines_with_the_header_are_left_to_the_csv_module(delimiter: str, end: str) -> None:
    rows = [["the", "header"], *(["a", str(number)] for number in range(50)), ["quoted,; rarely", "b"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    with (
        mock.patch.object(csv_blocks, "BLOCK_BYTES", 64),
        mock.patch.object(csv, "reader", side_effect=csv.reader) as reader,
    ):
        blocks = list(BlockReader(io.BytesIO(text.getvalue().encode()), Dialect(delimiter)))
    assert [list(row) for block in blocks for row in zip(*block.columns, strict=True)] == rows[1:]
    assert reader.call_count == 1
    assert len(blocks) > 3


def test_texts_without_an_empty_one_are_passed_on_as_they_are() -> None:
    convert = ColumnConverter({"type": "string"}, TimestampParser(), frozenset(), guarded=False)
    cells = ["a", "b"]
    assert convert(cells) is cells
    assert convert(["a", ""]) == ["a", None]


def test_cells_of_many_rows_are_converted_as_of_one() -> None:
    rows = [
        (f"T{n}", ["2024-10-12 10:49:54", "2024-10-12T10:49:54Z", "Unknown", "", "odd", "1728730194"][n % 6], f"{n}.5")
        for n in range(200)
    ]
    together = records(written([("ticket", "graded_at", "score"), *rows]))
    alone = [records(written([("ticket", "graded_at", "score"), row]))[0] for row in rows]
    assert together == alone


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ({"type": "integer"}, "integer"),
        ({"type": ["null", "number"]}, "number"),
        ({"type": ["number", "string"]}, ""),
        ({"type": ["null"]}, ""),
        ({}, ""),
    ],
)
def test_a_column_has_a_kind_if_it_has_but_one_type(column: dict[str, Any], kind: str) -> None:
    assert kind_of(column) == kind
    assert not is_text(column) or "string" in column["type"]


@pytest.mark.parametrize("kind", ["string", ["null", "string"], ["string", "number"]])
def test_a_column_of_strings_without_a_format_holds_texts(kind: str | list[str]) -> None:
    assert is_text({"type": kind})
    assert not is_text({"type": kind, "format": "date-time"})


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ({"type": ["integer", "null"]}, ["1", "", "-20"]),
        ({"type": "number"}, ["1", "", "-20.5"]),
        ({"type": "string", "format": "date-time"}, ["2024-10-12 10:49:54", "", "2024-10-12 10:49:55"]),
    ],
)
def test_usual_cells_are_not_taken_one_by_one(
    column: dict[str, Any], cells: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_columns, "compile_converter", lambda *_: pytest.fail)
    convert = ColumnConverter(column, TimestampParser(), frozenset(), guarded=False)
    assert [written_value(value) == b"null" for value in convert(cells)] == [not cell for cell in cells]


def test_leading_zeros_of_other_rows_are_none_of_these() -> None:
    convert = ColumnConverter({"type": "number"}, TimestampParser(), frozenset(), guarded=False)
    assert [convert(["007"]), convert.leading_zeros(["007", "7"])] == [[7], ["007", ""]]
    assert convert.leading_zeros(["7"]) is None


ODD_NUMBERS = ["00", "1.", ".5", "+1", "1e3", "0.0000001", "9" * 19, "1,5", " 1", "1\n", "\u0661"]
NUMBERS = st.sampled_from(["", "0", "-0", "-0.0", "0.000001", "9" * 18, *ODD_NUMBERS])


@given(st.lists(NUMBERS | st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str), max_size=20))
@pytest.mark.parametrize("kind", ["number", "integer"])
def test_numbers_of_a_column_are_those_of_single_cells(kind: str, cells: list[str]) -> None:
    convert = ColumnConverter({"type": [kind, "null"]}, TimestampParser(), frozenset(), guarded=False)
    single = ColumnConverter({"type": [kind, "null"]}, TimestampParser(), frozenset(), guarded=False)
    one_by_one = [single([cell, "odd"])[0] for cell in cells]
    for some in (cells, [cell for cell in cells if cell in {"", "0", "-0", "1.50"}]):
        expected = [one_by_one[cells.index(cell)] for cell in some]
        assert list(map(written_value, convert(some))) == list(map(written_value, expected))


def written_value(value: Any) -> bytes:  # noqa: ANN401
    return b"invalid" if value is INVALID else msgspec.json.Encoder(decimal_format="number").encode(value)


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 20))
def test_doubled_digests_are_found_in_any_number_of_passes(numbers: list[int], rows_a_pass: int) -> None:
    digests = [blake2b(bytes([number]), digest_size=DIGEST_BYTES).digest() for number in numbers]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(twins, "_ROWS_A_PASS", rows_a_pass)
        found = twins.duplicated_starts(io.BytesIO(b"".join(digests)), len(digests))
    doubled = [place for place, digest in enumerate(digests) if digests.count(digest) > 1]
    assert twins.places_of(found, b"".join(digests)) == doubled


def test_doubled_digests_are_found_where_one_pass_ends_and_another_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    borders = [(1 << 64) * number // 7 for number in range(1, 7)]
    digests = [(border + by).to_bytes(8, sys.byteorder) + bytes(8) for border in borders for by in (-1, 0, 1)] * 2
    monkeypatch.setattr(twins, "_ROWS_A_PASS", len(digests) // 6)
    found = twins.duplicated_starts(io.BytesIO(b"".join(digests)), len(digests))
    assert twins.places_of(found, b"".join(digests)) == [*range(len(digests))]


def test_twins_of_each_family_are_counted_for_themselves() -> None:
    found = [record["_row_key"] for record in records("ticket\nT1\nT2\nT1\nT2\nT3\n")]
    assert found == [key(["T1"]), key(["T2"]), key(["T1"], 1), key(["T2"], 1), key(["T3"])]


def test_a_table_counts_its_rows() -> None:
    assert table('ticket\nT1\n\n"T2"\n').rows == 2
    assert table('ticket,score\nT1,"1\n1"\nT2,2\n').rows == 2


def test_an_instant_in_a_key_is_one_however_it_is_written() -> None:
    identity = Columns(("ticket", "graded_at"))
    keys = [
        records(f"ticket,graded_at\nT1,{cell}\n", shape(identity=identity))[0]["_row_key"]
        for cell in ("2024-10-12 10:49:54", "2024-10-12T10:49:54.5Z", '"=""2024-10-12T12:49:54+02:00"""', "1728730194")
    ]
    assert keys == [key(["T1", "2024-10-12T10:49:54"])] * 4


def test_a_percent_sign_is_the_word() -> None:
    assert layout("x", ["Score %"], ["score_percentage"], {}).positions == {"score_percentage": 0}
    assert layout("x", ["Score"], ["score_percentage"], {}).unknown == {0: "Score"}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            b"score, comment\n",
            "scores lacks ticket, without which its rows can't be distinguished; its columns are: score, comment.",
        ),
        (
            b"T1,ann.lee@example.com,score\n",
            (
                "scores lacks ticket, without which its rows can't be distinguished; its columns are: score, "
                "2 that the schema does not know."
            ),
        ),
        (
            b"ticket" + b"," * 10_001 + b"\n",
            "the file has 10001 columns, more than 10000: it is another file.",
        ),
        (b"ticket,score\nT1\n", "scores: the row up to line 2 has 1 cells instead of 2."),
        (b'ticket\n"T1"x\n', "scores: line 2 is no CSV (expected after)."),
        (b'ticket\n"T1\n', "scores: line 2 is no CSV (unexpected end of data)."),
        (b"ticket\nT1\n\xff\n", "scores: a character behind line 0 is not UTF-8."),
        (b"\n", "scores: it is empty: there are not even column names."),
        (b"", "scores: it is empty: there are not even column names."),
        (b"<html>", "scores: it is a web page or XML, not CSV."),
        (b"PK\x03\x04rest", "the zip is damaged: it has no readable list of contents."),
    ],
)
def test_complaints_in_full(content: bytes, text: str) -> None:
    with pytest.raises(FileError) as error:
        table(content)
    assert str(error.value) == f"m_scores: {text}"


def test_complaints_of_zips_in_full() -> None:
    content = zipped(("a.csv", b"0" * (3 << 20)), ("b.csv", b""))
    size = len(content) >> 10
    for limits, text in (
        (Limits(members=1), "the zip holds 2 files, more than 1."),
        (
            Limits(ratio=5, ratio_free_bytes=1000),
            (
                f"the zip of {size} KiB would expand to 3 MiB; it is not opened. "
                "Choose a smaller window_days if the size is genuine."
            ),
        ),
    ):
        with pytest.raises(FileError) as error:
            Archive("m", download(content), limits)
        assert str(error.value) == f"m: {text}"
    with pytest.raises(FileError) as error:
        Archive("m", download(content)).member(["c"], alone=False)
    assert str(error.value) == "m: the zip holds no c; it holds: a, b."
    with pytest.raises(FileError) as error:
        Archive("m", download(b"ticket\n")).member(["c"], alone=False)
    assert str(error.value) == "m: the file is not the zip that should hold c."


def test_a_gzip_that_expands_too_much_is_an_error() -> None:
    content = gzip.compress(b"ticket,score\n" + b"T1,1\n" * 10_000)
    for limits, fine in (
        (Limits(ratio=1, ratio_free_bytes=50_013), True),
        (Limits(ratio=1, ratio_free_bytes=50_012), False),
        (Limits(bytes=50_012), False),
    ):
        member = Archive("m", download(content), limits).member(["x"], alone=True)
        if fine:
            assert Table(TableSource(member, "x"), shape()).rows == 10_000
        else:
            with pytest.raises(FileError, match=r"expands to 0 MiB or more; it is not read\. Choose a smaller window"):
                Table(TableSource(member, "x"), shape())


def test_a_long_list_of_contents_is_not_taken_apart() -> None:
    content = zipped(*((f"{number}.csv", b"") for number in range(3000)))
    with pytest.raises(FileError) as error:
        Archive("m", download(content), Limits(members=100))
    assert str(error.value) == "m: the zip's list of contents is too long for 100 files."


def test_a_name_of_many_endings_is_reduced_at_once() -> None:
    assert stem("a" + ".csv" * 200_000) == "a"
    assert stem("a" + ".csv" * 200_000 + "x").startswith("a_csv_csv")


def test_a_full_disk_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        @override
        def write(self, _data: Buffer) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(csv_table, "temporary_file", Full)
    with pytest.raises(FileError, match=r"m_scores: there is no room for the keys of scores .* Free space") as error:
        table("ticket\nT1\n")
    assert not isinstance(error.value, CorruptFileError)


def test_a_missing_folder_for_temporary_files_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    content = download(b"ticket\nT1\n")
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", list)
    member = Archive("m", content).member(["x"], alone=True)
    with pytest.raises(FileError, match=r"no folder for temporary files in which the keys of x can be kept\. Free"):
        Table(TableSource(member, "x"), shape())


def test_limits_of_zips_are_met_exactly() -> None:
    content = zipped(("a.csv", b"0" * 10_000))
    at_most = 10_000 // len(content) + 1
    for fine in (
        Limits(members=1),
        Limits(bytes=10_000),
        Limits(ratio=1, ratio_free_bytes=10_000),
        Limits(ratio=at_most, ratio_free_bytes=0),
    ):
        Archive("m", download(content), fine)
    for little in (
        Limits(bytes=9_999),
        Limits(ratio=1, ratio_free_bytes=9_999),
        Limits(ratio=at_most - 1, ratio_free_bytes=0),
    ):
        with pytest.raises(FileError, match="would expand"):
            Archive("m", download(content), little)


def test_what_an_apple_packs_along_is_left_alone() -> None:
    archive = Archive("m", download(zipped(("scores.csv", b"1"), ("__MACOSX/scores.csv", b"2"), (".scores.csv", b"3"))))
    assert archive.member(["scores"], alone=False).open().read() == b"1"


def test_lines_may_end_as_on_an_old_mac_also_behind_a_mark() -> None:
    assert records("ticket,comment\rT1,ä\r".encode("utf-8-sig"))[0]["comment"] == "ä"


def test_twins_of_one_moment_are_put_in_order_by_their_other_cells() -> None:
    rows = [("T1", "2024-10-12 00:00:00", comment) for comment in ("c", "a", "b")]
    found = [
        {
            record["comment"]: record["_row_key"]
            for record in records(written([("ticket", "graded_at", "comment"), *each]))
        }
        for each in (rows, rows[::-1], rows[1:] + rows[:1])
    ]
    assert found[0] == found[1] == found[2]
    assert set(found[0].values()) == {key(["T1"]), key(["T1"], 1), key(["T1"], 2)}


def test_a_zip_of_just_the_highest_ratio_is_opened() -> None:
    sizes = range(5_000, 20_000)
    size, content = next(
        (size, content) for size in sizes if size % len(content := zipped(("a.csv", b"0" * size))) == 0
    )
    Archive("m", download(content), Limits(ratio=size // len(content), ratio_free_bytes=0))


def test_what_an_apple_packs_along_is_left_alone_in_windows_paths_too() -> None:
    archive = Archive("m", download(zipped(("scores.csv", b"1"), ("__MACOSX\\scores.csv", b"2"))))
    assert archive.member(["scores"], alone=False).open().read() == b"1"


def test_a_zip_that_lacks_a_part_says_whose_it_is() -> None:
    whole = zipped(("scores.csv", LARGE))
    with pytest.raises(FileError) as error:
        Archive("m", download(whole[:100] + whole[200:]))
    assert str(error.value) == "m: the zip is damaged: parts of it are missing."
