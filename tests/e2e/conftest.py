"""What several of these tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.e2e.dagster_engine import make_environment


@pytest.fixture(scope="session")
def dagster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with Dagster and the loader, by our pins; QA_ENGINE_ENVIRONMENT names one that is there."""
    made = os.environ.get("QA_ENGINE_ENVIRONMENT")
    return Path(made) if made else make_environment(tmp_path_factory.mktemp("dagster"))
