"""What happens day by day: results, edits, reviews, new versions, people who come and go.

A day's events follow from the seed and the date alone, so that the same history unfolds in whatever steps time passes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from qa_sandbox.plausible import PRAISE, REMARKS, dice, lucky
from qa_sandbox.vendors.scorebuddy.founding import EVENTS, SUB_EVENTS, Instance
from qa_sandbox.vendors.scorebuddy.model import Comment, Given, Person, Question, Review, Score, Scorecard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from qa_sandbox.vendors.scorebuddy.founding import Size

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

    def unfold(self, until: datetime) -> None:
        """Lets happen all between the last call and this instant."""
        day = self._lived.replace(hour=0, minute=0, second=0, microsecond=0)
        while day <= until:
            for at, kind, roll in self._events(day):
                if self._lived < at <= until:
                    self.happen(kind, at, roll)
            day += timedelta(days=1)
        self._lived = max(self._lived, until)

    def _events(self, day: datetime) -> list[tuple[datetime, str, Random]]:
        number = day.toordinal()
        busy = self._size.scores_per_day if day.weekday() < _SATURDAY else self._size.scores_per_day // 2
        kinds = ["score"] * busy + ["edit"] * (busy // 10) + ["review"] * (busy * 4 // 10)
        kinds += [
            kind for kind, each in (("bulk", 5), ("publish", 16), ("hire", 3), ("leave", 6)) if number % each == 0
        ]
        roll = dice(self._seed, "scorebuddy", day.date())
        # More happens in the early afternoon, some at night.
        moments = [int(roll.triangular(0, _DAY_SECONDS - 1, 50_000)) for _ in kinds]
        return [
            (day + timedelta(seconds=moment), kind, dice(self._seed, "scorebuddy", day.date(), place))
            for moment, place, kind in sorted(zip(moments, range(len(kinds)), kinds, strict=True))
        ]

    def happen(self, kind: str, at: datetime, roll: Random) -> None:
        """Lets one event happen."""
        {
            "score": self.add,
            "edit": self._edit_some,
            "bulk": self._recalculate,
            "review": self._review_some,
            "publish": self._publish,
            "hire": lambda _, roll: self.instance.hire(roll),
            "leave": self._leave,
        }[kind](at, roll)

    def add(self, at: datetime, roll: Random) -> Score:
        """Scores an interaction."""
        instance = self.instance
        person = roll.choice(self._staff())
        cards = [card for card in instance.scorecards.values() if card.use]
        card = roll.choices(cards, [card.use for card in cards])[0]
        number = next(instance.next_score)
        event = roll.choice(EVENTS) if lucky(roll, 0.9) else None
        score = Score(
            id=number,
            scorecard=card,
            version=card.current,
            person=person,
            evaluator=roll.choice(list(instance.users.values())),
            team=None if number % 59 == 0 else person.team,
            supervisor=person.supervisor,
            event_at=at - timedelta(seconds=roll.randrange(900, 3 * _DAY_SECONDS)),
            scored_at=at,
            # Now and then someone dates a result ahead; the vendor's own sample has one by two years.
            dated_ahead=1 if number % 211 == 0 else 0,
            edited_at=at,
            duration=_duration(roll),
            reference=f"{roll.randrange(10**7, 10**8):08}" if lucky(roll, 0.95) else None,
            event=event,
            sub_event=roll.choice(SUB_EVENTS) if event and lucky(roll, 0.5) else None,
            tag_ids=None if number % 3 else [56 + number % 4],
            custom_text='VIP; callback "tomorrow", 9:00' if number % 17 == 0 else None,
            given=[self._give(question, person, card, roll) for question in card.current.questions],
            draft_used=number % 7 == 0,
            auto_used=number % 5 == 0,
        )
        instance.scores[number] = score
        return score

    def edit(self, score: Score, at: datetime, roll: Random) -> None:
        """Changes an answer of a result, and often adds a remark."""
        given = roll.choice(score.given)
        given.key = (given.key + 1) % len(given.question.answers)
        if lucky(roll, 0.6):
            text = f"<p>{roll.choice(REMARKS)}</p>"
            score.comments.append(Comment(next(self.instance.next_comment), score.evaluator, text, at))
        score.edited_at = at

    def review(self, score: Score, at: datetime, roll: Random) -> None:
        """Has the person acknowledge a result; that counts as an edit of it."""
        number = next(self.instance.next_review)
        score.review = Review(number, at, one_to_one=number % 4 == 0, accepted=lucky(roll, 0.9))
        score.edited_at = at

    def _edit_some(self, at: datetime, roll: Random) -> None:
        for score in self._recent(roll, 1):
            self.edit(score, at, roll)

    def _recalculate(self, at: datetime, roll: Random) -> None:
        for score in self._recent(roll, _BULK):
            score.edited_at = at

    def _review_some(self, at: datetime, roll: Random) -> None:
        for score in self._recent(roll, 1):
            if score.review is None:
                self.review(score, at, roll)

    def _publish(self, _: datetime, roll: Random) -> None:
        cards = [
            card for card in self.instance.scorecards.values() if not (card.locked or card.archived or card.deleted)
        ]
        self.instance.publish(roll.choice(cards), roll)

    def _leave(self, _: datetime, roll: Random) -> None:
        roll.choice(self._staff()).deleted = True

    def _staff(self) -> list[Person]:
        return [person for person in self.instance.employees.values() if not person.deleted]

    def _recent(self, roll: Random, wanted: int) -> Iterator[Score]:
        """Some results, mostly of the last two days, one of ten from any time."""
        scores = self.instance.scores
        if not scores:
            return
        oldest, newest = next(iter(scores)), next(reversed(scores))
        spread = 0.5 / self._size.scores_per_day
        numbers = [
            roll.randint(oldest, newest) if lucky(roll, 0.1) else max(newest - int(roll.expovariate(spread)), oldest)
            for _ in range(wanted)
        ]
        for number in dict.fromkeys(numbers):
            if number in scores:
                yield scores[number]

    def _give(self, question: Question, person: Person, card: Scorecard, roll: Random) -> Given:
        if lucky(roll, person.skill - 0.02 * (card.id % 3)):
            return Given(question, 0, text=roll.choice(PRAISE) if lucky(roll, 0.02) else None)
        given = Given(question, roll.randrange(1, len(question.answers)))
        if question.causes and lucky(roll, 0.5):
            # Some scorecards allow several root causes for one answer.
            wanted = card.id % 2 + 1
            given.causes = tuple(cause.id for cause in question.causes[:wanted])
        if lucky(roll, 0.2):
            given.text = roll.choice(REMARKS)
        elif lucky(roll, 0.2):
            given.comment_id = roll.randrange(1190, 1200)
        return given


def _duration(roll: Random) -> str | None:
    seconds = int(roll.lognormvariate(5.9, 0.7))
    if seconds % 29 == 0:
        return None
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
