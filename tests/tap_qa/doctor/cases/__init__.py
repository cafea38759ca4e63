"""Each reading of each probe: what an account is like, and what the doctor must say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.tap_qa.doctor.cases import betterworks, canary_speech, cxone, maestroqa, scorebuddy

if TYPE_CHECKING:
    from tests.tap_qa.doctor.cases.case import Case

ALL: tuple[Case[Any], ...] = (
    *scorebuddy.CASES,
    *maestroqa.CASES,
    *cxone.CASES,
    *betterworks.CASES,
    *canary_speech.CASES,
)
