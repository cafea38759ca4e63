"""What a probe found: an outcome, a reading, and evidence that holds no personal datum."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tap_qa.probes.shapes import Evidence, EvidenceValue


class Outcome(str, Enum):
    """How a probe ended."""

    ANSWERED = "answered"
    UNDECIDED = "undecided"
    """The account has too little data."""

    REFUSED = "refused"
    """Permission or plan."""

    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Suggestion:
    """A setting to change."""

    setting: str
    value: str
    loses_rows: bool = True
    """Whether rows are lost or wrong as long as it is not changed."""


@dataclass(frozen=True)
class Answer:
    """What one probe found."""

    outcome: Outcome
    reading: str = ""
    """One of the probe's readings, or why there is none."""

    evidence: Evidence = field(default_factory=dict)
    suggestion: Suggestion | None = None


def answered(reading: str, suggestion: Suggestion | None = None, /, **evidence: EvidenceValue) -> Answer:
    """Return an answer that the other readings can't give."""
    return Answer(Outcome.ANSWERED, reading, evidence, suggestion)


def undecided(needs: str, /, **evidence: EvidenceValue) -> Answer:
    """Return that the account has too little data, and what is needed."""
    return Answer(Outcome.UNDECIDED, needs, evidence)


def refused(why: str, suggestion: Suggestion | None = None, /, **evidence: EvidenceValue) -> Answer:
    """Return that the vendor does not allow what the probe asks."""
    return Answer(Outcome.REFUSED, why, evidence, suggestion)


def failed(why: str, /, **evidence: EvidenceValue) -> Answer:
    """Return that the probe found no answer."""
    return Answer(Outcome.FAILED, why, evidence)


def skipped(why: str) -> Answer:
    """Return that nothing was asked."""
    return Answer(Outcome.SKIPPED, why)
