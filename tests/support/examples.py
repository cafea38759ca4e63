"""How many examples Hypothesis draws for tests that need many: all of them in a full run, some in any other."""

from __future__ import annotations

from hypothesis import settings

USUAL, FULL = "usual", "full"
"""The profiles of a usual and of a full run."""

_SHARE = 4


def many(examples: int) -> settings:
    """Return settings for so many examples in a full run, and a quarter of them in any other."""
    is_full = settings.get_current_profile_name() == FULL
    return settings(max_examples=examples if is_full else examples // _SHARE)
