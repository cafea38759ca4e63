"""Betterworks, by its support article "Platform Configuration: API" and what public clients of its API rely on."""

from tap_qa.vendor import Vendor
from tap_qa.vendors.betterworks import streams
from tap_qa.vendors.betterworks.client import Betterworks
from tap_qa.vendors.betterworks.settings import SETTINGS, TITLE, problems

VENDOR = Vendor(
    name="betterworks",
    title=TITLE,
    settings=SETTINGS,
    problems=problems,
    connect=Betterworks,
)

__all__ = ["VENDOR", "streams"]
