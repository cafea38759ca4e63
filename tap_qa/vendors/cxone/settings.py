"""The settings of a CXone tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_sdk import typing as th

from tap_qa.config.properties import integer, text
from tap_qa.vendors.cxone.entities import entity_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TITLE = "NICE CXone"
_ENTITY_VERSION = "Version of the entity, as text. Columns that are new to the schema go to _unmapped."
_ENTITIES = (
    "Further entities to extract, as {name, version, date_field, key_fields}: each is a stream of its own, "
    "cxone_<name>. date_field is the header of the date by which the vendor selects, key_fields are the headers that "
    "identify a row; both may be left out. Other columns go to _unmapped."
)
_PASSWORD_GRANT = ("token_url", "client_id", "client_secret")

SETTINGS = (
    text(
        "access_key_id",
        "Of an employee whose role allows QM Tools > Data Extraction APIs > QM Workflow API.",
        title="Access key id",
        required=True,
        secret=True,
    ),
    text(
        "access_key_secret",
        "Shown once, when the access key is made.",
        title="Access key secret",
        required=True,
        secret=True,
    ),
    text(
        "url",
        "The host of the tenant's region; tokens and data extraction are below it.",
        title="Region URL",
        default="https://na1.nice-incontact.com",
    ),
    text(
        "token_url",
        "If given, tokens come from here by the OAuth2 password grant, as "
        "https://cxone.niceincontact.com/auth/token; needs client_id and client_secret.",
        title="Token URL",
    ),
    text("client_id", "Of the application that NICE registered, for token_url.", title="Client id"),
    text(
        "client_secret", "Of the application that NICE registered, for token_url.", title="Client secret", secret=True
    ),
    integer(
        "lookback_days",
        "How many days before now every run reads again: disputes and acknowledgements change a row after "
        "its submission date, by which the vendor selects.",
        title="Lookback (days)",
        default=30,
        minimum=0,
    ),
    integer(
        "window_days",
        "How many days one job covers; the vendor asks for two weeks at most.",
        title="Window (days)",
        default=14,
        maximum=14,
    ),
    integer(
        "call_interval_seconds",
        "Minimum seconds between two job requests.",
        title="Call interval (seconds)",
        default=30,
        minimum=0,
    ),
    integer("poll_seconds", "Seconds between two status polls.", title="Poll interval (seconds)", default=10),
    integer(
        "job_timeout_minutes",
        "How long a job may take, or another consumer's job be waited for, before the stream fails.",
        title="Job timeout (minutes)",
        default=60,
    ),
    text("qm_workflows_version", _ENTITY_VERSION, title="Version of qm-workflows", default="3"),
    text("qm_questions_version", _ENTITY_VERSION, title="Version of qm-questions", default="1"),
    th.Property(
        "entities",
        th.ArrayType(
            th.ObjectType(
                th.Property("name", th.StringType(nullable=False), required=True, title="Entity"),
                th.Property("version", th.StringType(nullable=False), required=True, title="Version"),
                th.Property("date_field", th.StringType(nullable=False), title="Header of the date"),
                th.Property("key_fields", th.ArrayType(th.StringType(nullable=False)), title="Headers of the key"),
                additional_properties=False,
            )
        ),
        default=[],
        title="Further entities",
        description=_ENTITIES,
    ),
)


def problems(config: Mapping[str, Any]) -> Iterator[str]:
    """Find a password grant of which only a part is configured, and entities that can't be streams."""
    yield from entity_problems(config)
    given = {name for name in _PASSWORD_GRANT if config.get(name)}
    if given:
        for name in _PASSWORD_GRANT:
            if name not in given:
                yield f"{name} is missing; token_url, client_id and client_secret go together."
