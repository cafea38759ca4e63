from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from qa_sandbox.http import effects
from tests.target_qa.support import Record, record, run_target, schema, table

if TYPE_CHECKING:
    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.maestroqa import MaestroQa

STREAM = "maestroqa_tickets"
KEYS = ("gradable_id",)
Config = dict[str, Any]


def ticket(number: int = 1, **values: object) -> Record:
    return {
        "gradable_id": f"T-{number}",
        "type": "phone",
        "subject": f"Call {number}",
        "agents": ["agent-1", "agent-2"],
        "link": f"https://calls.example/{number}",
        "body": "Hello",
        **values,
    }


def test_a_ticket_is_created(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    row = ticket(
        tags=["login", "vip"],
        csat_score=4.5,
        first_seen="2026-06-14 08:00:00",
        last_seen="2026-06-14T10:00:00.250+02:00",
        status=None,
    )
    run = run_target(config, table(STREAM, [row], KEYS), clock=clock).succeeded()
    kept = maestro.tickets.kept["T-1"]
    assert kept["agents"] == ["agent-1", "agent-2"]
    assert (kept["tags"], kept["csat_score"]) == ("login,vip", 4.5)
    assert (kept["first_seen"], kept["last_seen"]) == ("2026-06-14T08:00:00Z", "2026-06-14T08:00:00.250Z")
    assert "status" not in kept
    assert f"{STREAM}: created=1" in run.log


def test_one_that_is_there_is_updated(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    run_target(config, table(STREAM, [ticket(status="open")], KEYS), clock=clock).succeeded()
    run = run_target(config, table(STREAM, [ticket(subject="Renamed", status="closed")], KEYS), clock=clock).succeeded()
    kept = maestro.tickets.kept["T-1"]
    assert (kept["subject"], kept["status"]) == ("Renamed", "closed")
    assert maestro.tickets.created == ["T-1"]
    assert f"{STREAM}: created=0 updated=1" in run.log


def test_a_newer_account_takes_other_names(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    maestro.tickets.newer = True
    row = {**ticket(), "ticket_id": "T-1", "attributes": '{"csat": 4.5}'}
    del row["gradable_id"], row["link"]
    for subject in ("First", "Second"):
        run_target(config, table(STREAM, [{**row, "subject": subject}], ("ticket_id",)), clock=clock).succeeded()
    assert maestro.tickets.created == ["T-1"]
    kept = maestro.tickets.kept["T-1"]
    assert (kept["subject"], kept["attributes"]) == ("Second", {"csat": 4.5})
    gone = {"ticket_id": "T-1", "deleted": True}
    run_target(config, table(STREAM, [gone], ("ticket_id",)), clock=clock).succeeded()
    assert maestro.tickets.kept == {}


def test_a_ticket_needs_an_id(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    row = ticket(gradable_id=None)
    run = run_target(config, table(STREAM, [row], KEYS), clock=clock)
    assert "gradable_id is missing" in run.log
    del row["gradable_id"]
    run = run_target(config, table(STREAM, [row], ("link",)), clock=clock)
    assert "needs gradable_id or ticket_id, for which the stream has no column" in run.told
    assert len(maestro.request_log) == 0


@pytest.mark.parametrize("gradable_id", [".", ".."])
def test_an_id_never_leads_elsewhere(maestro: MaestroQa, config: Config, clock: FakeClock, gradable_id: str) -> None:
    run = run_target(config, table(STREAM, [ticket(gradable_id=gradable_id, deleted=True)], KEYS), clock=clock)
    assert "1 records were refused" in run.told
    assert len(maestro.request_log) == 0


def test_a_tag_stays_one_tag(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    rows = [ticket(1, tags=["billing, refund", "vip"]), ticket(2, tags=["billing", "vip"])]
    run = run_target(config, table(STREAM, rows, KEYS), clock=clock)
    assert "refused: tags is not a list of texts without commas" in run.log
    assert list(maestro.tickets.kept) == ["T-2"]


@pytest.mark.parametrize(
    "mark", [{"_sdc_deleted_at": "2026-06-14T10:00:00Z"}, {"deleted": True}, {"deleted": "2026-06-14"}]
)
def test_a_mark_deletes_it(maestro: MaestroQa, config: Config, clock: FakeClock, mark: Record) -> None:
    run_target(config, table(STREAM, [ticket(1), ticket(2)], KEYS), clock=clock).succeeded()
    gone = {"gradable_id": "T-1", **mark}
    for outcome in ("deleted=1 there_already=0", "deleted=0 there_already=1"):
        run = run_target(config, table(STREAM, [gone], KEYS), clock=clock).succeeded()
        assert outcome in run.log
    assert list(maestro.tickets.kept) == ["T-2"]


@pytest.mark.parametrize(
    "mark", [{"deleted": False}, {"deleted": None}, {"deleted": "no"}, {"_sdc_deleted_at": "9999-12-31"}]
)
def test_no_mark_leaves_it(maestro: MaestroQa, config: Config, clock: FakeClock, mark: Record) -> None:
    run_target(config, table(STREAM, [ticket(**mark)], KEYS), clock=clock).succeeded()
    assert list(maestro.tickets.kept) == ["T-1"]


def test_later_records_win_in_their_order(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    rows = [ticket(1), ticket(1, subject="b"), ticket(2), ticket(1, deleted=True), ticket(2, subject="d")]
    run_target(config, table(STREAM, rows, KEYS), clock=clock).succeeded()
    assert {name: kept["subject"] for name, kept in maestro.tickets.kept.items()} == {"T-2": "d"}


@pytest.mark.parametrize("agents", ["a,b", '["a", "b"]', ["a", "b"], ["a", None, " b "]])
def test_agents_may_be_a_list_in_any_form(maestro: MaestroQa, config: Config, clock: FakeClock, agents: object) -> None:
    run_target(config, table(STREAM, [ticket(agents=agents)], KEYS), clock=clock).succeeded()
    assert maestro.tickets.kept["T-1"]["agents"] == ["a", "b"]


def test_an_id_may_hold_any_character(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    odd = "a/b ?#%ü"
    rows = [ticket(gradable_id=odd), ticket(gradable_id=odd, subject="Again")]
    run_target(config, table(STREAM, rows, KEYS), clock=clock).succeeded()
    assert maestro.tickets.kept[odd]["subject"] == "Again"
    run_target(config, table(STREAM, [{"gradable_id": odd, "deleted": True}], KEYS), clock=clock).succeeded()
    assert maestro.tickets.kept == {}


@pytest.mark.parametrize(
    "fault",
    [effects.reset(accept=True), effects.reset(), effects.reply(502), effects.truncate(0.5), effects.retry_after(2)],
)
def test_calls_that_break_off_are_repeated(
    maestro: MaestroQa, config: Config, clock: FakeClock, fault: effects.Effect
) -> None:
    maestro.faults.add(fault, times=2)
    run_target(config, table(STREAM, [ticket(1), ticket(2)], KEYS), clock=clock).succeeded()
    assert maestro.tickets.created == ["T-1", "T-2"]


def test_tickets_of_a_help_desk_are_refused(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    maestro.tickets.synced.add("T-1")
    rows = [ticket(1), ticket(1, deleted=True), ticket(2)]
    run = run_target(config, table(STREAM, rows, KEYS), clock=clock)
    assert "2 records were refused" in run.told
    assert f"{STREAM}, gradable_id=T-1: refused: gradable_id names a ticket that can't be changed (HTTP 403)" in run.log
    assert list(maestro.tickets.kept) == ["T-2"]


def test_what_is_missing_is_refused(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    rows = [ticket(1, body=None), ticket(2, agents=[]), ticket(3, csat_score="good"), ticket(4), ticket(5, deleted="?")]
    run = run_target(config, table(STREAM, rows, KEYS), clock=clock)
    assert "4 records were refused" in run.told
    assert list(maestro.tickets.kept) == ["T-4"]


def test_a_wrong_address_is_not_the_records_fault(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    config["maestroqa"]["url"] = maestro.urls["api"] + "/api/v0"
    run = run_target(config, table(STREAM, [ticket()], KEYS), clock=clock)
    assert "Check maestroqa.url" in run.told
    assert run.states == []


def test_an_old_token_is_explained(config: Config, clock: FakeClock) -> None:
    config["maestroqa"]["api_token"] = "another-token"  # noqa: S105 - opens nothing
    run = run_target(config, table(STREAM, [ticket()], KEYS), clock=clock)
    assert "Tokens expire after 90 days" in run.told
    assert "another-token" not in run.log


def test_the_published_pace_is_kept(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    maestro.easy.clock = clock.monotonic
    run_target(config, table(STREAM, [ticket(number) for number in range(120)], KEYS), clock=clock).succeeded()
    assert {call.status for call in maestro.request_log} == {201}
    assert clock.monotonic() >= 60


def test_a_dry_run_shows_each_kind_of_call(maestro: MaestroQa, config: Config, clock: FakeClock) -> None:
    rows = [ticket(1), {"gradable_id": "T-2", "deleted": True}]
    messages = [schema(STREAM, [*ticket(), "deleted"], KEYS), *(record(STREAM, **row) for row in rows)]
    run = run_target({**config, "dry_run": True}, messages, clock=clock).succeeded()
    shown = [json.loads(line)["would"] for line in run.stderr.splitlines() if line.startswith("{")]
    assert shown == ["POST tickets", "DELETE tickets/T-2"]
    assert len(maestro.request_log) == 0
