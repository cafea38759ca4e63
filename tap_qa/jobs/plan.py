"""The windows of one kind of export, oldest first, and the streams that read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tap_qa.errors import FileError
from tap_qa.jobs.order import Order, Parcel, Phase
from tap_qa.tables.archive import Archive, DamagedFileError
from tap_qa.tables.table import Table, TableSource
from tap_qa.windows import halves

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import timedelta

    from tap_qa.downloads import Download
    from tap_qa.errors import TapQAError
    from tap_qa.jobs.model import Request
    from tap_qa.tables.shape import TableShape
    from tap_qa.windows import Window

    Compose = Callable[["Window | None", Collection[str]], "Request"]
    Cut = Callable[["Window"], Iterable["Window"]]


@dataclass(frozen=True)
class Wanted:
    """The table that one reader takes out of the files."""

    shape: TableShape
    names: tuple[str, ...]
    """What it is called in a zip, the likeliest name first."""

    may_be_empty: bool = False
    """Whether a file of no bytes, announced as such, stands for no rows."""


class Works(Protocol):
    """What a plan asks of the queue that it belongs to."""

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Return once the work on the jobs has brought that about."""
        ...


class Plan:
    """One kind of export in a run.

    Its readers join before the first job is asked for. A file is kept until the last reader that wants it has read it.
    """

    def __init__(self, works: Works, *, readers: Iterable[str], compose: Compose, cut: Cut, least: timedelta) -> None:
        """Prepare.

        Args:
            works: The queue of the vendor.
            readers: The names of all that will join; no job is asked for before they have, or one of them waits.
            compose: Makes the request for a window and the readers that want it.
            cut: Cuts a span into windows.
            least: The narrowest window that a failing one is halved to.
        """
        self._works = works
        self._expected = set(readers)
        self._compose = compose
        self._cut = cut
        self._least = least
        self._spans: dict[str, Window | None] = {}
        self._wanted: dict[str, Wanted] = {}
        self._orders: list[Order] | None = None
        self.awaited: str | None = None
        """The reader that waits right now."""

    # For readers

    def join(self, reader: str, span: Window | None, wanted: Wanted) -> None:
        """Take in a reader.

        Args:
            reader: Its name.
            span: What it has to read; None for a snapshot.
            wanted: Its table.
        """
        assert self._orders is None  # noqa: S101 - `is_open` tells
        self._spans[reader] = span
        self._wanted[reader] = wanted

    @property
    def is_open(self) -> bool:
        """Whether a reader can still join."""
        return self._orders is None

    def leave(self, reader: str) -> None:
        """Drop a reader; what only it wanted is not worked on any more."""
        self._expected.discard(reader)
        self._spans.pop(reader, None)
        for order in list(self._orders or ()):
            self._release(order, reader)

    def ready(self, reader: str) -> bool:
        """Tell whether the reader would not have to wait."""
        if self._orders is None:
            return False
        order = self._next_for(reader)
        return order is None or order.is_settled

    def left(self, reader: str) -> int:
        """Return how many windows the reader still has to read."""
        return sum(reader in order.left for order in self._begun())

    def take(self, reader: str) -> Delivery | None:
        """Wait for the reader's next window; None if it has read them all.

        Raises:
            TapQAError: The window can't be had.
        """
        self._begun()
        self.awaited = reader
        try:
            while (order := self._next_for(reader)) is not None and not order.is_settled:
                self._works.until(lambda: self.ready(reader), str(order.request or "an export job"))
        finally:
            self.awaited = None
        if order is None:
            return None
        order.taken = True
        table = None if order.parcel is None else order.parcel.tables[reader]
        failure = table if isinstance(table, Exception) else order.failure
        if failure is not None:
            raise failure
        assert not isinstance(table, Exception)  # noqa: S101 - for the type checker
        return Delivery(self, reader, order, table)

    def done(self, reader: str, order: Order) -> None:
        """Note that the reader has read a window."""
        self._release(order, reader)

    # For the queue

    def orders(self) -> list[Order]:
        """Return what is to be worked on, oldest first; nothing before all readers have joined."""
        if self._orders is None and self._expected <= self._spans.keys():
            self._begun()
        return self._orders or []

    def next_due(self, ahead: int) -> Order | None:
        """Return the order to ask for next, if its file would not lie about for too long.

        Args:
            ahead: How many files may wait for their first reader.
        """
        awaited = self.awaited_order()
        if awaited is not None:
            return awaited
        wanted = [order for order in self.orders() if order.left]
        if any(order.failure is not None for order in wanted):
            return None  # whoever wants it has to learn of it first, and may not go on
        untaken = [order for order in wanted if not order.taken]
        return next((order for order in untaken[:ahead] if order.phase is Phase.PLANNED), None)

    def awaited_order(self) -> Order | None:
        """Return the order that a reader waits for, if it is yet to be asked for."""
        order = None if self.awaited is None else self._next_for(self.awaited)
        return order if order is not None and order.phase is Phase.PLANNED else None

    def request_for(self, order: Order) -> Request:
        """Compose the request for an order, for whoever still wants it."""
        return self._compose(order.window, frozenset(order.left))

    def split(self, order: Order) -> bool:
        """Put two halves in an order's place; False if it is too narrow."""
        parts = None if order.window is None else halves(order.window, least=self._least)
        if parts is None or self._orders is None:
            return False
        place = self._orders.index(order)
        self._orders[place : place + 1] = [Order(part, set(order.left)) for part in parts]
        return True

    def open(self, order: Order, download: Download, *, last_try: bool) -> Parcel:
        """Check a file that arrived, for all that want it.

        Args:
            order: What it was asked for.
            download: The file; it belongs to the parcel from now on.
            last_try: Whether damage is to be borne by the readers of the tables that have it.

        Raises:
            DamagedFileError: The file is damaged, and a further download may mend it.
        """
        parcel = Parcel()
        who = next(iter(sorted(order.left)))
        try:
            parcel.archive = Archive(who, download)
            for reader in sorted(order.left):
                parcel.tables[reader] = self._opened(
                    parcel.archive, reader, alone=order.request is None or order.request.alone
                )
                _check(parcel.tables[reader], last_try=last_try)
        except BaseException:
            download.close()
            parcel.close()
            raise
        return parcel

    # Inside

    def _begun(self) -> list[Order]:
        """Fix the windows, from the spans of all readers that have joined."""
        if self._orders is None:
            spans = [span for span in self._spans.values() if span is not None]
            if spans:
                whole = min(spans)
                widest = type(whole)(whole.start, max(span.end for span in spans))
                windows: list[Window | None] = list(self._cut(widest))
            else:
                windows = [None] if self._spans else []
            self._orders = [order for order in map(self._order, windows) if order.left]
        return self._orders

    def _order(self, window: Window | None) -> Order:
        return Order(window, {reader for reader, span in self._spans.items() if _touches(span, window)})

    def _opened(self, archive: Archive, reader: str, *, alone: bool) -> Table | FileError:
        wanted = self._wanted[reader]
        try:
            member = archive.member(wanted.names, alone=alone)
            return Table(TableSource(member, f"the file {wanted.names[0]}", wanted.may_be_empty), wanted.shape)
        except FileError as failure:
            return failure

    def _next_for(self, reader: str) -> Order | None:
        return next((order for order in self._orders or () if reader in order.left), None)

    @staticmethod
    def _release(order: Order, reader: str) -> None:
        order.left.discard(reader)
        if not order.left:
            order.drop()


@dataclass(frozen=True)
class Delivery:
    """A window that arrived for one reader."""

    plan: Plan
    reader: str
    order: Order
    table: Table | None

    @property
    def window(self) -> Window | None:
        """The window."""
        return self.order.window

    def records(self, constants: Mapping[str, Any]) -> Iterator[list[Any]]:
        """Yield its records, some at a time; `constants` are the values that all of them share."""
        return iter(()) if self.table is None else self.table.records(constants)

    def done(self) -> None:
        """Note that it was read, whole or never again."""
        self.plan.done(self.reader, self.order)


def _check(table: Table | TapQAError, *, last_try: bool) -> None:
    if isinstance(table, DamagedFileError) and not last_try:
        raise table


def _touches(span: Window | None, window: Window | None) -> bool:
    return span is None or window is None or (span.start < window.end and window.start < span.end)
