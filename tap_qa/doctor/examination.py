"""Runs probes, one at a time, and keeps what each found."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tap_qa.errors import CredentialsError, PermissionDeniedError, TapQAError, UnavailableError, VendorError
from tap_qa.http.attempt_errors import UnreadableResponseError
from tap_qa.probes.account import NoRequestsLeftError
from tap_qa.probes.answers import Answer, Outcome, failed, refused, skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tap_qa.probes.account import Account, Permissions
    from tap_qa.probes.probe import Probe, Read

logger = logging.getLogger("tap-qa-doctor")


class UndeclaredReadingError(AssertionError):
    """A probe gives an answer that it does not declare: a bug."""


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
    probes: Iterable[Probe],
    connect: Callable[[], Account],
    permissions: Permissions,
    monotonic: Callable[[], float],
    on_start: Callable[[Probe], None],
) -> Iterator[Result]:
    """Run a vendor's probes, those of access first; what a gate keeps out is skipped.

    Args:
        probes: What to ask.
        connect: Opens the account, without a request.
        permissions: What the user allows.
        monotonic: Measures seconds.
        on_start: Called before a probe asks.
    """
    account = connect()
    closed = ""
    for probe in sorted(probes, key=lambda probe: not probe.is_access):
        started, before = monotonic(), account.requests
        read = probe.watch if permissions.watched == probe.id else probe.read
        reason = closed or _why_not(probe, permissions, read)
        if reason or read is None:
            answer = skipped(reason)
        else:
            on_start(probe)
            answer = _answer(probe, read, account)
        yield Result(probe, answer, account.requests - before, monotonic() - started)
        if probe.is_gate and answer.outcome is not Outcome.ANSWERED:
            closed = closed or f"{probe.id} did not pass"


def _why_not(probe: Probe, permissions: Permissions, read: Read | None) -> str:
    needed = [
        *([f"--watch {probe.id}"] if read is None else []),
        *(["--exports"] if probe.exports and not permissions.exports else []),
    ]
    return f"needs {' and '.join(needed)}" if needed else ""


def _answer(probe: Probe, read: Read, account: Account) -> Answer:
    account.asks = probe.asks
    try:
        answer = read(account)
    except NoRequestsLeftError as limit:
        return skipped(str(limit))
    except (CredentialsError, PermissionDeniedError) as error:
        return refused(error.hint or "the credentials")
    except UnavailableError as error:
        logger.debug("%s failed", probe.id, exc_info=error)
        return failed("no answer, or only failures; is the url right?")
    except (TapQAError, UnreadableResponseError) as error:
        logger.debug("%s failed", probe.id, exc_info=error)
        is_untrusted = type(error) is VendorError
        return failed("another host, or no trustworthy connection" if is_untrusted else _words(type(error).__name__))
    except (AttributeError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        logger.debug("%s failed", probe.id, exc_info=error)
        return failed("an answer of an unknown shape")
    if answer.outcome is Outcome.ANSWERED and answer.reading not in probe.readings:
        raise UndeclaredReadingError(probe.id, answer.reading)
    return answer


def _words(name: str) -> str:
    """Return the name of an error as words: `LinkExpiredError` becomes `link expired error`."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
