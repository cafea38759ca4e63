"""Each reading of each probe is told from the others, over real servers; too little data is `undecided`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tap_qa.doctor.catalogue import probes_by_vendor
from tests.tap_qa.doctor import cases
from tests.tap_qa.doctor.accounts import account_of
from tests.tap_qa.doctor.visits import on_prompt

if TYPE_CHECKING:
    from qa_harness.clock import FakeClock
    from tests.conftest import OpenSandbox
    from tests.tap_qa.doctor.cases.case import Case
    from tests.tap_qa.doctor.visits import Examine

pytestmark = pytest.mark.usefixtures("quick")
PROBES = {probe.id: (vendor, probe) for vendor, found in probes_by_vendor().items() for probe in found}
NEEDS_NO_DATA = {"S6", "B1", "M11", "M12", "C1", "C9", "C11", "C17", "C19"}


def test_the_table_has_every_reading_of_every_probe() -> None:
    expected = {(case.probe, case.expected) for case in cases.ALL}
    readings = {(probe.id, reading) for _, probe in PROBES.values() for reading in probe.readings}
    assert readings - expected == {("SA1", "others_ask_too"), ("M8", "other_host")}  # have tests of their own
    needs_data = {probe.id for _, probe in PROBES.values() if not probe.is_access} - NEEDS_NO_DATA
    assert {probe for probe in needs_data if (probe, "undecided") not in expected} == set()


@pytest.mark.parametrize("case", cases.ALL, ids=str)
def test_a_reading_is_told_from_the_others(
    case: Case[Any], clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, probe = PROBES[case.probe]
    vendor = account_of(name, clock)
    sandbox = open_sandbox(vendor)
    case.arrange(vendor)
    options = ["--exports"] if probe.exports else []
    by_hand = case.by_hand
    if by_hand is not None:
        asked = on_prompt(monkeypatch, lambda: by_hand(vendor))
    seen = examine(sandbox, "--watch" if by_hand else "--only", probe.id, *options, **{name: case.config})
    entry = seen[probe.id]

    assert case.expected in {entry["outcome"], entry["reading"]}, entry
    assert (entry["outcome"] == "answered") == (case.expected in probe.readings), entry
    assert case.evidence.items() <= entry["evidence"].items(), entry
    assert seen.status == case.status, seen.text
    if by_hand is not None:
        assert len(asked) <= 1
    elif not probe.exports:
        assert entry["requests"] <= probe.cost, entry
