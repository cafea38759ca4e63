"""What a user says of a Canary Speech project."""

from __future__ import annotations

from typing import Any

from singer_sdk import typing as th

from tap_qa.settings import LOOKBACK

ACCESS: tuple[th.Property[Any], ...] = (
    th.Property(
        "url",
        th.StringType(nullable=False),
        required=True,
        title="Region URL",
        description="Host of the project's region, as https://rest.eus.canaryspeech.com (also rest.ne, rest.jpe).",
    ),
    th.Property(
        "api_key",
        th.StringType(nullable=False),
        required=True,
        secret=True,
        title="API key",
        description="As 571CCF:…, with the scope scope:api. Canary Speech can't recover a lost one.",
    ),
)
"""What is needed to reach a project, for reading as for writing."""

SETTINGS: tuple[th.Property[Any], ...] = (
    *ACCESS,
    th.Property(
        "subjects",
        th.ArrayType(
            th.ObjectType(
                th.Property("subject_id", th.StringType(nullable=False), required=True, title="Subject"),
                th.Property("survey_id", th.StringType(nullable=False), required=True, title="Survey"),
                additional_properties=False,
            )
        ),
        default=[],
        title="Subjects and surveys",
        description="Whose scores in which survey to read, as {subject_id, survey_id}; the API lists none of them.",
    ),
    th.Property(
        "assessment_ids",
        th.ArrayType(th.StringType(nullable=False)),
        default=[],
        title="Assessments",
        description="Assessments whose scores to read; the API lists none of them.",
    ),
    LOOKBACK,
)
