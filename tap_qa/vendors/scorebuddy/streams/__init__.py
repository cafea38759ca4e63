"""The streams of Scorebuddy; they are read in the order of these imports."""

from tap_qa.vendors.scorebuddy.streams import (
    interactions,
    people,
    scorecard_look_ups,
    scorecard_parts,
    scorecards,
    scores,
)

__all__ = ["interactions", "people", "scorecard_look_ups", "scorecard_parts", "scorecards", "scores"]
