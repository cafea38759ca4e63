"""Fixtures of the doctor's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tap_qa.doctor.visits import Examine, examiner

if TYPE_CHECKING:
    from pathlib import Path

    from qa_harness.clock import FakeClock


@pytest.fixture
def examine(clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Run the command with a sandbox's config."""
    return examiner(clock, tmp_path, monkeypatch)
