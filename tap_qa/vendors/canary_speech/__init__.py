"""Canary Speech, by its REST reference (docs.canaryspeech.com): tokens of version 3, scores of version 2."""

from tap_qa.vendor import Vendor
from tap_qa.vendors.canary_speech import streams
from tap_qa.vendors.canary_speech.client import CanarySpeech
from tap_qa.vendors.canary_speech.settings import SETTINGS, TITLE

VENDOR = Vendor(
    name="canary_speech",
    title=TITLE,
    settings=SETTINGS,
    connect=CanarySpeech,
)

__all__ = ["VENDOR", "streams"]
