"""Names and phrases of a contact centre, and random numbers that are always the same."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# fmt: off
FIRST_NAMES = (
    "Aisha", "Aoife", "Carrie", "Chen", "Daniela", "Dmitri", "Elif", "Emeka", "Farah", "Gareth", "Hanna", "Ines",
    "Jamal", "Jürgen", "Kasia", "Liam", "Lucía", "Maeve", "Mateo", "Nadia", "Noor", "Oisín", "Priya", "Rafael",
    "Sanne", "Siobhán", "Søren", "Tomasz", "Wei", "Yusuf", "Zoë", "Bobby",
)
LAST_NAMES = (
    "Adeyemi", "Baker", "Byrne", "Costa", "Dlamini", "Dubois", "Fernández", "Gilden", "Hill", "Ivanova", "Jansen",
    "Kaya", "Kowalski", "Larsen", "Lindqvist", "Martin", "Müller", "Nakamura", "Novak", "O'Brien", "Okafor",
    "Patel", "Quinn", "Rossi", "Schmidt", "Silva", "Singh", "Tanaka", "Walsh", "Yilmaz", "Yoder", "Zhang",
    "Vries",
)
# fmt: on
GROUPS = ("Customer Care", "Technical Support", "Sales", "Outsourcer/BPO", "Back Office", "Retention", "Social Media")
CITIES = ("Dublin", "Cork", "Kraków", "Porto", "Manila", "Leeds", "Valencia")
TITLES = ("Customer Advisor", "Senior Advisor", "Team Lead", "Quality Analyst", "Operations Manager", "Trainer")
PRAISE = (
    "Good work",
    "Warm and clear from start to end.",
    "Explained the delay well; customer thanked twice.",
    'Used the "mirror" technique nicely.',
    "Kept calm with an upset caller 👏",
)
REMARKS = (
    "Greeting was cut short.",
    "Missed the second security question.",
    "Hold of 4 minutes without an update;\nplease see guide 3.2.",
    "Refund promised, but no note in the account.",
    "Spoke over the customer at 02:10.",
    "Wrong département named in the hand-over.",
)


def seeded_rng(*parts: object) -> random.Random:
    """Dice that depend on nothing but these parts: the same in every run, process and Python version."""
    digest = hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=8).digest()
    return random.Random(int.from_bytes(digest, "big"))  # noqa: S311 - sample data, no secrets


def chance(rng: random.Random, share: float) -> bool:
    """Return True in this share of cases (0 to 1)."""
    return rng.random() < share


def person_name(number: int) -> tuple[str, str]:
    """A first and a family name; they repeat only after about a thousand numbers."""
    return FIRST_NAMES[number * 7 % len(FIRST_NAMES)], LAST_NAMES[
        (number * 5 + number // len(FIRST_NAMES)) % len(LAST_NAMES)
    ]


def mail_address(first_name: str, last_name: str, domain: str = "example.com") -> str:
    """A plain-lettered address for a name."""
    letters = f"{first_name}.{last_name}".lower().replace("ü", "ue").replace("ø", "oe").replace("ë", "e")
    plain = letters.translate(str.maketrans("áéíóúąęńż", "aeiouaenz", "' "))
    return f"{plain}@{domain}"


def permuted(number: int) -> int:
    """A number without visible order for one with it; distinct for distinct ones below 2**32."""
    return number * 2_654_435_761 % 2**32


def cycle(values: Sequence[str], number: int) -> str:
    """The value at this place, numbered again once all are used up."""
    lap, place = divmod(number, len(values))
    return values[place] if not lap else f"{values[place]} {lap + 1}"
