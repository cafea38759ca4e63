"""Identifiers that are the same in every run."""

from __future__ import annotations

import uuid

from qa_sandbox.plausible_data import seeded_rng

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz"


def seeded_uuid(*parts: object) -> str:
    """A version 4 UUID that depends on the given parts alone."""
    return str(uuid.UUID(int=seeded_rng("uuid", *parts).getrandbits(128), version=4))


def seeded_id(length: int, *parts: object) -> str:
    """Letters and digits without look-alikes, as document databases make them, that depend on the given parts alone."""
    return "".join(seeded_rng("id", *parts).choices(_LETTERS, k=length))
