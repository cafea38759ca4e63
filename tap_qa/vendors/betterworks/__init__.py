"""Betterworks, by its support article "Platform Configuration: API" and what public clients of its API rely on."""

from tap_qa.vendor import Vendor
from tap_qa.vendors.betterworks import streams
from tap_qa.vendors.betterworks.api import connect
from tap_qa.vendors.betterworks.settings import SETTINGS, problems

VENDOR = Vendor(
    name="betterworks",
    title="Betterworks",
    settings=SETTINGS,
    streams=(
        streams.Users,
        streams.Goals,
        streams.Departments,
        streams.ConversationTemplates,
        streams.Conversations,
        streams.FeedbackTemplates,
        streams.Feedback,
        streams.Recognition,
        streams.CalibrationCycles,
        streams.CalibrationRecords,
    ),
    connect=connect,
    problems=problems,
)

__all__ = ["VENDOR"]
