"""MaestroQA (now Rippit), by its help page "MaestroQA API" and what public clients of its API met."""

from tap_qa.vendor import Vendor
from tap_qa.vendors.maestroqa import streams
from tap_qa.vendors.maestroqa.account import TITLE, connect
from tap_qa.vendors.maestroqa.settings import SETTINGS

VENDOR = Vendor(
    name="maestroqa",
    title=TITLE,
    settings=SETTINGS,
    streams=(
        streams.TotalScores,
        streams.SectionScores,
        streams.IndividualAnswers,
        streams.Annotations,
        streams.Csat,
        streams.AgentGroups,
        streams.AuditLogs,
        streams.ScreenCaptureUsage,
    ),
    connect=connect,
)

__all__ = ["VENDOR"]
