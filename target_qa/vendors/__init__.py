"""One module per vendor that takes something; each declares its sinks."""

from target_qa.vendors.betterworks import BETTERWORKS
from target_qa.vendors.canary_speech import CANARY_SPEECH
from target_qa.vendors.maestroqa import MAESTROQA

VENDORS = (BETTERWORKS, CANARY_SPEECH, MAESTROQA)

__all__ = ["VENDORS"]
