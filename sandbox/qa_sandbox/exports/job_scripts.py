"""How export jobs go: how long they run and how they end, one plan a job."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True)
class JobScript:
    """The course of one job.

    Attributes:
        duration: The job runs at least this long by the vendor's clock.
        polls: This many polls find it still running.
        outcome: The vendor's word for its end; None means success, an unknown word that it never ends.
        message: The vendor's reason for an end that is no success.
        running_words: Status words of the first polls, in place of the vendor's own; the last stays to the end.
    """

    duration: timedelta = timedelta()
    polls: int = 0
    outcome: str | None = None
    message: str = ""
    running_words: tuple[str, ...] = ()


@dataclass
class JobScripts:
    """The plan of every job: the queued ones first, then the usual one."""

    usual: JobScript = field(default_factory=JobScript)
    queue: deque[JobScript] = field(default_factory=deque)

    def add(self, *plans: JobScript) -> None:
        """Plan the next jobs."""
        self.queue.extend(plans)

    def next(self) -> JobScript:
        """The plan of the job that starts now."""
        return self.queue.popleft() if self.queue else self.usual


@dataclass
class Progress:
    """Where a job stands."""

    plan: JobScript
    started: datetime
    polls: int = 0

    def poll(self, now: datetime) -> bool:
        """Count one poll; True when it finds the job ended."""
        ended = self.ended(now)
        self.polls += 1
        return ended

    def ended(self, now: datetime) -> bool:
        """True when a poll now would find the job ended."""
        return self.polls >= self.plan.polls and now - self.started >= self.plan.duration

    def running_word(self, usual: str) -> str:
        """The status word of the last poll, if the job was running."""
        words = self.plan.running_words
        return words[min(self.polls, len(words)) - 1] if words else usual
