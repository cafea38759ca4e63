"""What is read: four kinds of data, as the vendors that have them give it, and the same with odd rows in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from benchmarks.data import generated_rows, tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SECRETS = {"client_id": "me", "client_secret": "mine"}


@dataclass(frozen=True)
class Case:
    """One kind of data.

    Attributes:
        name: What the command line calls it.
        title: What the table calls it.
        kind: `json`, `csv` or `zip`.
        tables: The vendor's tables that it consists of.
        place: Where the server has the first page, or the file.
        envelope: What the list is called in a page.
        rows: How many there are.
        window: The days of January 2024 that one window, job or export spans.
        settings: The tap's for this vendor, but for its address.
        odd_every: Of how many rows one has an integer where its schema has a text; none if 0.
        duplicate_every: Of how many rows one has the same identifying columns as the one before; none if 0.
    """

    name: str
    title: str
    kind: str
    vendor: str
    tables: tuple[str, ...]
    place: str
    envelope: str
    rows: int
    window: int
    settings: Mapping[str, Any]
    odd_every: int = 0
    duplicate_every: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether all rows are as the schema says and differ, so that others can be compared with."""
        return not self.odd_every and not self.duplicate_every

    @property
    def streams(self) -> dict[str, Path]:
        """The schema of each stream."""
        return {
            f"{self.vendor}_{table}": generated_rows.SCHEMAS / self.vendor / f"{table}.json" for table in self.tables
        }

    def url(self, server: str, rows: int, *, wait: int = 0, final: bool = False) -> str:
        """Return where the data are.

        Args:
            server: The address of the local server.
            rows: How many rows there are to be.
            wait: How many milliseconds an answer takes.
            final: Whether timestamps are to be in their final form already.
        """
        if self.kind != "json":
            return f"{server}/files/{self._file_name(rows)}"
        return f"{self.root(server, rows, wait=wait, final=final)}{self.place}"

    def root(self, server: str, rows: int, *, wait: int = 0, final: bool = False) -> str:
        """Return the address of a vendor that has these data."""
        stamps = "utc" if final else "vendor"
        return (
            f"{server}/rows={rows}/wait={wait}/stamps={stamps}/odd={self.odd_every}/duplicates={self.duplicate_every}"
        )

    def _file_name(self, rows: int) -> str:
        return self.place.format(rows=rows, duplicates=self.duplicate_every)

    def write_file(self, folder: Path, rows: int) -> None:
        """Make the file that the server gives out, if it is not there yet."""
        path = folder / self._file_name(rows)
        if self.kind == "json" or path.exists():
            return
        unfinished = path.with_suffix(".part")
        if self.kind == "csv":
            tables.write_csv(
                unfinished, self.vendor, self.tables[0], rows, stamp_end="Z", duplicate_every=self.duplicate_every
            )
        else:
            tables.write_zip(unfinished, self.vendor, rows, stamp_end="Z")
        unfinished.rename(path)

    def config(self, root: str) -> dict[str, Any]:
        """Return the tap's settings for a vendor at this address."""
        return {
            "start_date": "2024-01-01T00:00:00Z",
            "end_date": f"2024-01-{1 + self.window:02}T00:00:00Z",
            self.vendor: {"url": root, **self.settings},
        }


_PLAIN = (
    Case(
        "flat", "flat JSON", "json", "scorebuddy", ("export_questions",), "/api/v1/export/questions", "export",
        200_000, 30, {**_SECRETS, "timezone": "Europe/Dublin", "window_days": 31},
    ),
    Case(
        "nested", "nested JSON", "json", "scorebuddy", ("scores",), "/api/v1/scores", "scores",
        50_000, 30, {**_SECRETS, "timezone": "Europe/Dublin", "window_days": 31},
    ),
    Case(
        "csv", "CSV", "csv", "cxone", ("qm_workflows",), "cxone-{rows}-{duplicates}.csv", "",
        200_000, 9, {"access_key_id": "me", "access_key_secret": "mine", "call_interval_seconds": 0, "poll_seconds": 1},
    ),
    Case(
        "zip", "zip of CSVs", "zip", "maestroqa", tables.ZIPPED, "maestroqa-{rows}.zip", "",
        200_000, 6, {"api_token": "mine", "window_days": 7, "poll_seconds": 1},
    ),
)  # fmt: skip
_FLAT, _, _CSV, _ = _PLAIN
CASES = (
    *_PLAIN,
    replace(_FLAT, name="odd", title="flat JSON, an odd field in every row", odd_every=1),
    replace(_FLAT, name="rarely_odd", title="flat JSON, an odd field in one of 100 rows", odd_every=100),
    replace(_CSV, name="duplicates", title="CSV, one of 40 rows a duplicate", duplicate_every=40),
)  # fmt: skip
