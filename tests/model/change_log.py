"""Things that are added, edited and deleted, some of which the vendor shows only later."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from tests.model.clocks import VendorTime


_NEVER = datetime.max.replace(tzinfo=timezone.utc)
_RECENT = (timedelta(minutes=1), timedelta(minutes=50))
_LONG = 60.0
"""Seconds: a vendor that shows edits later than that does so at odd moments."""


@dataclass(frozen=True, eq=False)
class Version:
    """A thing as it is from one edit to the next; nothing but itself equals it, so that it is quick to look up."""

    stamp: datetime
    """Of the edit, to the second, in UTC."""

    revision: int
    """Distinct for each edit of anything."""

    shown_from: datetime
    """When the vendor begins to show it."""


@dataclass
class Entity:
    """Something with an id and a history."""

    key: int
    place: int
    """Its place in an order that means nothing."""

    versions: list[Version] = field(default_factory=list)

    def shown(self, now: datetime) -> Version | None:
        """Return the version that the vendor shows."""
        for version in reversed(self.versions):
            if version.shown_from <= now:
                return version
        return None


class ChangeLog:
    """All things of one kind."""

    def __init__(self, rng: Random, time: VendorTime, *, latest_showing: timedelta) -> None:
        """Start with nothing.

        Args:
            rng: All chance.
            time: The vendor's.
            latest_showing: How long after an edit it may take until the vendor shows it.
        """
        self.things: dict[int, Entity] = {}
        self._rng = rng
        self._time = time
        self._latest_showing = latest_showing
        self._revisions = 0
        self._keys = 0
        self._shown: list[tuple[Entity, Version]] | None = None
        self._shown_within = (time.now, time.now)

    def shown(self) -> list[tuple[Entity, Version]]:
        """Return what the vendor shows now."""
        now = self._time.now
        start, end = self._shown_within
        if self._shown is None or not start <= now < end:
            self._shown = [
                (thing, version) for thing in self.things.values() if (version := thing.shown(now)) is not None
            ]
            coming = [
                version.shown_from
                for thing in self.things.values()
                for version in thing.versions
                if version.shown_from > now
            ]
            self._shown_within = now, min(coming, default=_NEVER)
        return self._shown

    def truth(self) -> dict[int, Version]:
        """Return the last version of everything, shown or not."""
        return {thing.key: thing.versions[-1] for thing in self.things.values()}

    def add(self, stamp: datetime | None = None) -> None:
        """Add a thing, now or as of another instant."""
        self._write(self._new(), stamp)

    def edit(self, thing: Entity) -> None:
        """Edit a thing now."""
        self._write(thing, None)

    def delete(self, thing: Entity) -> None:
        """Take a thing away for good."""
        del self.things[thing.key]
        self._shown = None

    def change(self) -> None:
        """Let something happen: mostly an edit, of something new as often as of anything."""
        rng = self._rng.random()
        if self.things and self._rng.random() < 0.7 and self._catch_up():
            return
        if not self.things or rng < 0.25:
            self.add()
        elif rng < 0.32:
            self.delete(self._any())
        elif rng < 0.4:
            for thing in {self._any().key: self._any() for _ in range(3)}.values():
                self.edit(thing)
        else:
            self.edit(self._any())

    def _catch_up(self) -> bool:
        """Show at once what was to be shown within minutes, and let something be edited in the same moment."""
        now = self._time.now
        late = [thing for thing in self.things.values() if thing.versions[-1].shown_from > now]
        if not late:
            return False
        thing = self._rng.choice(late)
        self._note(thing, replace(thing.versions.pop(), shown_from=now))
        recent = [
            other
            for other in self.things.values()
            if other is not thing and _RECENT[0] < now - other.versions[-1].stamp < _RECENT[1]
        ]
        self.edit(self._rng.choice(recent) if recent else self._any())
        return True

    def edit_randomly(self) -> None:
        """Let some edits happen just now, and some of a while ago become visible within seconds."""
        # At the very end of a second, so that its timestamp is of the past when it shows.
        self._time.now = self._time.second + timedelta(seconds=0.95)
        for _ in range(self._rng.randrange(3)):
            thing = self._any() if self.things and self._rng.random() < 0.5 else self._new()
            shown_from = self._time.now + self._latest_showing * self._rng.uniform(0.7, 1)
            self._revisions += 1
            self._note(thing, Version(self._time.second, self._revisions, shown_from))
        seconds = self._latest_showing.total_seconds()
        if seconds > _LONG:
            is_crowded = self._rng.random() < 0.7
            for _ in range(16 if is_crowded else self._rng.randrange(6)):
                at = (self._time.now - timedelta(seconds=self._rng.random() * (seconds - _LONG))).replace(microsecond=0)
                soon = self._time.now + timedelta(seconds=self._rng.uniform(-40, 30))
                self._write_late(at, max(at, soon))

    def _write_late(self, at: datetime, shown_from: datetime) -> None:
        """Write an edit of a while ago, of something that has not changed since, or of something new."""
        quiet = [thing for thing in self.things.values() if thing.versions[-1].shown_from < at]
        thing = self._rng.choice(quiet) if quiet and self._rng.random() < 0.5 else self._new()
        self._revisions += 1
        self._note(thing, Version(at, self._revisions, shown_from))

    def _any(self) -> Entity:
        things = list(self.things.values())
        if self._rng.random() < 0.5:
            return max(things[-12:], key=lambda thing: (thing.versions[-1].stamp, self._rng.random()))
        return self._rng.choice(things)

    def _new(self) -> Entity:
        self._keys += 1
        thing = self.things[self._keys] = Entity(self._keys, self._rng.getrandbits(16))
        return thing

    def _write(self, thing: Entity, stamp: datetime | None) -> None:
        self._revisions += 1
        at = stamp or self._time.second
        shown_from = at
        if stamp is None:
            shown_from = self._time.now
            if self._rng.random() < 0.4:
                shown_from += self._rng.random() * self._latest_showing
        # What was shown once stays so until the next: an edit never shows before an earlier one.
        if thing.versions:
            shown_from = max(shown_from, thing.versions[-1].shown_from)
        self._note(thing, Version(at, self._revisions, shown_from))

    def _note(self, thing: Entity, version: Version) -> None:
        thing.versions.append(version)
        self._shown = None
