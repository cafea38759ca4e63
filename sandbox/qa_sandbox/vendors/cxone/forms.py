"""Evaluation forms."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from qa_sandbox.exports.seeded import seeded_uuid
from qa_sandbox.plausible_data import chance, seeded_rng

_NAMES = ("Voice QM 2026", "Digital channels", "Retention, short form", "Réclamations")
_SECTIONS = {
    "Opening": ("Greeting as scripted?", 'Said "this call is recorded"?'),
    "Verification": ("Two factors checked?", "Account named before details?"),
    "Resolution": ("Right answer given?", "First contact resolution?", "Effort kept low?"),
    "Closing": ("Summary given?", "Survey offered?"),
}
_KINDS = ("Yes/No", "Multiple choice", "Rating", "Text")


@dataclass(frozen=True)
class Question:
    """One question; text ones and some others do not count in the score."""

    id: str
    number: str
    title: str
    kind: str
    maximum: Decimal
    critical: bool
    mandatory: bool
    scorable: bool
    bank_id: str | None

    @property
    def options(self) -> str | None:
        """What can be answered."""
        choices = {
            "Yes/No": "Yes|No|Not applicable",
            "Multiple choice": "Fully|Partly|Not at all",
            "Rating": "0|1|2|3|4|5",
        }
        return choices.get(self.kind)


@dataclass(frozen=True)
class Section:
    """Questions under one title."""

    id: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Form:
    """A form in one version."""

    id: str
    name: str
    version: str
    sections: tuple[Section, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Of all sections."""
        return tuple(question for section in self.sections for question in section.questions)


@cache
def forms(seed: int) -> tuple[Form, ...]:
    """The tenant's forms; one of them in two versions."""
    made = [_form(seed, name, str(number + 1)) for number, name in enumerate(_NAMES)]
    return (*made, _form(seed, _NAMES[0], "7"))


def _form(seed: int, name: str, version: str) -> Form:
    chosen = sorted(seeded_rng("cxone form", seed, name, version).sample(sorted(_SECTIONS), k=3))
    sections = tuple(_section(seed, name, place, title) for place, title in enumerate(chosen, start=1))
    return Form(seeded_uuid("form", seed, name), name, version, sections)


def _section(seed: int, form: str, place: int, title: str) -> Section:
    questions = tuple(
        _question(seed, form, f"{place}.{number}", text) for number, text in enumerate(_SECTIONS[title], start=1)
    )
    return Section(seeded_uuid("section", seed, form, title), title, questions)


def _question(seed: int, form: str, number: str, title: str) -> Question:
    rng = seeded_rng("cxone question", seed, form, title)
    kind = rng.choice(_KINDS)
    return Question(
        id=seeded_uuid("question", seed, form, title),
        number=number,
        title=title,
        kind=kind,
        maximum=Decimal(rng.choice(("1", "5", "10", "7.5"))),
        critical=chance(rng, 0.12),
        mandatory=chance(rng, 0.7),
        scorable=kind != "Text" and chance(rng, 0.9),
        bank_id=seeded_uuid("bank", seed, title) if chance(rng, 0.4) else None,
    )
