"""Fixtures that all tests may use."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

import pytest

from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.betterworks import Betterworks
from qa_sandbox.vendors.betterworks.founding import Size as Organisation
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from qa_sandbox.vendors.scorebuddy.founding import Size
from tests.reliability.report import tell_of_faults
from tests.support.clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.terminal import TerminalReporter

    from qa_sandbox.vendor import Vendor

SMALL = Size(groups=2, teams=3, agents=8, users=4, scorecards=2, scores_per_day=6, days=12)
SMALL_ORGANISATION = Organisation(departments=2, users=12, goals=10, conversations=9, days=12)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our own switches."""
    parser.addoption("--update-snapshots", action="store_true", help="write tests/snapshots anew")


class OpenSandbox(Protocol):
    """Opens vendors' servers until the end of the test."""

    def __call__(self, *vendors: Vendor) -> Sandbox:
        """Open these, all on the clock of the first."""
        ...


@pytest.fixture
def clock() -> FakeClock:
    """Time that moves only by sleeping; hand it to the sandbox and to the tap."""
    return FakeClock()


@pytest.fixture
def open_sandbox() -> Iterator[OpenSandbox]:
    """A function that opens vendors' servers; they close with the test."""
    with ExitStack() as stack:

        def opened(*vendors: Vendor) -> Sandbox:
            return stack.enter_context(Sandbox(vendors, clock=vendors[0].clock))

        yield opened


@pytest.fixture
def scorebuddy(clock: FakeClock) -> Scorebuddy:
    """A small Scorebuddy instance of twelve days, not yet open."""
    return Scorebuddy(clock, SMALL)


@pytest.fixture
def betterworks(clock: FakeClock) -> Betterworks:
    """A small Betterworks organisation of twelve days, not yet open."""
    return Betterworks(clock, SMALL_ORGANISATION)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    tell_of_faults(terminalreporter)
