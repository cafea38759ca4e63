"""A report holds no secret and no personal datum, whatever an account holds."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from qa_sandbox.http import effects
from tap_qa.doctor.examination import Result, VendorResults
from tap_qa.doctor.report import as_json, as_text, private_values
from tap_qa.probes.answers import Answer, Outcome, Suggestion
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import Shape
from tests.tap_qa.doctor.accounts import ACCOUNTS, account_of
from tests.tap_qa.doctor.visits import on_prompt

if TYPE_CHECKING:
    from qa_harness.clock import FakeClock
    from qa_sandbox.vendor import SimulatedVendor
    from tests.conftest import OpenSandbox
    from tests.tap_qa.doctor.visits import Examine

CANARY = "kanarienvogel"
FIELD = "kuerbisfeld"
KEPT = re.compile(r"[\w.-]+://|[0-9]{4}-[0-9]{2}-[0-9]{2}|eyJ")
"""What a client needs to go on: links, dates, tokens."""


def _sing(value: Any, name: str = "") -> Any:  # noqa: ANN401 - JSON
    """Put a canary into every text and every name that nobody knows."""
    if isinstance(value, dict):
        sung = {key: _sing(part, key) for key, part in value.items()}
        return sung if name in {"jobStatus", "result"} else {**sung, FIELD: CANARY}
    if isinstance(value, list):
        return [_sing(part) for part in value]
    if (
        isinstance(value, str)
        and not KEPT.search(value)
        and name not in {"status", "exportId", "token_type", "dataUrl"}
    ):
        return f"{CANARY} {value}"
    return value


def _sing_in_files(body: bytes) -> bytes:
    """Put a canary into a CSV file: a column that nobody knows."""
    lines = body.decode("utf-8-sig").splitlines()
    return "\r\n".join([f"{lines[0]},{FIELD}", *(f"{line},{CANARY}" for line in lines[1:] if line)]).encode()


def _canaries(vendor: SimulatedVendor) -> None:
    def sung(answer: Any) -> Any:  # noqa: ANN401 - an effect's argument
        try:
            body = json.loads(answer.body)
        except ValueError:
            return answer
        return answer if isinstance(body, str) else answer.with_body(json.dumps(_sing(body)).encode())

    vendor.faults.add(effects.rewrite(sung), path=r"^(?!.*token)", server="api", times=None)
    if "files" in vendor.servers:
        vendor.faults.add(effects.swap(_sing_in_files), path="csv", server="files", times=None)


@pytest.mark.parametrize("name", ACCOUNTS)
@pytest.mark.parametrize("options", [(), ("--include-names",)])
def test_no_canary_comes_out(
    name: str,
    options: tuple[str, ...],
    clock: FakeClock,
    open_sandbox: OpenSandbox,
    examine: Examine,
) -> None:
    vendor = account_of(name, clock)
    sandbox = open_sandbox(vendor)
    _canaries(vendor)
    seen = examine(sandbox, "--exports", *options)
    said = seen.text + json.dumps(seen.report)

    assert CANARY not in said
    assert options or FIELD not in said
    assert "127.0.0.1" not in said
    for setting, value in sandbox.config()[name].items():
        if isinstance(value, str) and "version" not in setting and setting != "timezone":
            assert value not in said, setting
    asked = [entry for entry in seen.probes if entry["requests"]]
    assert len(asked) >= 2
    assert not [entry["id"] for entry in seen.probes if entry["reading"] == "withheld"]


@pytest.mark.parametrize("name", ["betterworks", "canary_speech", "maestroqa", "cxone"])
def test_names_of_unknown_fields_come_out_if_the_user_lets_them(
    name: str, clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine
) -> None:
    vendor = account_of(name, clock)
    sandbox = open_sandbox(vendor)
    _canaries(vendor)
    assert FIELD in json.dumps(examine(sandbox, "--exports", "--include-names").report)


@pytest.mark.parametrize("name", ACCOUNTS)
def test_nothing_of_an_account_as_it_is_comes_out(
    name: str, clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine
) -> None:
    vendor = account_of(name, clock)
    sandbox = open_sandbox(vendor)
    seen = examine(sandbox, "--exports", "--include-names")
    said = (seen.text + json.dumps(seen.report)).lower()

    words: set[str] = set()
    for call in vendor.request_log:
        words |= {text for text in call.path.split("/") if re.search(r"\d{3}|@|[0-9a-f]{8}-", text)}
    assert not [word for word in words if word.lower() in said and word != "1234567"]
    for stream in vendor.dataset.streams:
        for row in vendor.dataset.expected_records(stream).values():
            personal = [row.get(column) for column in row if re.search(r"name|email|comment|phone|grader", column)]
            for value in personal:
                if isinstance(value, str) and len(value) > 12:
                    assert value.lower() not in said, (stream, value)


def test_ids_in_the_settings_are_private() -> None:
    config = {
        "start_date": "2026-01-01",
        "canary_speech": {"url": "https://x.example", "subjects": [{"subject_id": "anna"}], "assessment_ids": ["a-77"]},
        "scorebuddy": {"client_id": "c-1234", "timezone": "Europe/Dublin", "group_ids": [12]},
        "cxone": {"qm_workflows_version": "3000"},
    }
    assert private_values(config) == {"https://x.example", "anna", "a-77", "c-1234"}


def test_a_goals_name_is_told_to_the_terminal_alone(
    clock: FakeClock, open_sandbox: OpenSandbox, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = open_sandbox(account_of("betterworks", clock))
    asked = on_prompt(monkeypatch, lambda: None)
    seen = examine(sandbox, "--watch", "B17")
    [name] = re.findall(r'"(.+)"', asked[0])
    assert name not in json.dumps(seen.report)


SLIPS = {
    "address": "ada@example.org",
    "token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0",
    "uuid": "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "digits": "1234567",
    "url": "https://example.org/x",
    "secret": "top-secret-value",
}


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("place", ["reading", "evidence", "suggest"])
def test_what_slips_through_is_withheld(slip: str, place: str) -> None:
    text = f"x {SLIPS[slip]} y"
    answer = Answer(
        Outcome.ANSWERED,
        text if place == "reading" else "fine",
        {"rows": Shape(text)} if place == "evidence" else {},
        Suggestion("setting", text) if place == "suggest" else None,
    )
    probe = Probe("X1", "shape", "a question", {"fine": "fine", text: text}, "nothing", (), 0)
    report = as_json(
        [VendorResults("scorebuddy", [Result(probe, answer)])],
        version="1",
        day=date(2026, 1, 1),
        secrets={SLIPS["secret"]},
    )
    assert SLIPS[slip] not in json.dumps(report)
    [entry] = report["vendors"][0]["probes"]
    assert (entry["outcome"], entry["reading"], entry["evidence"]) == ("failed", "withheld", {})
    assert "suggest" not in entry
    assert SLIPS[slip] not in "\n".join(as_text(report, {"scorebuddy": "Scorebuddy"}, {"X1": probe}))
