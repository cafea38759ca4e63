"""One reading of one probe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from qa_sandbox.http import effects
from qa_sandbox.vendor import SimulatedVendor
from tap_qa.doctor.command import FINE, TO_DO, UNREACHABLE
from tap_qa.probes.answers import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

V = TypeVar("V", bound=SimulatedVendor)

UNDECIDED, REFUSED, FAILED = (found.value for found in (Outcome.UNDECIDED, Outcome.REFUSED, Outcome.FAILED))
__all__ = ["FAILED", "FINE", "REFUSED", "TO_DO", "UNDECIDED", "UNREACHABLE", "Case", "both", "change", "reply"]


def _nothing(_vendor: Any) -> None:  # noqa: ANN401 - a simulator
    """Leave an account as it is."""


@dataclass(frozen=True)
class Case(Generic[V]):
    """What an account is like, and what the doctor must say of it.

    Attributes:
        probe: Its id.
        expected: A reading, or an outcome that is none.
        arrange: Makes the account so.
        by_hand: What the user does when asked; then the probe is watched.
        config: Settings that are changed.
        status: The command's exit status.
        evidence: What the report must hold as well.
    """

    probe: str
    expected: str
    arrange: Callable[[V], object] = _nothing
    by_hand: Callable[[V], object] | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    status: int = FINE
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.probe} {self.expected}"


def both(*arranges: Callable[[V], object]) -> Callable[[V], None]:
    """Make an account so and so."""

    def arrange(vendor: V) -> None:
        for each in arranges:
            each(vendor)

    return arrange


def reply(vendor: SimulatedVendor, status: int, path: str, body: Any = b"", **match: Any) -> None:  # noqa: ANN401
    """Answer all requests to a path so."""
    vendor.faults.add(effects.reply(status, body), path=path, times=None, **match)


def change(vendor: SimulatedVendor, path: str, how: Callable[[Any], Any], **match: Any) -> None:  # noqa: ANN401
    """Change all JSON answers of a path."""
    vendor.faults.add(effects.swap_json(how), path=path, times=None, **match)
