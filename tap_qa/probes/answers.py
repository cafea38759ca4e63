"""What a probe found: an outcome, a reading, and evidence that holds no personal datum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Outcome(str, Enum):
    """How a probe ended."""

    ANSWERED = "answered"
    UNDECIDED = "undecided"
    """The account has too little data."""

    REFUSED = "refused"
    """Permission or plan."""

    FAILED = "failed"
    SKIPPED = "skipped"


Evidence = Mapping[str, "int | bool | str | Sequence[str]"]


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


def answered(reading: str, suggestion: Suggestion | None = None, **evidence: Any) -> Answer:  # noqa: ANN401 - Evidence
    """Return an answer that the other readings can't give."""
    return Answer(Outcome.ANSWERED, reading, evidence, suggestion)


def undecided(needs: str, **evidence: Any) -> Answer:  # noqa: ANN401 - Evidence
    """Return that the account has too little data, and what is needed."""
    return Answer(Outcome.UNDECIDED, needs, evidence)


def refused(why: str, **evidence: Any) -> Answer:  # noqa: ANN401 - Evidence
    """Return that the vendor does not allow what the probe asks."""
    return Answer(Outcome.REFUSED, why, evidence)


def failed(why: str, **evidence: Any) -> Answer:  # noqa: ANN401 - Evidence
    """Return that the probe found no answer."""
    return Answer(Outcome.FAILED, why, evidence)


# Shapes instead of values

_BANDS = ((1_000, "1,000+"), (100, "100-999"), (10, "10-99"), (2, "2-9"), (1, "1"))


def band(count: int) -> str:
    """Return a count as a band, since exact counts tell too much of an organisation."""
    return next((text for least, text in _BANDS if count >= least), "0")


def known_names(found: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return those names that the project itself knows; an organisation may have chosen the others."""
    return sorted(set(found) & set(known))
