"""Errors of a target beyond those of `tap_qa.errors`."""

from __future__ import annotations

from tap_qa.errors import TapQAError


class InputError(TapQAError):
    """What came in is no Singer stream that can be worked with."""


class RefusedRecordsError(TapQAError):
    """Some records were refused; all others were sent."""
