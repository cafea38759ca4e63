"""What the tests of Scorebuddy's streams share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_harness.clock import FakeClock
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from tests.conftest import SMALL

if TYPE_CHECKING:
    from datetime import datetime

    from qa_sandbox.vendors.scorebuddy.rules import Rules

WINDOWED = ("scorebuddy_scores", "scorebuddy_export_questions", "scorebuddy_score_reviews")


def made(rules: Rules, start: datetime | None = None) -> Scorebuddy:
    """A small instance with habits of its own."""
    return Scorebuddy(FakeClock(start), SMALL, rules=rules)
