"""Canary Speech, by its REST reference (docs.canaryspeech.com): tokens of version 3, scores of version 2."""

from tap_qa.vendor import Vendor
from tap_qa.vendors.canary_speech import streams
from tap_qa.vendors.canary_speech.api import connect
from tap_qa.vendors.canary_speech.settings import SETTINGS

VENDOR = Vendor(
    name="canary_speech",
    title="Canary Speech",
    settings=SETTINGS,
    streams=(streams.Scores, streams.AssessmentScores),
    connect=connect,
)

__all__ = ["VENDOR"]
