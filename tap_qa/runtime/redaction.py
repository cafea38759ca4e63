"""Keeping secrets out of every log line, wherever it comes from, and each message within its line."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from typing_extensions import override

_QUERY = re.compile(r"(https?://[^\s?#'\"<>]+)[?#][^\s'\"<>]*")
_MIN_SECRET_CHARS = 4
HIDDEN = "(hidden)"
# C0, DEL, C1, both separators of lines, and what turns the direction of writing.
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_ESCAPES = {code: chr(code).encode("unicode_escape").decode() for code in _CONTROLS}


def secret_values(config: Mapping[str, Any], schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the values of all settings that their schema marks as secret."""
    found = set()
    for name, declared in schema.get("properties", {}).items():
        value = config.get(name)
        if declared.get("secret") or declared.get("writeOnly"):
            found |= set() if value is None else {str(value)}
        elif isinstance(value, Mapping):
            found |= secret_values(value, declared)
    return frozenset(text for text in found if len(text) >= _MIN_SECRET_CHARS)


class Redactor(logging.Filter):
    """Replaces known secrets, and the query of any URL, in what is logged."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Start with these secrets."""
        super().__init__()
        self._secrets: set[str] = set()
        self.add_secrets(*secrets)

    def add_secrets(self, *secrets: str) -> None:
        """Redact these, too, from now on: tokens that a vendor issued."""
        self._secrets.update(
            text for secret in secrets for text in _spellings(secret) if len(text) >= _MIN_SECRET_CHARS
        )

    def redact(self, text: str) -> str:
        """Return a text without secrets."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return _QUERY.sub(rf"\1?{HIDDEN}", text)

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        redacted = escape_controls(self.redact(message))
        if redacted != message:
            record.msg, record.args = redacted, ()
        if record.exc_info and record.exc_info[1] is not None:
            traceback = self.redact(logging.Formatter().formatException(record.exc_info))
            # Indented, so that no text that an exception quotes can begin a line as the log does.
            record.exc_text = "\n".join(f"  {escape_controls(line)}" for line in traceback.split("\n"))
            record.exc_info = None
        return True

    def attach(self) -> None:
        """Filter all that is logged from now on, and keep libraries from logging whole URLs and headers."""
        for logger in (logging.getLogger(), logging.getLogger("singer_sdk"), logging.getLogger("tap-qa")):
            for handler in logger.handlers:
                handler.filters = [found for found in handler.filters if not isinstance(found, Redactor)]
                handler.addFilter(self)
        for library in ("urllib3", "requests", "botocore", "aiobotocore", "s3fs"):
            logging.getLogger(library).setLevel(logging.WARNING)


def escape_controls(text: str) -> str:
    """Write control characters as escapes: a vendor's text that holds one could forge a line of the log."""
    return text if text.isprintable() else text.translate(_ESCAPES)


def _spellings(secret: str) -> set[str]:
    """Return a secret in the forms that messages may quote it in."""
    texts = {secret, secret.strip()}
    writers = (str, lambda text: repr(text)[1:-1], lambda text: json.dumps(text)[1:-1], quote_plus)
    return {write(text) for text in texts for write in writers} | {quote(text, safe="") for text in texts}
