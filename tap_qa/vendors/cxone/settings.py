"""What a user says of a CXone tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_sdk import typing as th

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SETTINGS: tuple[th.Property[Any], ...] = (
    th.Property(
        "access_key_id",
        th.StringType(nullable=False),
        required=True,
        secret=True,
        title="Access key id",
        description="Of an employee whose role allows QM Tools > Data Extraction APIs > QM Workflow API.",
    ),
    th.Property(
        "access_key_secret",
        th.StringType(nullable=False),
        required=True,
        secret=True,
        title="Access key secret",
        description="Shown once, when the access key is made.",
    ),
    th.Property(
        "url",
        th.StringType(nullable=False),
        default="https://na1.nice-incontact.com",
        title="Region URL",
        description="The host of the tenant's region; tokens and data extraction are below it.",
    ),
    th.Property(
        "token_url",
        th.StringType(nullable=False),
        title="Token URL",
        description="If given, tokens come from here by the OAuth2 password grant, as "
        "https://cxone.niceincontact.com/auth/token; needs client_id and client_secret.",
    ),
    th.Property(
        "client_id",
        th.StringType(nullable=False),
        title="Client id",
        description="Of the application that NICE registered, for token_url.",
    ),
    th.Property(
        "client_secret",
        th.StringType(nullable=False),
        secret=True,
        title="Client secret",
        description="Of the application that NICE registered, for token_url.",
    ),
    th.Property(
        "lookback_days",
        th.IntegerType(nullable=False, minimum=0),
        default=30,
        title="Lookback (days)",
        description="How many days before now every run reads again: disputes and acknowledgements change a row after "
        "its submission date, by which the vendor selects.",
    ),
    th.Property(
        "window_days",
        th.IntegerType(nullable=False, minimum=1, maximum=14),
        default=14,
        title="Window (days)",
        description="How many days one job covers; the vendor asks for two weeks at most.",
    ),
    th.Property(
        "call_interval_seconds",
        th.IntegerType(nullable=False, minimum=0),
        default=30,
        title="Call interval (seconds)",
        description="Least time between two job requests of this tenant.",
    ),
    th.Property(
        "poll_seconds",
        th.IntegerType(nullable=False, minimum=1),
        default=10,
        title="Poll interval (seconds)",
        description="How often to look whether a job is done.",
    ),
    th.Property(
        "job_timeout_minutes",
        th.IntegerType(nullable=False, minimum=1),
        default=60,
        title="Job timeout (minutes)",
        description="How long a job may take, or another consumer's job be waited for, before the stream fails.",
    ),
    th.Property(
        "qm_workflows_version",
        th.StringType(nullable=False),
        default="3",
        title="Version of qm-workflows",
        description="Version of the entity, as text. Columns that are new to the schema go to _unmapped.",
    ),
    th.Property(
        "qm_questions_version",
        th.StringType(nullable=False),
        default="1",
        title="Version of qm-questions",
        description="Version of the entity, as text. Columns that are new to the schema go to _unmapped.",
    ),
)


def problems(config: Mapping[str, Any]) -> Iterator[str]:
    """Find a way to tokens that is described by halves."""
    ways = {name for name in ("token_url", "client_id", "client_secret") if config.get(name)}
    if ways:
        for name in ("token_url", "client_id", "client_secret"):
            if name not in ways:
                yield f"{name} is missing; token_url, client_id and client_secret go together."
