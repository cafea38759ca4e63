"""The files of an export: one CSV, or a zip of the five score files."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING

from qa_sandbox.exports.csv_files import NUMBER, numbered_lines, write_csv
from qa_sandbox.plausible_data import seeded_rng
from qa_sandbox.vendors.maestroqa.dataset import SCORE_FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from qa_sandbox.exports.bulk import Bulk
    from qa_sandbox.exports.cells import Row
    from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset
    from qa_sandbox.vendors.maestroqa.file_variant import FileVariant
    from qa_sandbox.vendors.maestroqa.grades import Grade

_PATTERNS = 50


@dataclass
class ExportFiles:
    """Writes export files as the style says."""

    dataset: MaestroQaDataset
    style: FileVariant
    bulk: Bulk | None = None

    def scores(self, path: Path, grades: list[Grade], single: str | None, admits: Callable[[datetime], bool]) -> int:
        """Write a raw export; returns the number of rows."""
        # The vendor's rows are in no order; this one is the same each time.
        seeded_rng("order", path.name).shuffle(grades)
        bulk = self.bulk.rows if self.bulk and admits(self.bulk.at) else {}
        if single and not self.style.zip_single_files:
            with path.open("wb") as file:
                return self._write(file, single, self.dataset.score_rows(single, grades), bulk.get(single, 0))
        count = 0
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            if self.style.junk:
                _add_junk(archive)
            for name in [single] if single else SCORE_FILES:
                if name in self.style.absent_tables:
                    continue
                with archive.open(self.style.file_name(name), "w", force_zip64=True) as entry:
                    count += self._write(entry, name, self.dataset.score_rows(name, grades), bulk.get(name, 0))
        return count

    def table(self, path: Path, name: str, rows: list[Row]) -> int:
        """Write one CSV; returns the number of rows."""
        seeded_rng("order", path.name).shuffle(rows)
        with path.open("wb") as file:
            return self._write(file, name, rows, 0)

    def _write(self, file: IO[bytes], name: str, rows: Iterable[Row], bulk: int) -> int:
        if name in self.style.empty_tables:
            return 1  # a link to nothing
        return write_csv(
            file,
            self.style.head(name),
            (self.style.line(name, row) for row in rows),
            bom=self.style.bom,
            line_end=self.style.line_end,
            more_lines=self._bulk_lines(name, bulk) if bulk else (),
        )

    def _bulk_lines(self, name: str, count: int) -> Iterator[str]:
        some = islice(self.dataset.score_rows(name, self.dataset.graded(lambda _: True)), _PATTERNS)
        patterns = [self.style.line(name, row | {"gradable_id": f"bulk-{NUMBER}"}) for row in some]
        return numbered_lines(patterns, count, self.style.line_end)


def _add_junk(archive: zipfile.ZipFile) -> None:
    archive.writestr("__MACOSX/", "")
    archive.writestr("__MACOSX/._total_scores.csv", b"\x00\x05\x16\x07")
    archive.writestr("README.txt", "Exported by the sandbox.\n")
    archive.writestr("rubrics.csv", "rubric_id,rubric_name\r\n1,Voice\r\n")
