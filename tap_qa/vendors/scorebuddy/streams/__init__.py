"""The streams of Scorebuddy; they are read in the order of these imports."""

from tap_qa.vendors.scorebuddy.streams.people import Employees, Groups, Supervisors, Teams, Users
from tap_qa.vendors.scorebuddy.streams.scorecard_look_ups import (
    ScorecardCategories,
    ScorecardCauses,
    ScorecardComments,
    ScorecardCustomObjects,
    ScorecardEvents,
)
from tap_qa.vendors.scorebuddy.streams.scorecard_parts import ScorecardSections, ScorecardVersions
from tap_qa.vendors.scorebuddy.streams.scorecards import Scorecards
from tap_qa.vendors.scorebuddy.streams.scores import ExportQuestions, ScoreReviews, Scores

__all__ = [
    "Employees",
    "ExportQuestions",
    "Groups",
    "ScoreReviews",
    "ScorecardCategories",
    "ScorecardCauses",
    "ScorecardComments",
    "ScorecardCustomObjects",
    "ScorecardEvents",
    "ScorecardSections",
    "ScorecardVersions",
    "Scorecards",
    "Scores",
    "Supervisors",
    "Teams",
    "Users",
]
