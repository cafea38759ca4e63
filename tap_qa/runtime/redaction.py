"""Keeping secrets out of every log line, wherever it comes from."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

from typing_extensions import override

_QUERY = re.compile(r"(https?://[^\s?#'\"<>]+)[?#][^\s'\"<>]*")
_SHORTEST_SECRET = 4
HIDDEN = "(hidden)"


def secret_values(config: Mapping[str, Any], schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the values of all settings that their schema marks as secret."""
    found = set()
    for name, declared in schema.get("properties", {}).items():
        value = config.get(name)
        if declared.get("secret") or declared.get("writeOnly"):
            found |= set() if value is None else {str(value)}
        elif isinstance(value, Mapping):
            found |= secret_values(value, declared)
    return frozenset(text for text in found if len(text) >= _SHORTEST_SECRET)


class Redactor(logging.Filter):
    """Replaces known secrets, and the query of any URL, in what is logged."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Know some secrets from the start."""
        super().__init__()
        self._secrets = set(secrets)

    def add_secrets(self, *secrets: str) -> None:
        """Hide these, too, from now on: tokens that a vendor handed out."""
        self._secrets.update(secret for secret in secrets if len(secret) >= _SHORTEST_SECRET)

    def redact(self, text: str) -> str:
        """Return a text without secrets."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return _QUERY.sub(rf"\1?{HIDDEN}", text)

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        scrubbed = self.redact(message)
        if scrubbed != message:
            record.msg, record.args = scrubbed, ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = self.redact(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True

    def attach(self) -> None:
        """Filter all that is logged from now on, and keep libraries from logging whole URLs."""
        for logger in (logging.getLogger(), logging.getLogger("singer_sdk"), logging.getLogger("tap-qa")):
            for handler in logger.handlers:
                handler.filters = [found for found in handler.filters if not isinstance(found, Redactor)]
                handler.addFilter(self)
        for library in ("urllib3", "requests"):
            logging.getLogger(library).setLevel(logging.WARNING)
