"""NICE CXone, by its document "Data Extraction APIs - V1" and what public clients of that API met."""

from tap_qa.vendor import Vendor
from tap_qa.vendors.cxone import streams
from tap_qa.vendors.cxone.client import Tenant
from tap_qa.vendors.cxone.settings import SETTINGS, TITLE, problems

VENDOR = Vendor(
    name="cxone",
    title=TITLE,
    settings=SETTINGS,
    problems=problems,
    connect=Tenant,
    further_streams=streams.configured_entities,
)

__all__ = ["VENDOR", "streams"]
