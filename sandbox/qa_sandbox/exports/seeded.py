"""Randomness that is the same in every run: a generator for each named thing, whatever was made before it."""

from __future__ import annotations

import random
import uuid


def seeded(*parts: object) -> random.Random:
    """A generator that depends on the given parts alone."""
    return random.Random("/".join(map(str, parts)))  # noqa: S311 -- plausible data, not cryptography


def seeded_uuid(*parts: object) -> str:
    """A version 4 UUID that depends on the given parts alone."""
    return str(uuid.UUID(int=seeded("uuid", *parts).getrandbits(128), version=4))


def seeded_id(length: int, *parts: object) -> str:
    """An identifier of letters and digits without look-alikes, as document databases make them."""
    return "".join(seeded("id", *parts).choices("23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz", k=length))


def chance(percent: int, rng: random.Random) -> bool:
    """True in so many of a hundred cases."""
    return rng.random() * 100 < percent
