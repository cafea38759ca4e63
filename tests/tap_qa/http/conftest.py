"""The bench of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa_sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_harness.clock import FakeClock


from tests.tap_qa.http.bench import Bench, Echo


@pytest.fixture
def bench(clock: FakeClock) -> Iterator[Bench]:
    echo = Echo(clock)
    with Sandbox([echo], clock=clock):
        yield Bench(echo, clock)
