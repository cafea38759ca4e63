"""When a run under an engine counts as done, and whether a failure is worth another try."""

from __future__ import annotations

import json

import pytest

from qa_dagster.commands import CommandError, ended, last_summary

FINE = {"loader": (0, "")}


def summary(outcome: str) -> str:
    return json.dumps({"outcome": outcome, "rows": 3, "streams": []})


def test_a_run_is_done_only_if_its_summary_says_so() -> None:
    assert ended(["… | INFO | tap-qa | read", summary("finished")], 0, FINE)["rows"] == 3


@pytest.mark.parametrize(
    ("log", "status", "others", "may_pass"),
    [
        pytest.param([summary("stopped")], 0, FINE, True, id="cut off, with a status of 0"),
        pytest.param([], 0, FINE, True, id="no summary at all"),
        pytest.param([], -9, FINE, True, id="killed"),
        pytest.param([summary("retry")], 75, FINE, True, id="quota used up"),
        pytest.param([summary("failed")], 1, FINE, False, id="wrong credentials"),
        pytest.param([summary("finished")], 0, {"loader": (1, "no space")}, True, id="the loader failed"),
    ],
)
def test_anything_else_is_a_failure(
    *, log: list[str], status: int, others: dict[str, tuple[int, str]], may_pass: bool
) -> None:
    with pytest.raises(CommandError) as raised:
        ended(log, status, others)
    assert raised.value.may_pass == may_pass


def test_a_failure_reports_the_last_errors_of_the_tap() -> None:
    log = ["2026 | ERROR    | tap-qa | Scorebuddy: HTTP 401.", summary("failed")]
    with pytest.raises(CommandError, match=r"Scorebuddy: HTTP 401\."):
        ended(log, 1, FINE)


def test_the_last_summary_counts_wherever_it_stands_in_its_line() -> None:
    lines = [summary("stopped"), f"tap-qa | {summary('finished')}", '{"outcome": cut']
    assert last_summary(lines)["outcome"] == "finished"
    assert last_summary([]) == {}
