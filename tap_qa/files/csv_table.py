"""One table of a file: checked from its start to its end before its first record is handed out."""

from __future__ import annotations

import logging
import weakref
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import IO, TYPE_CHECKING, Any

from tap_qa.errors import FileError
from tap_qa.files.archive import CORRUPTION_ERRORS
from tap_qa.files.csv_blocks import Block, BlockReader, Chosen, FastPathError
from tap_qa.files.csv_dialect import Dialect, find_dialect
from tap_qa.files.csv_header import ColumnLayout, count_known, layout
from tap_qa.files.csv_reader import CsvReader, check_start, damage, log_repairs, peek
from tap_qa.files.csv_shape import ROW_KEY, RowBuilders
from tap_qa.files.duplicate_keys import duplicate_ordinals, duplicated_starts, places_of
from tap_qa.files.record_spool import RecordSpool, SpoolFullError
from tap_qa.records.chunks import ConformedRows
from tap_qa.records.drift_log import SchemaDriftLog
from tap_qa.records.row_key import DIGEST_BYTES, Columns, column_digests, key
from tap_qa.runtime.temporary import discard, room_for, temporary_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tap_qa.files.archive import CorruptFileError, Member
    from tap_qa.files.csv_shape import TableShape
    from tap_qa.records.chunks import RowChunk

logger = logging.getLogger("tap-qa.tables")
_ROWS_AT_ONCE = 32  # of irregular files; more would cost more in memory that comes and goes than they save in calls
_MAX_NAMES_LOGGED = 400


@dataclass(frozen=True)
class TableSource:
    """Where a table comes from."""

    member: Member
    what: str
    """Its name in messages."""

    may_be_empty: bool = False
    """Whether a file that is announced to have no bytes stands for no rows."""

    constants: Mapping[str, Any] | None = None
    """Values that all records share, by column, if they are known before the table is checked."""

    repairs: bool = False
    """Whether what makes it unreadable is repaired, where that is certain; a further download would not mend it."""


class Table:
    """A table that was found to be whole."""

    def __init__(self, source: TableSource, shape: TableShape) -> None:
        """Check a table: every row of it is read once, and made a record of where its constants are known.

        Raises:
            CorruptFileError: It is cut off, corrupt or no CSV; a further download may repair it.
            FileError: It is not the table that it should be.
            NoRoomError: Its keys can't be kept.
        """
        self._source = source
        self._shape = shape
        self._who = shape.stream
        self._layout: ColumnLayout | None = None
        self._exact = False
        self._repaired_lines = 0
        self._dialect = Dialect()
        self._keys: dict[int, str] = {}
        self._counts = SchemaDriftLog(shape.stream)
        self._spool: RecordSpool | None = None
        self.rows = 0
        with room_for(self._who, f"the keys of {source.what}"):
            self._digests: IO[bytes] = temporary_file()
        weakref.finalize(self, discard, self._digests)
        try:
            with room_for(self._who, f"the keys of {source.what}"):
                self._check()
        except BaseException:
            self.close()
            raise

    @property
    def is_empty(self) -> bool:
        """Whether there was not even a header."""
        return self._layout is None

    def close(self) -> None:
        """Let go of what was noted about the table; its file is closed by its opener."""
        discard(self._digests)
        self._drop_spool()

    def chunks(self, constants: Mapping[str, Any]) -> Iterator[RowChunk]:
        """Yield the rows as records, some at a time; `constants` are the values that all records share, by column."""
        if self._spool is None:
            yield from map(ConformedRows, self.records(constants))
            return
        self._shape.notes.absorb(self._counts)
        yield from self._spool.chunks(self._keys)

    def records(self, constants: Mapping[str, Any]) -> Iterator[list[Any]]:
        """Yield the rows as structures, some at a time, reading them once more; for `constants` see `chunks`."""
        if self._layout is None or not self.rows:
            return
        make = RowBuilders(self._shape, self._layout, constants)
        number = 0
        self._digests.seek(0)
        for block in self._blocks():
            keys = self._digests.read(DIGEST_BYTES * block.rows).hex("/", DIGEST_BYTES).split("/")
            if self._keys:
                for place in range(block.rows):
                    keys[place] = self._keys.get(number + place, keys[place])
            number += block.rows
            if block.rows:
                yield make(block, keys)

    def _check(self) -> None:
        start = self._start()
        if not start.strip():
            if self._source.may_be_empty and (start or self._source.member.announced_empty):
                return
            problem = "it is empty: there are not even column names"
            raise self._damage(problem)
        check_start(self._who, self._source.what, start)
        try:
            self._scan(self._blocks())
        except FastPathError:
            self._exact = True
            self._scan(self._blocks())

    def _start(self) -> bytes:
        """Return the first bytes, having looked at how the lines are to be taken apart."""
        member, shape = self._source.member, self._shape
        try:
            self._dialect = find_dialect(
                member.open(), lambda names: count_known(names, shape.columns, shape.other_names)
            )
            self._exact = self._dialect.has_blanks
            return peek(member.open())
        except CORRUPTION_ERRORS as error:
            problem = f"its data are damaged ({type(error).__name__})"
        raise self._damage(problem)

    def _damage(self, problem: str) -> CorruptFileError:
        return damage(self._who, self._source.what, problem)

    def _blocks(self) -> Iterator[Block]:
        """Yield the rows of the file; the layout is known from the first block on."""
        file = self._source.member.open()
        if self._exact:
            reader = CsvReader(self._who, self._source.what, file, self._dialect, repairs=self._source.repairs)
            yield from self._exact_blocks(reader)
            self._repaired_lines = reader.repaired_lines
            return
        fast = BlockReader(file, self._dialect)
        for block in fast:
            if self._layout is None:
                self._layout = self._parse_header(fast.header)
            yield block
        if self._layout is None:
            raise FastPathError

    def _exact_blocks(self, reader: CsvReader) -> Iterator[Block]:
        rows = iter(reader)
        header = next(rows, None)
        if header is None:
            problem = "there are no column names"
            raise self._damage(problem)
        if len(header) > 1 and not header[-1].strip():
            header = header[:-1]  # its lines end on a delimiter; what is behind it is a field more
        found = self._layout = self._layout or self._parse_header(header)
        width, has_one_more = found.width, False
        while batch := list(islice(rows, _ROWS_AT_ONCE)):
            for place, row in enumerate(batch):
                if len(row) == len(header) + 1:
                    has_one_more |= bool(row[-1])
                elif len(row) != len(header):
                    problem = f"the row up to line {reader.line} has {len(row)} cells instead of {len(header)}"
                    raise reader.damage(problem)
                if len(row) != width:
                    batch[place] = [*row[:width], *("" for _ in range(width - len(row)))]
            yield Block(list(zip(*batch, strict=True)), len(batch), reader.guarded)
        if has_one_more and width == len(header):
            self._layout = found.with_one_more()

    def _parse_header(self, header: Sequence[str]) -> ColumnLayout:
        shape = self._shape
        found = layout(self._who, header, shape.columns, shape.other_names)
        missing = shape.identity.missing(found.positions)
        if missing:
            # The first line may be anything, people's addresses too, so only names that the schema has are quoted.
            names = sorted(found.positions, key=lambda name: found.positions[name])
            if found.unknown:
                names.append(f"{len(found.unknown)} that the schema does not know")
            what = f"{self._source.what} lacks {', '.join(missing)}, without which its rows can't be distinguished"
            raise FileError(self._who, f"{what}; its columns are: {', '.join(names)[:_MAX_NAMES_LOGGED]}.")
        return found

    def _scan(self, blocks: Iterator[Block]) -> None:
        """Read the table from its start to its end."""
        self._layout = None
        self._digests.seek(0)
        self._digests.truncate()
        self.rows = 0
        self._block_rows: list[int] = []
        self._are_regular: list[bool] = []
        self._start_spool()
        make = digests = None
        for block in blocks:
            assert self._layout is not None  # noqa: S101 - for the type checker
            if digests is None:
                digests = column_digests(self._shape.identity, self._shape.cell_reader(self._layout))
                make = RowBuilders(replace(self._shape, notes=self._counts), self._layout, self._source.constants or {})
            self._block_rows.append(block.rows)
            self._are_regular.append(block.is_regular)
            if not block.rows:
                continue
            made = b"".join(digests(block.columns))
            self._digests.write(made)
            self.rows += block.rows
            if self._spool is not None and make is not None:
                self._add_to_spool(make(block, made.hex("/", DIGEST_BYTES).split("/")))
        if self._layout is not None:
            self._finish(self._layout)

    def _finish(self, found: ColumnLayout) -> None:
        self._shape.log_drift(found)
        log_repairs(self._who, self._source.what, self._repaired_lines)
        starts = duplicated_starts(self._digests, self.rows)
        if starts:
            self._number_duplicates(found, starts)
        if self._spool is not None:
            try:
                self._spool.finish()
            except SpoolFullError:
                self._drop_spool()

    def _start_spool(self) -> None:
        self._drop_spool()
        self._counts = SchemaDriftLog(self._who)
        if self._source.constants is not None and not self._exact:
            self._spool = RecordSpool(ROW_KEY)

    def _add_to_spool(self, records: Sequence[Any]) -> None:
        assert self._spool is not None  # noqa: S101 - for the type checker
        try:
            self._spool.write(records)
        except SpoolFullError:
            self._drop_spool()

    def _drop_spool(self) -> None:
        if self._spool is not None:
            self._spool.close()
            self._spool = None

    def _duplicated_rows(self, starts: frozenset[int]) -> Iterator[tuple[list[int], Sequence[Sequence[str]]]]:
        """Yield the numbers of the rows whose digests start so, and their columns, some rows at a time."""
        self._digests.seek(0)
        places = [places_of(starts, self._digests.read(DIGEST_BYTES * rows)) for rows in self._block_rows]
        if self._exact:
            columns: Iterator[Sequence[Sequence[str]]] = (
                [[column[place] for place in some] for column in block.columns]
                for some, block in zip(places, self._blocks(), strict=True)
            )
        else:
            chosen = map(Chosen, places, self._are_regular)
            columns = BlockReader(self._source.member.open(), self._dialect).columns_of(chosen)
        firsts = accumulate(self._block_rows[:-1], initial=0)
        numbers = (first + place for first, some in zip(firsts, places, strict=True) for place in some)
        for found in columns:
            if some := list(islice(numbers, len(found[0]))):
                yield some, found

    def _number_duplicates(self, found: ColumnLayout, starts: frozenset[int]) -> None:
        """Give ordinals to rows that agree in all identifying columns."""
        cells = self._shape.cell_reader(found)
        values = self._shape.identity.reader(cells)
        tiebreaks = Columns(self._shape.identity.tiebreak_columns).column_reader(cells)
        digests = column_digests(self._shape.identity, cells)
        rests = column_digests(Columns(tuple(sorted(found.positions))), cells)
        identifying: dict[bytes, list[str]] = {}

        def candidates() -> Iterator[tuple[bytes, str, int]]:
            for numbers, columns in self._duplicated_rows(starts):
                made = digests(columns)
                identifying.update(zip(made, map(values, zip(*columns, strict=True)), strict=True))
                order = zip(*(tiebreaks(columns) or ()), map(bytes.hex, rests(columns)), strict=True)
                yield from zip(made, map("\0".join, order), numbers, strict=True)  # no cell holds NUL

        ordinals = duplicate_ordinals(candidates())
        self._keys = {number: key(identifying[made], ordinal) for made, number, ordinal in ordinals}
        logger.warning(
            "%s: %d rows of one file share their identifying columns with another row; an ordinal keeps them apart",
            self._who,
            len(self._keys),
        )
