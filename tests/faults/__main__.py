"""Run what proves that each fault of the catalogue is taken as it should be, and show the table of them.

    python -m tests.faults [options of pytest]

Ends with 0 only if every row of the table has passed.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.faults import catalogue
from tests.faults.report import outcomes_of

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter


class _Outcomes:
    """Keeps how each test ended."""

    def __init__(self) -> None:
        self.passed: dict[str, bool] = {}

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        self.passed = outcomes_of(terminalreporter)


def main() -> int:
    """Run the proofs; return the status to exit with."""
    outcomes = _Outcomes()
    tests = [f"{catalogue.TESTS}/{proof}" for proof in catalogue.covering_tests()]
    status = pytest.main([*tests, *sys.argv[1:]], plugins=[outcomes])
    verdicts = [catalogue.verdict(row, outcomes.passed) for row in catalogue.FAULTS]
    good = sum(verdict.startswith("pass") for verdict in verdicts)
    sys.stdout.write(f"{good} of {len(verdicts)} faults pass\n")
    return int(status) or int(good < len(verdicts))


if __name__ == "__main__":
    sys.exit(main())
