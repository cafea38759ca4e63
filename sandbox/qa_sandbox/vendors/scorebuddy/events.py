"""What happens day by day: results, edits, reviews, new versions, people who come and go.

A day's events follow from the seed and the date alone, so that the same history unfolds in whatever steps time passes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from qa_sandbox.plausible_data import PRAISE, REMARKS, chance, seeded_rng
from qa_sandbox.vendors.scorebuddy.model import Comment, Person, Question, Review, Score, Scorecard, SelectedAnswer
from qa_sandbox.vendors.scorebuddy.seed_data import EVENTS, SUB_EVENTS, Instance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from qa_sandbox.vendors.scorebuddy.seed_data import Size

_DAY_SECONDS = 86_400
_SATURDAY = 5
_BULK = 12
"""Results that one recalculation touches in the same second: more than a page of them."""


class History:
    """Lets things happen to an instance."""

    def __init__(self, instance: Instance, size: Size, seed: int, start: datetime) -> None:
        """Start with nothing having happened.

        Args:
            instance: What they happen to.
            size: How much happens in a day.
            seed: Of all chance.
            start: When the instance was founded.
        """
        self.instance = instance
        self._size = size
        self._seed = seed
        self._lived = start

    def run_until(self, until: datetime) -> None:
        """Lets happen all between the last call and this instant."""
        day = self._lived.replace(hour=0, minute=0, second=0, microsecond=0)
        while day <= until:
            for at, kind, rng in self._events(day):
                if self._lived < at <= until:
                    self.apply_event(kind, at, rng)
            day += timedelta(days=1)
        self._lived = max(self._lived, until)

    def _events(self, day: datetime) -> list[tuple[datetime, str, Random]]:
        number = day.toordinal()
        busy = self._size.scores_per_day if day.weekday() < _SATURDAY else self._size.scores_per_day // 2
        kinds = ["score"] * busy + ["edit"] * (busy // 10) + ["review"] * (busy * 4 // 10)
        kinds += [
            kind for kind, each in (("bulk", 5), ("publish", 16), ("hire", 3), ("leave", 6)) if number % each == 0
        ]
        rng = seeded_rng(self._seed, "scorebuddy", day.date())
        # More happens in the early afternoon, some at night.
        moments = [int(rng.triangular(0, _DAY_SECONDS - 1, 50_000)) for _ in kinds]
        return [
            (day + timedelta(seconds=moment), kind, seeded_rng(self._seed, "scorebuddy", day.date(), place))
            for moment, place, kind in sorted(zip(moments, range(len(kinds)), kinds, strict=True))
        ]

    def apply_event(self, kind: str, at: datetime, rng: Random) -> None:
        """Lets one event happen."""
        {
            "score": self.add,
            "edit": self._edit_some,
            "bulk": self._recalculate,
            "review": self._review_some,
            "publish": self._publish,
            "hire": lambda _, rng: self.instance.hire(rng),
            "leave": self._leave,
        }[kind](at, rng)

    def add(self, at: datetime, rng: Random) -> Score:
        """Scores an interaction."""
        instance = self.instance
        person = rng.choice(self._staff())
        cards = [card for card in instance.scorecards.values() if card.use]
        card = rng.choices(cards, [card.use for card in cards])[0]
        number = next(instance.next_score)
        event = rng.choice(EVENTS) if chance(rng, 0.9) else None
        score = Score(
            id=number,
            scorecard=card,
            version=card.current,
            person=person,
            evaluator=rng.choice(list(instance.users.values())),
            team=None if number % 59 == 0 else person.team,
            supervisor=person.supervisor,
            event_at=at - timedelta(seconds=rng.randrange(900, 3 * _DAY_SECONDS)),
            scored_at=at,
            # Now and then someone dates a result ahead; the vendor's own sample has one by two years.
            dated_ahead=1 if number % 211 == 0 else 0,
            edited_at=at,
            duration=_duration(rng),
            reference=f"{rng.randrange(10**7, 10**8):08}" if chance(rng, 0.95) else None,
            event=event,
            sub_event=rng.choice(SUB_EVENTS) if event and chance(rng, 0.5) else None,
            tag_ids=None if number % 3 else [56 + number % 4],
            custom_text='VIP; callback "tomorrow", 9:00' if number % 17 == 0 else None,
            given=[self._give(question, person, card, rng) for question in card.current.questions],
            draft_used=number % 7 == 0,
            auto_used=number % 5 == 0,
        )
        instance.scores[number] = score
        return score

    def edit(self, score: Score, at: datetime, rng: Random) -> None:
        """Changes an answer of a result, and often adds a remark."""
        given = rng.choice(score.given)
        given.key = (given.key + 1) % len(given.question.answers)
        if chance(rng, 0.6):
            text = f"<p>{rng.choice(REMARKS)}</p>"
            score.comments.append(Comment(next(self.instance.next_comment), score.evaluator, text, at))
        score.edited_at = at

    def review(self, score: Score, at: datetime, rng: Random) -> None:
        """Has the person acknowledge a result; that counts as an edit of it."""
        number = next(self.instance.next_review)
        score.review = Review(number, at, one_to_one=number % 4 == 0, accepted=chance(rng, 0.9))
        score.edited_at = at

    def _edit_some(self, at: datetime, rng: Random) -> None:
        for score in self._recent(rng, 1):
            self.edit(score, at, rng)

    def _recalculate(self, at: datetime, rng: Random) -> None:
        for score in self._recent(rng, _BULK):
            score.edited_at = at

    def _review_some(self, at: datetime, rng: Random) -> None:
        for score in self._recent(rng, 1):
            if score.review is None:
                self.review(score, at, rng)

    def _publish(self, _: datetime, rng: Random) -> None:
        cards = [
            card for card in self.instance.scorecards.values() if not (card.locked or card.archived or card.deleted)
        ]
        self.instance.publish(rng.choice(cards), rng)

    def _leave(self, _: datetime, rng: Random) -> None:
        rng.choice(self._staff()).deleted = True

    def _staff(self) -> list[Person]:
        return [person for person in self.instance.employees.values() if not person.deleted]

    def _recent(self, rng: Random, wanted: int) -> Iterator[Score]:
        """Some results, mostly of the last two days, one of ten from any time."""
        scores = self.instance.scores
        if not scores:
            return
        oldest, newest = next(iter(scores)), next(reversed(scores))
        spread = 0.5 / self._size.scores_per_day
        numbers = [
            rng.randint(oldest, newest) if chance(rng, 0.1) else max(newest - int(rng.expovariate(spread)), oldest)
            for _ in range(wanted)
        ]
        for number in dict.fromkeys(numbers):
            if number in scores:
                yield scores[number]

    def _give(self, question: Question, person: Person, card: Scorecard, rng: Random) -> SelectedAnswer:
        if chance(rng, person.skill - 0.02 * (card.id % 3)):
            return SelectedAnswer(question, 0, text=rng.choice(PRAISE) if chance(rng, 0.02) else None)
        given = SelectedAnswer(question, rng.randrange(1, len(question.answers)))
        if question.causes and chance(rng, 0.5):
            # Some scorecards allow several root causes for one answer.
            wanted = card.id % 2 + 1
            given.causes = tuple(cause.id for cause in question.causes[:wanted])
        if chance(rng, 0.2):
            given.text = rng.choice(REMARKS)
        elif chance(rng, 0.2):
            given.comment_id = rng.randrange(1190, 1200)
        return given


def _duration(rng: Random) -> str | None:
    seconds = int(rng.lognormvariate(5.9, 0.7))
    if seconds % 29 == 0:
        return None
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
