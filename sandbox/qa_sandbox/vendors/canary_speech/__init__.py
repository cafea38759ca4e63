"""A simulator of Canary Speech."""

from qa_sandbox.vendors.canary_speech.app import CanarySpeech

VENDOR = CanarySpeech

__all__ = ["VENDOR", "CanarySpeech"]
