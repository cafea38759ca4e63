"""The way back: a figure of the marts goes to Canary Speech as a score, and is read again by the tap.

prepare(url, schema, marts, at=…)              makes the table that is to be sent
pipeline.run("tap-postgres", "target-qa")      sends it; `variables` and `tap_postgres` give what they need
pipeline.run("tap-qa", "target-postgres")      reads it again
difference(url, schema)                        says what is not there as it was sent, if anything
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from qa_sandbox.demo.pipeline import tap_variables
from qa_sandbox.demo.postgres import DATABASE, USER

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from qa_sandbox.demo.postgres import Postgres
    from qa_sandbox.sandbox import Sandbox

BLOCKS = ("tap-postgres", "target-qa")
OUTBOX = "qa_outbox"
SCORE_ID = "QA_Average"
MART, FIGURE, VENDOR = "qa_metrics", "quality_score", "scorebuddy"
"""What is written back: the quality score of all that was evaluated in Scorebuddy."""

_TABLE = sql.SQL("""
    create schema if not exists {outbox};
    create table if not exists {outbox}.canary_speech_scores (
        id text primary key,
        assessment_id text not null,
        date_recorded timestamptz not null,
        score_id text not null,
        score_type text not null,
        score_data numeric not null,
        extra_data jsonb
    )
""")
_SCORE = sql.SQL("""
    insert into {outbox}.canary_speech_scores
    select {score_id} || ' of ' || %(at)s::timestamptz::text, assessment.id, %(at)s, {score_id}, 'number',
        figures.{figure}, jsonb_build_object('evaluations', figures.evaluations)
    from {marts}.{mart} figures,
        (select min(assessment_id) id from {schema}.canary_speech_assessment_scores) assessment
    where figures.vendor = {vendor}
    on conflict do nothing
""")
_DIFFERENCES = sql.SQL("""
    select sent.id, count(back.uuid)
    from {outbox}.canary_speech_scores sent
    left join {schema}.canary_speech_assessment_scores back
        on back.assessment_id = sent.assessment_id
        and back.score_id = sent.score_id
        and back.date_recorded = sent.date_recorded
        and back.score_type = sent.score_type
        and back.score_data -> 'value' = to_jsonb(sent.score_data)
        and back.extra_data @> sent.extra_data
    group by sent.id
    having count(back.uuid) <> 1
""")
_SENT = sql.SQL("select score_data from {outbox}.canary_speech_scores order by date_recorded desc limit 1")


def variables(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """Return the settings of target-qa as environment variables, for vendors of a sandbox.

    Args:
        sandbox: Its Canary Speech and MaestroQA are written to.
        folder: Where refused records go.
    """
    access = {"canary_speech": ("url", "api_key"), "maestroqa": ("url", "api_token")}
    config = sandbox.config()
    target: dict[str, Any] = {
        vendor: {name: config[vendor][name] for name in names} for vendor, names in access.items() if vendor in config
    }
    target["dead_letter_path"] = str(folder / "refused.jsonl")
    return {name.replace("TAP_", "TARGET_", 1): value for name, value in tap_variables(target).items()}


def tap_postgres(postgres: Postgres) -> dict[str, str]:
    """Return the settings of tap-postgres for a server, as environment variables."""
    return {
        "TAP_POSTGRES_HOST": postgres.host,
        "TAP_POSTGRES_PORT": str(postgres.port),
        "TAP_POSTGRES_USER": USER,
        "TAP_POSTGRES_PASSWORD": postgres.password,
        "TAP_POSTGRES_DATABASE": DATABASE,
    }


def prepare(url: str, schema: str, marts: str, *, at: datetime) -> str:
    """Lay a figure of the marts out to be sent; return it as text.

    Args:
        url: The database.
        schema: Where the tap's tables are.
        marts: Where the marts are.
        at: When the score is to have been recorded.
    """
    names = _names(schema)
    names |= {"marts": sql.Identifier(marts), "mart": sql.Identifier(MART), "figure": sql.Identifier(FIGURE)}
    names["vendor"] = sql.Literal(VENDOR)
    with psycopg.connect(url) as connection:
        connection.execute(_TABLE.format(**names))
        connection.execute(_SCORE.format(**names), {"at": at})
        found = connection.execute(_SENT.format(**names)).fetchone()
    return "" if found is None else str(found[0])


def difference(url: str, schema: str) -> list[str]:
    """Say which scores did not come back exactly once and as they were sent, a line each."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(_DIFFERENCES.format(**_names(schema))).fetchall()
    return [f"{score} came back {count} times as it was sent, not once" for score, count in rows]


def _names(schema: str) -> dict[str, sql.Composable]:
    return {"schema": sql.Identifier(schema), "outbox": sql.Identifier(OUTBOX), "score_id": sql.Literal(SCORE_ID)}
