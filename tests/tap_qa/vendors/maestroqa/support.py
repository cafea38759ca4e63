"""What the tests of MaestroQA share."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from qa_sandbox.vendors.maestroqa.dataset import SCORE_FILES, MaestroQaDataset

if TYPE_CHECKING:
    from qa_sandbox.vendors.maestroqa import MaestroQa

SCORES = [f"maestroqa_{file}" for file in SCORE_FILES]


ALL = list(MaestroQaDataset.streams)


DAYS = 12


WINDOWS = 2


def bodies(account: MaestroQa, path: str = "request-") -> list[dict[str, Any]]:
    """Return what exports were asked for."""
    return [json.loads(call.body) for call in account.request_log.matching(path, method="POST", server="api")]


def asked(account: MaestroQa) -> Counter[str]:
    """Return how often each kind of export was asked for."""
    return Counter(call.path.rsplit("/", 1)[1] for call in account.request_log.matching("request-", method="POST"))
