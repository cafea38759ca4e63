"""One table of a file: first checked from its start to its end, then read as records."""

from __future__ import annotations

import logging
import weakref
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from tap_qa.errors import FileError
from tap_qa.files.archive import CORRUPTION_ERRORS
from tap_qa.files.csv_dialect import Dialect, find_dialect
from tap_qa.files.csv_header import ColumnLayout, count_known, layout
from tap_qa.files.csv_reader import CsvReader, FastPathError, check_start, damage, peek
from tap_qa.files.duplicate_keys import digest_prefix, duplicate_ordinals, duplicated_prefixes
from tap_qa.files.temporary import discard, room_for, temporary_file
from tap_qa.records.row_key import DIGEST_BYTES, digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tap_qa.files.archive import CorruptFileError, Member
    from tap_qa.files.csv_shape import TableShape

logger = logging.getLogger("tap-qa.tables")
BATCH_ROWS = 32  # larger pieces cost more in memory that comes and goes than they save in calls
_MOST_NAMES_TOLD = 400


@dataclass(frozen=True)
class TableSource:
    """Where a table comes from."""

    member: Member
    what: str
    """Its name in messages."""

    may_be_empty: bool = False
    """Whether a file that is announced to have no bytes stands for no rows."""


class Table:
    """A table that was found to be whole."""

    def __init__(self, source: TableSource, shape: TableShape) -> None:
        """Check a table: every row of it is read once.

        Raises:
            CorruptFileError: It is cut off, corrupt or no CSV; a further download may repair it.
            FileError: It is not the table that it should be.
            NoRoomError: Its keys can't be kept.
        """
        self._source = source
        self._shape = shape
        self._who = shape.stream
        self._layout: ColumnLayout | None = None
        self._guarded = False
        self._exact = False
        self._dialect = Dialect()
        self._ordinals: dict[int, int] = {}
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
        """Let go of what was noted about the table; its file is closed by whoever opened that."""
        discard(self._digests)

    def records(self, constants: Mapping[str, Any]) -> Iterator[list[Any]]:
        """Yield the rows as records, some at a time.

        Args:
            constants: Values that all records share, by column.
        """
        if self._layout is None or not self.rows:
            return
        make = self._shape.compile_row_builder(self._layout, guarded=self._guarded, constants=constants)
        values = self._shape.identity.reader(self._shape.cell_reader(self._layout))
        self._digests.seek(0)
        rows = enumerate(self._body())
        while batch := list(islice(rows, BATCH_ROWS)):
            digests = self._digests.read(DIGEST_BYTES * len(batch))
            keys = digests.hex("/", DIGEST_BYTES).split("/")
            if self._ordinals:
                for place, (number, row) in enumerate(batch):
                    ordinal = self._ordinals.get(number)
                    if ordinal is not None:
                        keys[place] = digest(values(row), ordinal).hex()
            yield make([row for _, row in batch], keys)

    def _body(self) -> Iterator[list[str]]:
        rows = iter(self._reader())
        next(rows, None)
        return map(self._of_full_width, rows) if self._exact else rows

    def _of_full_width(self, row: list[str]) -> list[str]:
        width = 0 if self._layout is None else self._layout.width
        return row if len(row) == width else [*row[:width], *("" for _ in range(width - len(row)))]

    def _reader(self) -> CsvReader:
        file = self._source.member.open()
        return CsvReader(self._who, self._source.what, file, self._dialect, exact=self._exact)

    def _check(self) -> None:
        start = self._start()
        if not start:
            if self._source.may_be_empty and self._source.member.announced_empty:
                return
            problem = "it is empty: there are not even column names"
            raise self._damage(problem)
        check_start(self._who, self._source.what, start)
        try:
            self._read_through()
        except FastPathError:
            self._exact = True
            self._read_through()

    def _read_through(self) -> None:
        reader = self._reader()
        rows = iter(reader)
        header = next(rows, None)
        if header is None:
            problem = "there are no column names"
            raise self._damage(problem)
        self._layout = self._parse_header(header)
        self._scan(reader, rows, self._layout)

    def _start(self) -> bytes:
        """Return the first bytes, having looked at how the lines are to be taken apart."""
        member, shape = self._source.member, self._shape
        try:
            self._dialect = find_dialect(
                member.open(), lambda names: count_known(names, shape.columns, shape.other_names)
            )
            return peek(member.open())
        except CORRUPTION_ERRORS as error:
            problem = f"its data are damaged ({type(error).__name__})"
        raise self._damage(problem)

    def _damage(self, problem: str) -> CorruptFileError:
        return damage(self._who, self._source.what, problem)

    def _parse_header(self, header: list[str]) -> ColumnLayout:
        shape = self._shape
        if len(header) > 1 and not header[-1].strip():
            header = header[:-1]  # its lines end on a delimiter; what is behind it is a field more
        found = layout(self._who, header, shape.columns, shape.other_names)
        missing = shape.identity.missing(found.positions)
        if missing:
            # The first line may be anything, people's addresses too, so only names that the schema has are quoted.
            names = sorted(found.positions, key=lambda name: found.positions[name])
            if found.unknown:
                names.append(f"{len(found.unknown)} that the schema does not know")
            what = f"{self._source.what} lacks {', '.join(missing)}, without which its rows can't be told apart"
            raise FileError(self._who, f"{what}; its columns are: {', '.join(names)[:_MOST_NAMES_TOLD]}.")
        return found

    def _scan(self, reader: CsvReader, rows: Iterator[list[str]], found: ColumnLayout) -> None:
        cells = self._shape.cell_reader(found)
        values = self._shape.identity.reader(cells)
        width, write = found.width, self._digests.write
        enough = max(cells.asked) + 1
        reader.expect(width, enough=enough)
        self._digests.seek(0)
        self._digests.truncate()
        self.rows = 0
        has_one_more = False
        for row in rows:
            if self._exact and len(row) != width:
                if len(row) == width + 1:
                    has_one_more |= bool(row[-1])
                else:
                    problem = f"the row up to line {reader.line} has {len(row)} cells instead of {width}"
                    raise reader.damage(problem)
            write(digest(values(row)))
            self.rows += 1
        self._guarded = reader.guarded
        if has_one_more:
            found = self._layout = found.with_one_more()
        self._shape.log_drift(found)
        starts = duplicated_prefixes(self._digests, self.rows)
        if starts:
            self._number_duplicates(found, starts)

    def _number_duplicates(self, found: ColumnLayout, starts: frozenset[bytes]) -> None:
        """Give ordinals to rows that agree in all identifying columns."""
        cells = self._shape.cell_reader(found)
        stable = [cells.reader(name) for name in self._shape.identity.tiebreak_columns]
        others = [cells.reader(name) for name in sorted(found.positions)]
        self._digests.seek(0)

        def candidates() -> Iterator[tuple[bytes, tuple[str, ...], int]]:
            for number, row in enumerate(self._body()):
                made = self._digests.read(DIGEST_BYTES)
                if digest_prefix(made) in starts:
                    rest = digest([read(row) for read in others]).hex()
                    yield made, (*(read(row) for read in stable), rest), number

        self._ordinals = duplicate_ordinals(candidates())
        logger.warning(
            "%s: %d rows of one file share their identifying columns with another row; an ordinal keeps them apart",
            self._who,
            len(self._ordinals),
        )
