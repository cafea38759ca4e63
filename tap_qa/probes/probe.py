"""Probes: questions to an account, and how its answers are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tap_qa.probes.account import Account
    from tap_qa.probes.answers import Answer
    from tap_qa.probes.asked import Asked

    Read = Callable[[Account], Answer]

Group = Literal["access", "paging", "shape", "limits"]


@dataclass(frozen=True)
class Probe:
    """One question to an account."""

    id: str
    group: Group
    question: str
    """The open fact, in a few words."""

    readings: Mapping[str, str]
    """Each answer that there may be, and what it means; `{name}` stands for evidence."""

    today: str
    """What the tap does while the fact is unknown."""

    asks: tuple[Asked, ...]
    cost: int
    """Requests, at most; without those that poll a job and fetch its file."""

    read: Read | None = None
    """Asks, and reads the answers; None if it takes something done by hand."""

    watch: Read | None = None
    """The same, around something done by hand."""

    is_gate: bool = False
    """Whether the vendor's other probes make no sense if this one fails."""

    exports: bool = False
    """Whether it asks for files."""

    @property
    def is_access(self) -> bool:
        """Whether it belongs to those that always run, and first: they answer no open fact."""
        return self.id[1] == "A"
