"""MaestroQA's token, the vendor's clock, and tests of the connection."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from qa_sandbox.http import effects

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.maestroqa import MaestroQa
    from tests.tap_qa.exports import Syncs
from tests.tap_qa.vendors.maestroqa.support import SCORES, asked, bodies


def test_the_token_goes_to_the_api_alone(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    syncs().run().succeeded()
    downloads = account.request_log.matching(server="files")
    assert downloads
    for call in downloads:
        assert account.token not in json.dumps(call.headers)
    polls = account.request_log.matching("get-export-data")
    assert all(call.headers["apitoken"] == account.token and call.headers["exportid"] for call in polls)


def test_the_vendor_s_clock_is_learnt_without_the_token(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    syncs("maestroqa_csat").run().succeeded()
    first = account.request_log[0]
    assert first.method == "HEAD"
    assert "apitoken" not in first.headers


def test_the_vendor_s_clock_is_learnt_although_the_first_call_fails(
    syncs: Callable[..., Syncs], account: MaestroQa
) -> None:
    made = syncs("maestroqa_csat")
    account.faults.add(effects.reset(), method="HEAD", times=2)
    made.run().succeeded()
    assert [call.method for call in account.request_log][:4] == ["HEAD", "HEAD", "HEAD", "POST"]


def test_an_expired_token_says_so(syncs: Callable[..., Syncs], account: MaestroQa, clock: FakeClock) -> None:
    made = syncs(*SCORES)
    clock.advance(timedelta(days=91))
    run = made.run()
    assert run.status == 1
    [line] = [line for line in run.errors if "90 days" in line and "maestroqa.api_token" in line]
    assert all(stream in line for stream in SCORES)
    assert account.token not in run.log_text()


def test_a_test_of_the_connection_is_cheap(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    syncs().test().succeeded()
    assert asked(account) == {"request-raw-export": 5, "request-audit-log-export": 1}
    assert all(body["startDate"] >= "2026-06-14" for body in bodies(account))


def test_a_test_of_the_connection_finds_a_bad_token(syncs: Callable[..., Syncs], account: MaestroQa) -> None:
    made = syncs(api_token="wrong")  # noqa: S106 - a wrong one
    run = made.test()
    assert run.status == 1
    assert [line for line in run.errors if "maestroqa_agent_groups" in line and "90 days" in line]
    assert asked(account).total() <= 6
