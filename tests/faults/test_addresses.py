"""Addresses that lead nowhere end a run soon, in one line."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from qa_harness.run import run_tap, select

if TYPE_CHECKING:
    from qa_sandbox.vendors.betterworks import Betterworks
    from qa_sandbox.vendors.scorebuddy import Scorebuddy
    from tests.conftest import OpenSandbox


def test_tls_on_a_plain_port_is_one_quick_error(
    scorebuddy: Scorebuddy, betterworks: Betterworks, open_sandbox: OpenSandbox
) -> None:
    config = {**open_sandbox(scorebuddy, betterworks).config(), "start_date": "2026-06-01"}
    for vendor in ("scorebuddy", "betterworks"):
        config[vendor]["url"] = config[vendor]["url"].replace("http://", "https://")
    began = time.monotonic()

    run = run_tap(config, catalog=select("scorebuddy_teams", "betterworks_users"))

    assert time.monotonic() - began < 5
    assert run.status == 1
    assert all("TLS" in line and "url in the settings" in line for line in run.errors[:2])
    assert len(run.errors) == 3
