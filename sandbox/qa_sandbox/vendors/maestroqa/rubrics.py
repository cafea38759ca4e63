"""Rubrics: what graders fill in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from qa_sandbox.exports.seeded import seeded_id
from qa_sandbox.plausible_data import seeded_rng

_SECTIONS = (
    ("Opening", ("Greets by name", "States the company", "Asks permission to record")),
    (
        "Discovery",
        ("Finds the real need", "Confirms the account", "Asks open questions", "Listens, does not interrupt"),
    ),
    ("Solution", ("Right policy, rightly explained", "Owns the outcome", "Clear next step")),
    ("Compliance", ("Security questions asked", "No card number in the notes")),
    ("Closing", ("Recap", 'Asks "anything else?"', "Logs the case")),
    ("Delight (bonus)", ("Goes the extra mile",)),
)
_RUBRIC_NAMES = ("Voice support", "E-mail & chat", "Résiliation (FR)", "Sales calls, outbound", "Back office v3")


@dataclass(frozen=True)
class Question:
    """One question of a section."""

    id: str
    text: str
    maximum: Decimal


@dataclass(frozen=True)
class Section:
    """A section; a failed auto-fail section makes the whole grade 0, a bonus section can lift it over 100."""

    id: str
    name: str
    weight: Decimal
    questions: tuple[Question, ...]
    auto_fail: bool
    bonus: bool


@dataclass(frozen=True)
class Rubric:
    """A scorecard."""

    id: str
    name: str
    sections: tuple[Section, ...]


@cache
def rubrics(seed: int, count: int) -> tuple[Rubric, ...]:
    """So many rubrics, each with three to six sections."""
    return tuple(_rubric(seed, number) for number in range(count))


def _rubric(seed: int, number: int) -> Rubric:
    rng = seeded_rng("rubric", seed, number)
    chosen = sorted(rng.sample(range(len(_SECTIONS)), k=rng.randint(3, len(_SECTIONS))))
    weight = Decimal(100) / len(chosen)
    sections = tuple(_section(seed, number, index, weight.quantize(Decimal("0.01"))) for index in chosen)
    return Rubric(seeded_id(17, "rubric", seed, number), _RUBRIC_NAMES[number % len(_RUBRIC_NAMES)], sections)


def _section(seed: int, rubric: int, index: int, weight: Decimal) -> Section:
    name, texts = _SECTIONS[index]
    rng = seeded_rng("section", seed, rubric, index)
    questions = tuple(
        Question(
            seeded_id(17, "question", seed, rubric, index, n), text, Decimal(rng.choice(("1", "2", "2.5", "5", "10")))
        )
        for n, text in enumerate(texts)
    )
    section_id = seeded_id(17, "section", seed, rubric, index)
    return Section(section_id, name, weight, questions, auto_fail=name == "Compliance", bonus="bonus" in name)
