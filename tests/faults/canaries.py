"""Looks for secrets, links and personal data where they must not be, in every form that they may take."""

from __future__ import annotations

import base64
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa_harness.run import Run
    from qa_sandbox.vendor import SimulatedVendor

SHORTEST = 8
"""Shorter texts turn up by chance."""

SECRET_SETTINGS = ("client_secret", "api_token", "access_key_secret", "api_key")
SECRET_HEADERS = ("authorization", "apitoken", "x-api-key")
BODY = "canary-in-a-body"
"""To be put into bodies of errors."""


def forms(secret: str) -> set[str]:
    """Return what a secret may look like: itself, encoded for URLs, in base 64, its first and last characters."""
    encoded = {secret, quote(secret, safe=""), quote_plus(secret), base64.b64encode(secret.encode()).decode()}
    if len(secret) >= 2 * SHORTEST:
        encoded |= {secret[:SHORTEST], secret[-SHORTEST:]}
    return {form for form in encoded if len(form) >= SHORTEST}


def secrets_of(vendor: SimulatedVendor, settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield the secrets of a run: of its settings, and all that travelled in headers and in links to files."""
    yield from (str(settings[name]) for name in SECRET_SETTINGS if settings.get(name))
    for call in vendor.request_log:
        for name in SECRET_HEADERS:
            yield from call.headers.get(name, "").split(" ")[-1:]
        if call.server == "files":
            yield from (text for _, text in parse_qsl(call.query_string))
    yield BODY


def leaks(run: Run, vendor: SimulatedVendor, settings: Mapping[str, Any]) -> list[str]:
    """Return where a secret shows: in the log, at DEBUG too, or in the messages."""
    wanted = {form for secret in secrets_of(vendor, settings) for form in forms(secret)}
    places = {"log": run.log_text(logging.DEBUG), "output": run.stdout.decode()}
    return sorted(f"{place}: {form}" for place, text in places.items() for form in wanted if form in text)
