"""Tables, to PostgreSQL, back to the vendor, and to PostgreSQL again, through Meltano and this repository's project."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from qa_sandbox.clock import SandboxClock
from qa_sandbox.demo import write_back
from qa_sandbox.demo.pipeline import Pipeline, tap_variables
from qa_sandbox.demo.postgres import Postgres
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.canary_speech import CanarySpeech
from qa_sandbox.vendors.canary_speech.dataset import CanarySpeechDataset
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from target_qa.resources.idempotency_key import KEY_FIELD
from tests.conftest import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("plugins")]

ROOT = Path(__file__).parents[2]
SCHEMA = "tap_qa"
LOAD = ("tap-qa", "target-postgres")
A_MART = """
    create schema qa;
    create table qa.qa_metrics as
    select 'scorebuddy' as vendor, round(avg(score)::numeric, 4) as quality_score, count(*) as evaluations
    from tap_qa.scorebuddy_scores
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A temporary folder that `nobody`, who may run PostgreSQL, can pass through."""
    with tempfile.TemporaryDirectory(prefix="tap-qa-test-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    clock = SandboxClock(frozen=True)
    canary = CanarySpeech(clock, CanarySpeechDataset(clock, days=5, subjects=2))
    with Sandbox([Scorebuddy(clock, SMALL), canary], clock=clock) as sandbox:
        yield sandbox


def test_a_score_computed_in_sql_comes_back_once_however_often_it_is_sent(sandbox: Sandbox, folder: Path) -> None:
    with Postgres() as postgres:
        variables = {
            **tap_variables(sandbox.config()),
            **write_back.variables(sandbox, folder),
            **write_back.tap_postgres(postgres),
            "TAP_QA__SELECT": '["scorebuddy_scores.*", "canary_speech_*.*"]',
            **postgres.loader_variables(SCHEMA),
        }
        pipeline = Pipeline(ROOT, folder, variables)
        pipeline.install()
        pipeline.run(*LOAD, name="load")
        with psycopg.connect(postgres.url) as connection:
            connection.execute(A_MART)
        assert write_back.prepare(postgres.url, SCHEMA, "qa", at=sandbox.clock.now())
        assert write_back.difference(postgres.url, SCHEMA) != []
        pipeline.run(*write_back.BLOCKS, name="send")
        pipeline.run(*write_back.BLOCKS, name="send-again")
        sandbox.pass_time(days=1)
        pipeline.run(*LOAD, name="load-again")
        assert write_back.difference(postgres.url, SCHEMA) == []
        with psycopg.connect(postgres.url) as connection:
            (count,) = connection.execute(
                "select count(*) from tap_qa.canary_speech_scores where extra_data ? %s", [KEY_FIELD]
            ).fetchone() or (None,)
        assert count == 1
        assert sandbox.clock.now() - sandbox.clock.start == timedelta(days=1)
