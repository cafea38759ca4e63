"""Staff, and words with the accents, quotes and line breaks that people type."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

from qa_sandbox.exports.seeded import seeded_id
from qa_sandbox.plausible_data import FIRST_NAMES, LAST_NAMES, mail_address, seeded_rng

TEAMS = ("Billing", "Claims", "Onboarding", "Retention", "Technical support", "Back office")
COMMENTS = (
    "Good rapport throughout.",
    "Missed the second security question",
    'Told the customer "it is not our problem".',
    "Opening: fine.\nClosing: no recap, no next step.",
    "Résumé of the call is complete, naïve café order settled",
    "Long hold (4 min), twice;\r\nno apology, see policy 7.2",
    "=great recovery after the outage",
    "Used C:\\new\\table instead of the wiki",
    "  Tone!  ",
    "客户很满意 🙂",
    "Plain, factual, short",
    "N/A to this case, says the agent",
)


@dataclass(frozen=True)
class Person:
    """A member of staff."""

    id: str
    first_name: str
    last_name: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def email(self) -> str:
        """An address of their own."""
        return mail_address(self.first_name, self.last_name, f"{self.id[-4:].lower()}.example.com")


@cache
def staff(kind: str, seed: int, count: int) -> tuple[Person, ...]:
    """So many people of one kind; the first 500 have names of their own."""
    names = list(product(FIRST_NAMES, LAST_NAMES))
    seeded_rng("staff", kind, seed).shuffle(names)
    return tuple(Person(seeded_id(17, kind, seed, n), *names[n % len(names)]) for n in range(count))
