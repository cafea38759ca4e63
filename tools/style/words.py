"""Our list of words: what the glossary of docs/architecture.md calls otherwise, and what says nothing."""

from __future__ import annotations

import re

WORDS = {
    # A term has one word.
    r"spans?": "date range, for all the time that a run reads",
    r"listings?": "list",
    r"twins?": "duplicate",
    r"misfits?": "invalid value",
    r"mend(s|ed|ing)?": "correct, or redact",
    r"imitations?": "simulator",
    r"(tries|another try)": "attempts",
    r"taken apart": "parsed",
    r"told of": "logged, reported",
    r"parcels?": "file",
    r"anew": "again, or from the start",
    r"without a word": "silently",
    r"(is|are) told once": "logged once",
    r"no longer believed": "no longer trusted, or say what counts",
    r"broken off": "interrupted",
    r"cook(s|ed|ing)?": "run, of an export job",
    r"(in|of) (the|an?) (HTTP|API)('s)? answers?": "response",
    r"«\d+» in the answer": "response: an answer is what an evaluator gave",
    r"un(readable|expected) answers?": "response",
    # British spelling, as in the product.
    r"behaviors?": "behaviour",
    r"(emails|by email|email address(es)?)": "e-mail",
    r"organizations?": "organisation",
    r"unauthorized": "unauthorised",
    r"call center": "contact centre",
    # Plain words.
    r"e\.g\.": "for example, or as",
    r"i\.e\.": "that is",
    r"etc\.": "name them, or: and the like",
    r"via": "by, through",
    r"utili[sz]e[sd]?": "use",
    r"leverag(e|es|ing)": "use",
    r"in order to": "to",
    r"(simply|obviously|easily|of course)": "leave it out",
    r"please": "leave it out",
    r"(black|white)lists?": "deny list, allow list",
    r"sanity": "plausibility",
}

_PATTERNS = [(re.compile(rf"(?<![\w.\-]){word}(?![\w\-])", re.IGNORECASE), advice) for word, advice in WORDS.items()]


def wrong_words(text: str) -> list[tuple[str, str]]:
    """Return the words of a text that should be others, each with what it should be."""
    return [(found[0], advice) for pattern, advice in _PATTERNS for found in pattern.finditer(text)]
