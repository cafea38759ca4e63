"""What a Scorebuddy instance knows: staff, scorecards and results. Instants are aware and in UTC, to the second."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

Number = int | Decimal


@dataclass(slots=True)
class Group:
    """A group of staff."""

    id: int
    name: str
    location: str | None
    deleted: bool = False


@dataclass(slots=True)
class Team:
    """A team inside a group."""

    id: int
    name: str
    group: Group
    deleted: bool = False


@dataclass(slots=True)
class Person:
    """An employee or a supervisor."""

    id: int
    external_id: str
    first_name: str
    last_name: str
    email: str
    role: str
    team: Team
    skill: float = 1.0
    supervisor: Person | None = None
    notes: str | None = None
    deleted: bool = False

    @property
    def name(self) -> str:
        """As shown where only names are."""
        return f"{self.first_name} {self.last_name}"


@dataclass(slots=True)
class User:
    """Someone who works in the application, such as an evaluator."""

    id: int
    first_name: str
    last_name: str
    email: str
    role: str
    group_ids: list[int]

    @property
    def name(self) -> str:
        """As shown where only names are."""
        return f"{self.first_name} {self.last_name}"


@dataclass(slots=True, frozen=True)
class Answer:
    """One of the answers that a question offers; its key is its place."""

    label: str
    value: Number
    not_applicable: bool = False
    point_of_failure: bool = False


@dataclass(slots=True, frozen=True)
class Cause:
    """A root cause that a question offers."""

    id: int
    shared_id: int
    name: str


@dataclass(slots=True, frozen=True)
class Section:
    """A section of a scorecard."""

    id: int
    name: str


@dataclass(slots=True, frozen=True)
class Question:
    """A question of a version."""

    id: int
    number: int
    text: str
    section: Section
    weighting: Number
    fail_section: bool
    fail_all: bool
    answers: tuple[Answer, ...]
    causes: tuple[Cause, ...]


@dataclass(slots=True, frozen=True)
class Version:
    """A version of a scorecard; never changes once made."""

    number: int
    name: str
    category: str
    category_id: int
    group_id: int
    location: str | None
    target: Number
    questions: tuple[Question, ...]

    @property
    def max_score(self) -> Number:
        """The sum of the questions' maxima."""
        return sum((question.weighting for question in self.questions), start=0)


@dataclass(slots=True)
class Scorecard:
    """A scorecard with its versions, oldest first."""

    id: int
    kind: str
    use: float
    locked: bool = False
    archived: bool = False
    deleted: bool = False
    versions: list[Version] = field(default_factory=list)

    @property
    def current(self) -> Version:
        """The version in use."""
        return self.versions[-1]

    @property
    def sections(self) -> list[Section]:
        """The sections of all versions, each once."""
        return list({q.section.id: q.section for version in self.versions for q in version.questions}.values())


@dataclass(slots=True)
class SelectedAnswer:
    """The answer given to a question of a result."""

    question: Question
    key: int
    causes: tuple[int, ...] = ()
    comment_id: int | None = None
    text: str | None = None

    @property
    def answer(self) -> Answer:
        """What was chosen."""
        return self.question.answers[self.key]

    @property
    def points(self) -> Number:
        """What it earned."""
        weighting, share = self.question.weighting, self.answer.value
        return weighting if share == 1 else tidy(weighting * share)


@dataclass(slots=True, frozen=True)
class Comment:
    """A remark on a whole result."""

    id: int
    author: User
    html: str
    at: datetime


@dataclass(slots=True, frozen=True)
class Review:
    """The acknowledgement of a result by the person scored."""

    id: int
    at: datetime
    one_to_one: bool
    accepted: bool


@dataclass(slots=True)
class Score:
    """A result: one interaction of one person, scored on one version."""

    id: int
    scorecard: Scorecard
    version: Version
    person: Person
    evaluator: User
    team: Team | None
    supervisor: Person | None
    event_at: datetime
    scored_at: datetime
    dated_ahead: int
    edited_at: datetime
    duration: str | None
    reference: str | None
    event: tuple[int, str] | None
    sub_event: tuple[int, str] | None
    tag_ids: list[int] | None
    custom_text: str | None
    given: list[SelectedAnswer]
    draft_used: bool
    auto_used: bool
    comments: list[Comment] = field(default_factory=list)
    review: Review | None = None

    def standing(self) -> ScoreTotals:
        """What the answers come to."""
        earned = sum((given.points for given in self.given), start=0)
        maximum = sum((given.question.weighting for given in self.given if not given.answer.not_applicable), start=0)
        failed = any(given.question.fail_all and given.answer.point_of_failure for given in self.given)
        total = 0 if failed else earned
        share = Decimal(100) * total / maximum if maximum else Decimal(0)
        percentage = share.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return ScoreTotals(failed, tidy(earned), tidy(total), tidy(maximum), tidy(percentage))


@dataclass(slots=True, frozen=True)
class ScoreTotals:
    """The figures of a result.

    Attributes:
        failed: Whether an answer failed the whole result.
        earned: Points before that takes effect.
        total: Points reached.
        maximum: The most that the applicable questions could earn.
        percentage: Share of the maximum, with two decimals.
    """

    failed: bool
    earned: Number
    total: Number
    maximum: Number
    percentage: Number


def tidy(number: Number) -> Number:
    """A number as the vendor writes it: whole ones as integers, others without zeros at the end."""
    return int(number) if number == int(number) else Decimal(number).normalize()
