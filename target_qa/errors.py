"""What can go wrong in a target beyond what `tap_qa.errors` tells."""

from __future__ import annotations

from tap_qa.errors import TapQAError


class InputError(TapQAError):
    """What came in is no Singer stream that can be worked with."""


class RefusedRecordsError(TapQAError):
    """Some records were refused; all others were sent."""
