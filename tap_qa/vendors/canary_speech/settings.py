"""The settings of a Canary Speech project."""

from __future__ import annotations

from singer_sdk import typing as th

from tap_qa.config.properties import integer, text

TITLE = "Canary Speech"
ACCESS = (
    text(
        "url",
        "Host of the project's region, as https://rest.eus.canaryspeech.com (also rest.ne, rest.jpe).",
        title="Region URL",
        required=True,
    ),
    text(
        "api_key",
        "As 571CCF:…, with the scope scope:api. Canary Speech can't recover a lost one.",
        title="API key",
        required=True,
        secret=True,
    ),
)
"""What access to a project needs, for reading as for writing."""

SETTINGS = (
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
    integer(
        "lookback_days",
        "How many days before now every run reads again: a score may be computed long after the recording by which the "
        "vendor selects.",
        title="Lookback (days)",
        default=30,
        minimum=0,
    ),
)
