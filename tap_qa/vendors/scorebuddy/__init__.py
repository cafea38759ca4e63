"""Scorebuddy, by its Open API (version 1.8.1) and its article "Using the Scorebuddy API to extract score data"."""

from tap_qa.vendor import Vendor
from tap_qa.vendors.scorebuddy import streams
from tap_qa.vendors.scorebuddy.api import connect
from tap_qa.vendors.scorebuddy.settings import SETTINGS

VENDOR = Vendor(
    name="scorebuddy",
    title="Scorebuddy",
    settings=SETTINGS,
    streams=(
        streams.Groups,
        streams.Teams,
        streams.Users,
        streams.Employees,
        streams.Supervisors,
        streams.Scorecards,
        streams.ScorecardVersions,
        streams.Scores,
        streams.ExportQuestions,
        streams.ScoreReviews,
    ),
    connect=connect,
)

__all__ = ["VENDOR"]
