"""Run what proves that each fault of the catalogue is taken as it should be, and show the table of them.

    python -m tests.reliability [options of pytest]

Ends with 0 only if every row of the table has passed.
"""

from __future__ import annotations

import sys

import pytest

from tests.reliability import catalogue


class _Outcomes:
    """Notes how each test ended."""

    def __init__(self) -> None:
        self.passed: dict[str, bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.failed:
            test = report.nodeid.partition("tests/")[2]
            self.passed[test] = report.passed and self.passed.get(test, True)


def main() -> int:
    """Run the proofs; return the status to exit with."""
    outcomes = _Outcomes()
    tests = [f"{catalogue.TESTS}/{proof}" for proof in catalogue.proofs()]
    status = pytest.main([*tests, *sys.argv[1:]], plugins=[outcomes])
    verdicts = [catalogue.verdict(row, outcomes.passed) for row in catalogue.FAULTS]
    good = sum(verdict.startswith("pass") for verdict in verdicts)
    sys.stdout.write(f"{good} of {len(verdicts)} faults pass\n")
    return int(status) or int(good < len(verdicts))


if __name__ == "__main__":
    sys.exit(main())
