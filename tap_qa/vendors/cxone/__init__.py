"""NICE CXone, by its document "Data Extraction APIs - V1" and what public clients of that API met."""

from tap_qa.vendor import Vendor
from tap_qa.vendors.cxone import streams
from tap_qa.vendors.cxone.settings import SETTINGS, problems
from tap_qa.vendors.cxone.tenant import connect
from tap_qa.vendors.cxone.tokens import TITLE

VENDOR = Vendor(
    name="cxone",
    title=TITLE,
    settings=SETTINGS,
    streams=(streams.QmWorkflows, streams.QmQuestions),
    connect=connect,
    problems=problems,
)

__all__ = ["VENDOR"]
