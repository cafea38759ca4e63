"""Configs for small datasets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.conftest import SMALL

if TYPE_CHECKING:
    from qa_sandbox.sandbox import Sandbox


def config_of(sandbox: Sandbox, days: int = SMALL.days + 1) -> dict[str, Any]:
    """The tap's config for a sandbox, from so many days before its clock's start."""
    start = (sandbox.clock.start - timedelta(days=days)).isoformat()
    return {**sandbox.config(), "start_date": start}
