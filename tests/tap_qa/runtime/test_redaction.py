"""No message leaves its line, and no secret its spelling."""

from __future__ import annotations

import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.runtime.redaction import HIDDEN, Redactor

FORGED = "2026-01-01 00:00:00,000 | CRITICAL | tap-qa | forged"


def formatted(message: str, *arguments: object, error: BaseException | None = None, secret: str = "") -> str:
    info = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.LogRecord("x", logging.INFO, "x", 1, message, arguments, info)
    Redactor([secret]).filter(record)
    return logging.Formatter("%(message)s").format(record)


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\x1b[2K", "\b", "\u202e"])
def test_a_text_of_a_vendor_cannot_forge_a_line(separator: str) -> None:
    text = formatted("a new field: %s", f"k{separator}{FORGED}")
    assert text.splitlines() == [text]
    assert text.isprintable()
    try:
        raise ValueError(f"k{separator}{FORGED}")  # noqa: TRY301 - a text of somebody else
    except ValueError:
        lines = formatted("failed", error=sys.exc_info()[1]).splitlines()
    assert lines[0] == "failed"
    assert all(line.startswith("  ") and line.isprintable() for line in lines[1:])


@given(st.text(min_size=4, max_size=30), st.sampled_from(["%s", "%r", "%a"]))
def test_a_secret_is_hidden_in_each_spelling(secret: str, form: str) -> None:
    if len(secret.strip()) < 4 or secret.strip() in HIDDEN:
        return
    assert secret not in formatted("header: " + form, secret, secret=secret).replace(HIDDEN, "")


def test_a_secret_with_a_line_end_is_hidden_where_an_error_quotes_it() -> None:
    secret = "CANARY token\n"  # noqa: S105 - a made-up one
    for text in (repr({"Authorization": secret}), "?key=CANARY%20token%0A", "?key=CANARY+token", "CANARY token"):
        assert "CANARY" not in formatted("%s", text, secret=secret), text
