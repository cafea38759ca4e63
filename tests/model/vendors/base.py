"""What every vendor model has."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from tests.model.change_log import ChangeLog, Entity, Version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from tap_qa.streams.base import QAStream
    from tests.model.clocks import VendorTime
    from tests.model.intercepted_request import Asked, Reply

Row = dict[str, Any]
Shown = list[tuple[Entity, Version]]


@dataclass(frozen=True)
class VendorBehaviour:
    """How a vendor behaves in one trial."""

    latest_showing: timedelta
    """How late it may show an edit."""

    history: timedelta
    """How long before the beginning things happened."""

    churn: float
    """Chance that something changes between two requests; if so, as likely again."""


class VendorModel(abc.ABC):
    """A vendor: an API over ledgers of changing things."""

    name: ClassVar[str]
    title: ClassVar[str]
    streams: ClassVar[dict[str, type[QAStream]]]
    """The streams that it can serve."""

    identities: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """What tells the rows of a stream apart in the vendor's own eyes, where the tap makes up their keys."""

    lists_can_be_proved: ClassVar[bool] = True
    """Whether a list from which rows are left out can be told from a list that has none."""

    longer_history: ClassVar[int] = 1
    """How many times longer a history the vendor's windows need than most do."""

    ends_are_in = True
    """Whether the bounds of what is asked for are part of what it gives."""

    shown_after = timedelta()
    """How long the tap's users have to wait for something new, by the vendor's own rules."""

    trouble = 0.0
    """How likely it is that something of the vendor's own goes wrong just now."""

    page_size: int
    order: str
    """See `ordered`."""

    def __init__(self, rng: Random, time: VendorTime, temper: VendorBehaviour) -> None:
        """Begin with a history."""
        self.rng = rng
        self.time = time
        self.temper = temper
        self.churn = 0.0
        self.changes_left = 0
        self.history = temper.history * self.longer_history
        self.start_date = time.second - self.history
        self.wanted = self._choose()
        self.ledger = ChangeLog(rng, time, latest_showing=temper.latest_showing)
        for stamp in sorted(self._first_stamps()):
            self.ledger.add(stamp)

    # What a vendor has of its own

    @abc.abstractmethod
    def answer(self, asked: Asked) -> Reply:
        """Answer a request by the documented rules."""

    @abc.abstractmethod
    def config(self, url: str) -> Row:
        """Return the vendor's settings for the tap, given the root of its server."""

    @abc.abstractmethod
    def expected(self, stream: str) -> dict[tuple[Any, ...], tuple[Version, Row]]:
        """Return the fields that the stream's rows must show once all is well, by identity or primary key.

        The timestamp of the version that comes with them is what the vendor selects by.
        """

    def latest_bookmark(self, stream: str) -> datetime:
        """Return what no bookmark may be later than right now."""
        return self.time.now - self.streams[stream].lag

    def borders(self) -> list[datetime]:
        """Return instants that are likely to be bounds of windows."""
        return []

    # What all have in common

    def __call__(self, asked: Asked) -> Reply:
        """Answer a request, while life continues."""
        self.time.advance(timedelta(seconds=self.rng.random() ** 3 * 2))
        while self.rng.random() < self.churn and self.changes_left:
            self.changes_left -= 1
            self.ledger.change()
        reply = self.answer(asked)
        reply.headers.setdefault("Date", self.time.http_date)
        reply.headers.setdefault("Content-Type", "application/json")
        return reply

    def pass_time(self, gap: timedelta, changes: int) -> None:
        """Let time pass, with some changes in it, most of them towards its end."""
        end = self.time.now + gap
        for moment in sorted(gap * (1 - self.rng.random() ** 2) for _ in range(changes)):
            self.time.now = max(self.time.now, end - gap + moment)
            self.ledger.change()
        self.time.now = end

    def rewind(self, moment: datetime) -> None:
        """Go back to a moment since which nothing changed, as if nothing had been asked since."""
        self.time.now = moment

    def _choose(self) -> list[str]:
        """Return the streams that a trial reads: one, or some."""
        names = list(self.streams)
        return sorted(self.rng.sample(names, 1 if self.rng.random() < 0.9 else len(names)))

    def _first_stamps(self) -> list[datetime]:
        seconds = int(self.history.total_seconds())
        stamps = [
            self.start_date + timedelta(seconds=self.rng.randrange(seconds)) for _ in range(self.rng.randrange(18))
        ]
        # Several in one second, and some on the borders of windows.
        stamps += [stamps[0]] * self.rng.randrange(4) if stamps else []
        return stamps + [border for border in self.borders() if border <= self.time.second]

    def ordered(self, shown: Shown, order: str) -> Shown:
        """Sort as the vendor does: `newest`, `oldest`, `id`, or `place`, which means nothing but stays."""
        if order in {"newest", "oldest"}:
            return sorted(shown, key=lambda pair: (pair[1].stamp, pair[0].key), reverse=order == "newest")
        return sorted(shown, key=lambda pair: pair[0].key if order == "id" else (pair[0].place, pair[0].key))
