"""A plugin for pytest under mutmut: who calls whom is not followed, and examples that fail are not made smaller.

mutmut notes calls in a context variable, which it can't restore where generators end in another order than they began.
Making examples smaller may take until a mutant's time is over, so that it would pass for endless.
"""

from __future__ import annotations

import importlib

from hypothesis import Phase, settings


def pytest_configure() -> None:
    """Leave out what only tells which results are stale, and what is for readers of failures."""
    calls = importlib.import_module("mutmut.core").MutmutCallStack
    calls.set = calls.reset = lambda *_: None
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile("mutation", derandomize=True, deadline=None, phases=phases)
    settings.load_profile("mutation")
