"""Runs probes, one at a time, and keeps what each found."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tap_qa.errors import CredentialsError, PermissionDeniedError, TapQAError
from tap_qa.probes.answers import Answer, Outcome, failed, refused
from tap_qa.probes.probe import Account, NoRequestsLeftError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tap_qa.probes.probe import Probe
    from tap_qa.runtime.clock import Clock

logger = logging.getLogger("tap-qa-doctor")
MAX_SECONDS = 180.0
"""For all vendors together."""


@dataclass(frozen=True)
class Result:
    """One probe, and what became of it."""

    probe: Probe
    answer: Answer
    requests: int = 0
    seconds: float = 0.0


@dataclass
class VendorResults:
    """What a vendor's probes found."""

    vendor: str
    results: list[Result] = field(default_factory=list)

    @property
    def is_out_of_reach(self) -> bool:
        """Whether the vendor can't be asked at all."""
        return any(found.probe.is_gate and found.answer.outcome is not Outcome.ANSWERED for found in self.results)

    @property
    def suggests(self) -> bool:
        """Whether a reading contradicts a setting so that rows could be lost or wrong."""
        return any(found.answer.suggestion and found.answer.suggestion.loses_rows for found in self.results)


def run_probes(
    probes: Iterable[Probe], open_account: Callable[[], Account], clock: Clock, ends: float
) -> Iterator[Result]:
    """Run a vendor's probes, gates first; what a gate keeps out is skipped.

    Args:
        probes: What to ask.
        open_account: Connects to the vendor, which may fail.
        clock: Measures seconds.
        ends: The monotonic time after which nothing is asked any more.
    """
    account: Account | None = None
    reason = ""
    for probe in sorted(probes, key=lambda probe: not probe.is_gate):
        started = clock.monotonic()
        if not reason and started >= ends:
            reason = "the time is over"
        if reason:
            yield Result(probe, Answer(Outcome.SKIPPED, reason))
            continue
        before = account.requests if account else 0
        try:
            account = account or open_account()
            account.probe = probe
            answer = probe.read(account)
        except NoRequestsLeftError:
            answer = Answer(Outcome.SKIPPED, "this vendor was asked often enough")
        except (CredentialsError, PermissionDeniedError) as error:
            answer = refused(error.hint or "the credentials")
        except TapQAError as error:
            logger.debug("%s failed", probe.id, exc_info=error)
            answer = failed(type(error).__name__)
        except (KeyError, TypeError, ValueError) as error:
            logger.debug("%s failed", probe.id, exc_info=error)
            answer = failed("an answer of an unknown shape")
        asked = (account.requests if account else 0) - before
        yield Result(probe, answer, asked, clock.monotonic() - started)
        if probe.is_gate and answer.outcome is not Outcome.ANSWERED:
            reason = f"{probe.id} did not pass"
