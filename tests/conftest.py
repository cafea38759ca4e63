"""Fixtures and markers of all tests."""

from __future__ import annotations

import functools
import logging
import signal
import socket
import subprocess
import tempfile
import time
import zoneinfo
from contextlib import ExitStack
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol
from unittest import mock

import pytest
from hypothesis import settings

from qa_harness.clock import FakeClock
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.betterworks import Betterworks
from qa_sandbox.vendors.betterworks.seed_data import Size as Organisation
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from qa_sandbox.vendors.scorebuddy.seed_data import Size
from tap_qa.config import validation
from tap_qa.runtime.redaction import Redactor
from tests.faults.report import report_faults
from tests.support.examples import FULL, USUAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.terminal import TerminalReporter

    from qa_sandbox.vendor import SimulatedVendor

MEMORY = Path("/dev/shm")  # noqa: S108 - where it is missing, files go where they always go

SMALL = Size(groups=2, teams=3, agents=8, users=4, scorecards=2, scores_per_day=6, days=12)
SMALL_ORGANISATION = Organisation(departments=2, users=12, goals=10, conversations=9, days=12)


QUICK = "not e2e and not slow"
"""What pytest runs by default, as pyproject.toml says."""

_TESTS = Path(__file__).parent
_HTTP = (
    "architecture/test_readme.py",
    "architecture/test_surprises.py",
    "benchmarks",
    "faults",
    "loaders/test_trials.py",
    "model",
    "orchestrate/test_tied_process.py",
    "orchestrate/test_windowed_streams.py",
    "report",
    "sandbox",
    "tap_qa/config",
    "tap_qa/files/test_download.py",
    "tap_qa/files/test_memory.py",
    "tap_qa/http/test_client.py",
    "tap_qa/http/test_quota_and_tokens.py",
    "tap_qa/http/test_rate_limits.py",
    "tap_qa/http/test_response_limits.py",
    "tap_qa/http/test_tokens.py",
    "tap_qa/http/test_transport.py",
    "tap_qa/jobs",
    "tap_qa/streams",
    "tap_qa/test_",
    "tap_qa/vendors",
    "target_qa",
)
"""Where tests use servers on 127.0.0.1 or processes."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our own switches."""
    parser.addoption("--update-snapshots", action="store_true", help="write tests/snapshots again")
    parser.addoption("--full", action="store_true", help="run all tests, with all trials, kills and examples")


def pytest_configure(config: pytest.Config) -> None:
    """Select all tests and examples for a full run, unless the command line names markers."""
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        # As nohup has it. A handler ignores it here, too, but unlike SIG_IGN is not inherited by what tests start.
        signal.signal(signal.SIGHUP, lambda _number, _frame: None)
    for profile in (USUAL, FULL):
        settings.register_profile(profile, deadline=None)  # machines are busy
    settings.load_profile(FULL if config.option.full else USUAL)
    if config.option.full and config.option.markexpr == QUICK:
        config.option.markexpr = ""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test its marker, by where it lies and whether it opens a sandbox."""
    for item in items:
        place = item.path.relative_to(_TESTS).as_posix()
        opens = place.startswith(_HTTP) or "open_sandbox" in getattr(item, "fixturenames", ())
        kind = (
            "e2e" if place.startswith(("e2e/", "transform/", "report/test_in_browser")) else "http" if opens else "unit"
        )
        item.add_marker(kind)


@pytest.fixture(autouse=True)
def _unit_tests_stay_inside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a unit test that opens a connection, starts a process or sleeps."""
    if request.node.get_closest_marker("unit") is None:
        return

    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        pytest.fail("A unit test uses neither sockets nor processes, and does not sleep.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr(time, "sleep", refuse)


class OpenSandbox(Protocol):
    """Opens vendors' servers until the end of the test."""

    def __call__(self, *vendors: SimulatedVendor) -> Sandbox:
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

        def opened(*vendors: SimulatedVendor) -> Sandbox:
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


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """Make the tap quick to set up in this process, keep its log to errors, and undo afterwards what it does."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    logging.disable(logging.WARNING)
    with (
        # Both look into files, and take longer than a short sync.
        mock.patch.object(validation, "available_timezones", functools.cache(zoneinfo.available_timezones)),
        mock.patch.object(metadata, "version", functools.cache(metadata.version)),
        # Thousands of temporary files, each for a moment: in memory, where that can be.
        mock.patch.object(tempfile, "tempdir", str(MEMORY) if MEMORY.is_dir() else None),
    ):
        yield
    logging.disable(logging.NOTSET)
    for number, before in handlers.items():
        signal.signal(number, before)
    for handler in logging.getLogger().handlers:
        handler.filters = [found for found in handler.filters if not isinstance(found, Redactor)]


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    report_faults(terminalreporter)
