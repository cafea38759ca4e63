from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reliability.crowd import Crowd

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    crowd = Crowd()
    yield crowd
    crowd.close()
