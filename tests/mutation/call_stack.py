"""A plugin for pytest under mutmut: who calls whom is not followed.

mutmut notes it in a context variable, which it can't restore where generators end in another order than they began.
"""

from __future__ import annotations

import importlib


def pytest_configure() -> None:
    """Leave out what only tells which results are stale."""
    calls = importlib.import_module("mutmut.core").MutmutCallStack
    calls.set = calls.reset = lambda *_: None
