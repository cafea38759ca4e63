"""The table of faults at the end of a test run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults import catalogue

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter


def outcomes_of(reporter: TerminalReporter) -> dict[str, bool]:
    """Return whether each test that ran passed, by its id below `tests/`."""
    return {
        report.nodeid.partition("tests/")[2]: kind == "passed"
        for kind in ("passed", "failed")
        for report in reporter.getreports(kind)
        if report.when == "call" or kind == "failed"
    }


def report_faults(reporter: TerminalReporter) -> None:
    """Print the table, if any case of a fault was run."""
    outcomes = outcomes_of(reporter)
    if not any(test.startswith(catalogue.CASES) for test in outcomes):
        return
    reporter.section("faults")
    for line in catalogue.table(outcomes):
        reporter.write_line(line)
