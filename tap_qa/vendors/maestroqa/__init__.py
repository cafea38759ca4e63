"""MaestroQA (now Rippit), by its help page "MaestroQA API" and what public clients of its API met."""

from tap_qa.vendor import Vendor
from tap_qa.vendors.maestroqa import lists, streams
from tap_qa.vendors.maestroqa.client import Account
from tap_qa.vendors.maestroqa.settings import SETTINGS, TITLE

VENDOR = Vendor(
    name="maestroqa",
    title=TITLE,
    settings=SETTINGS,
    connect=Account,
)

__all__ = ["VENDOR", "lists", "streams"]
