"""CXone's tokens and permissions, and what the log may show of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qa_sandbox.http import effects
from qa_sandbox.vendors.cxone.app import JOBS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_harness.clock import FakeClock
    from qa_sandbox.vendors.cxone import CxOne
    from tests.tap_qa.exports import Syncs
from tests.tap_qa.vendors.cxone.support import BOTH, QUESTIONS, WORKFLOWS


def test_the_global_token_works_as_well(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.global_login = True
    made = syncs()
    made.run().succeeded()
    made.assert_equals_expected_records()
    [call] = tenant.request_log.matching("token")
    assert call.headers["authorization"].startswith("Basic ")
    assert b"grant_type=password" in call.body
    assert b"%3D%3D" in call.body


def test_a_token_that_ends_is_renewed_before(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.tokens.lifetime = timedelta(seconds=100)
    made = syncs(window_days=3)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert len(tenant.request_log.matching("token")) > 2
    assert not [call for call in tenant.request_log if call.status == 401]


def test_a_token_that_is_revoked_is_renewed_once(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    made = syncs(WORKFLOWS)

    def revoke(call: Any) -> None:  # noqa: ANN401
        if call.path.startswith(f"{JOBS}/"):
            tenant.tokens.issued.clear()
            tenant.dataset.on_request.clear()

    tenant.dataset.on_request.append(revoke)
    made.run().succeeded()
    made.assert_equals_expected_records()
    assert len(tenant.request_log.matching("token")) == 2


@pytest.mark.parametrize("global_login", [True, False])
def test_a_wrong_key_says_so(syncs: Callable[..., Syncs], tenant: CxOne, *, global_login: bool) -> None:
    tenant.global_login = global_login
    made = syncs(access_key_secret="secret-canary-7")  # noqa: S106 - a wrong one
    run = made.run()
    assert run.status == 1
    [line] = [line for line in run.errors if "cxone.access_key_secret" in line]
    assert all(stream in line for stream in BOTH)
    assert "secret-canary-7" not in run.log_text()


def test_a_missing_permission_names_both_causes_after_bounded_waits(
    syncs: Callable[..., Syncs], tenant: CxOne, clock: FakeClock
) -> None:
    tenant.forbidden = {"qm-workflows"}
    made = syncs()
    run = made.run()
    assert run.status == 1
    [line] = [line for line in run.errors if line.startswith(WORKFLOWS)]
    assert "QM Workflow API" in line
    assert "throttles" in line
    assert clock.slept < 1200
    made.streams = [QUESTIONS]
    made.assert_equals_expected_records()


def test_tokens_links_and_names_appear_nowhere(syncs: Callable[..., Syncs], tenant: CxOne) -> None:
    tenant.faults.add(effects.reply(500, b"secret body"), times=3)
    tenant.faults.add(effects.reply(403, b"<Error/>"), server="files", times=1)
    run = syncs().run().succeeded()
    text = run.log_text()
    for secret in (*tenant.tokens.issued, tenant.tokens.key_secret, "X-Amz-Signature", "secret body"):
        assert secret not in text
    assert not {evaluation.agent.email for evaluation in tenant.dataset.evaluations} & set(text.split())
