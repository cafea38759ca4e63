"""Scorebuddy, by its Open API (version 1.8.1) and its article "Using the Scorebuddy API to extract score data"."""

from tap_qa.vendor import Vendor
from tap_qa.vendors.scorebuddy import streams
from tap_qa.vendors.scorebuddy.client import Scorebuddy
from tap_qa.vendors.scorebuddy.settings import SETTINGS, TITLE

VENDOR = Vendor(
    name="scorebuddy",
    title=TITLE,
    settings=SETTINGS,
    connect=Scorebuddy,
)

__all__ = ["VENDOR", "streams"]
