"""Every fault in a whole run: nothing is missing, or one line says why and the next run repairs it."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_harness.run import run_tap, select
from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.http import effects
from qa_sandbox.vendors.cxone import CxOne
from qa_sandbox.vendors.cxone.dataset import CxOneDataset
from qa_sandbox.vendors.maestroqa import MaestroQa
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tap_qa.http.transport import Transport
from tap_qa.runtime.exit_status import NEEDS_A_PERSON, RETRY_LATER
from tap_qa.runtime.redaction import Redactor
from tests.conftest import SMALL
from tests.faults.canaries import BODY, leaks
from tests.faults.cases import CASES, Case
from tests.faults.catalogue import missing_tests
from tests.support.expected_records import assert_equals_expected_records
from tests.tap_qa.exports import Syncs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa_harness.clock import FakeClock
    from qa_harness.run import Run
    from qa_sandbox.vendor import SimulatedVendor
    from tests.conftest import OpenSandbox

STREAMS = {
    "scorebuddy": ("scorebuddy_scores", "scorebuddy_export_questions", "scorebuddy_teams"),
    "maestroqa": ("maestroqa_total_scores", "maestroqa_csat"),
    "cxone": ("cxone_qm_workflows",),
}
MAX_LINE_CHARACTERS = 500


def _scorebuddy(clock: FakeClock) -> SimulatedVendor:
    return Scorebuddy(clock, SMALL)


def _maestroqa(clock: FakeClock) -> SimulatedVendor:
    vendor = MaestroQa(clock, MaestroQaDataset(clock, days=10, tickets_per_day=3))
    vendor.demanding.clock = vendor.easy.clock = clock.monotonic
    return vendor


def _cxone(clock: FakeClock) -> SimulatedVendor:
    vendor = CxOne(clock, CxOneDataset(clock, days=10), call_interval_seconds=30)
    vendor.pacer.clock = clock.monotonic
    return vendor


VENDORS: dict[str, Callable[[FakeClock], SimulatedVendor]] = {
    "scorebuddy": _scorebuddy,
    "maestroqa": _maestroqa,
    "cxone": _cxone,
}


def test_the_search_for_secrets_finds_them_in_a_build_that_leaks(
    clock: FakeClock, open_sandbox: OpenSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = VENDORS["scorebuddy"](clock)
    sandbox = open_sandbox(vendor)
    vendor.faults.add(effects.reply(500, BODY), path="/scores$")
    config = {**sandbox.config(), "start_date": "2026-06-01"}
    send = Transport.send

    def telling(self: Transport, call: Any, url: str, headers: dict[str, str]) -> Any:  # noqa: ANN401
        answer = send(self, call, url, headers)
        logging.getLogger("tap-qa").debug("%s %s %s %s", url, headers, call.form, answer.body[:200])
        return answer

    monkeypatch.setattr(Transport, "send", telling)
    monkeypatch.setattr(Redactor, "redact", lambda _, text: text)

    run = run_tap(config, clock=clock, catalog=select("scorebuddy_scores"))

    found = leaks(run, vendor, config["scorebuddy"])
    secret = config["scorebuddy"]["client_secret"]
    token = vendor.request_log.matching("/scores$")[0].headers["authorization"].split()[1]
    assert {f"log: {form}" for form in (secret, secret[:8], secret[-8:], token, token[:8], BODY)} <= set(found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_fault_is_recovered_or_reported(case: Case, clock: FakeClock, open_sandbox: OpenSandbox) -> None:
    vendor: Any = VENDORS[case.vendor](clock)
    streams = STREAMS[case.vendor]
    sandbox = open_sandbox(vendor)
    shared = {"start_date": (clock.now() - timedelta(days=SMALL.days + 1)).isoformat()}
    syncs = Syncs(sandbox, clock, streams, {case.vendor: {"window_days": 4, **case.settings}}, shared)
    case.arrange(vendor)

    run = syncs.run()

    assert_is_clean(run)
    assert leaks(run, vendor, syncs.config()[case.vendor]) == []
    if case.goes_on:
        run.succeeded()
        clear_faults(vendor)
        clock.advance(timedelta(minutes=1))
        syncs.run().succeeded()
    elif case.error is None:
        run.succeeded()
    else:
        assert run.status in {NEEDS_A_PERSON, RETRY_LATER}  # which of the two, tests/tap_qa/test_ends.py knows
        failed = [line for line in run.errors if line.startswith(streams)]
        assert failed, run.errors
        assert all(len(line) <= MAX_LINE_CHARACTERS for line in failed)
        assert all(all(word in line for word in case.error) for line in failed), failed
        told = {stream for line in failed for stream in line.partition(": ")[0].split(", ")}
        assert_complete(syncs, [stream for stream in streams if stream not in told])
        clear_faults(vendor)
        # Jobs that were left running come to their end.
        clock.advance(timedelta(hours=4))
        # The next run reads again whatever was not written.
        syncs.run().succeeded()
    assert_complete(syncs, streams)


def assert_is_clean(run: Run) -> None:
    """Fail if a user would see a traceback, or the run did not end with a STATE."""
    assert run.failure is None, repr(run.failure)
    assert "Traceback" not in run.log_text(logging.INFO)
    assert not any("unforeseen" in line for line in run.errors), run.errors
    assert len(run.log_text(logging.INFO)) < 100_000
    assert run.messages[-1]["type"] == "STATE"


def assert_complete(syncs: Syncs, streams: Sequence[str]) -> None:
    """Fail unless these streams' tables hold what the vendor holds."""
    if streams[:1] and streams[0].startswith("scorebuddy"):
        assert_equals_expected_records(syncs.destination, syncs.sandbox, streams)
    else:
        Syncs(syncs.sandbox, syncs.clock, streams, destination=syncs.destination).assert_equals_expected_records()


def clear_faults(vendor: Any) -> None:  # noqa: ANN401 - each vendor's own class
    """Let all be well again."""
    vendor.faults.clear()
    vendor.dataset.on_request.clear()
    if hasattr(vendor, "jobs"):
        vendor.jobs.plans.queue.clear()
        vendor.jobs.plans.usual = JobScript()


def test_every_fault_has_a_test() -> None:
    assert missing_tests() == []
