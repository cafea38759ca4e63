"""What happens day by day: check-ins, new goals, conversations, praise. It follows from the seed and the date alone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from qa_sandbox.plausible_data import REMARKS, seeded_rng
from qa_sandbox.vendors.betterworks.model import brief
from qa_sandbox.vendors.betterworks.seed_data import (
    add_milestone,
    give_feedback,
    hire,
    hold_conversation,
    recognise,
    set_goal,
)

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from qa_sandbox.vendors.betterworks.model import Goal, Organisation

_DAY_SECONDS = 86_400
_EACH_DAY = {
    "check_in": 8,
    "set_goal": 2,
    "milestone": 1,
    "converse": 3,
    "feedback": 2,
    "recognise": 3,
    "praise_edit": 1,
}
_EVERY_SO_MANY_DAYS = {"hire": 4, "leave": 9, "calibrate": 7}


class History:
    """Lets things happen to an organisation."""

    def __init__(self, organisation: Organisation, seed: int, start: datetime) -> None:
        """Start with nothing having happened.

        Args:
            organisation: What they happen to.
            seed: Of all chance.
            start: When the organisation was founded.
        """
        self.organisation = organisation
        self._seed = seed
        self._lived = start

    def unfold(self, until: datetime) -> None:
        """Lets happen all between the last call and this instant."""
        day = self._lived.replace(hour=0, minute=0, second=0, microsecond=0)
        while day <= until:
            for at, kind, rng in self._events(day):
                if self._lived < at <= until:
                    self.happen(kind, at, rng)
            day += timedelta(days=1)
        self._lived = max(self._lived, until)

    def happen(self, kind: str, at: datetime, rng: Random) -> None:
        """Lets one event happen."""
        organisation = self.organisation
        if kind == "check_in":
            self.check_in(rng.choice(list(organisation.goals.values())), at, rng)
        elif kind == "set_goal":
            set_goal(organisation, at, rng)
        elif kind == "milestone":
            goals = [goal for goal in organisation.goals.values() if not goal.is_key_result]
            add_milestone(organisation, rng.choice(goals), at, rng)
        elif kind == "hire":
            hire(organisation, rng)
        elif kind == "leave":
            rng.choice(list(organisation.users.values())).is_active = False
        elif kind == "converse":
            hold_conversation(organisation, at, rng)
        elif kind == "feedback":
            give_feedback(organisation, at, rng)
        elif kind == "recognise":
            recognise(organisation, at, rng)
        else:
            self._touch("recognition" if kind == "praise_edit" else "calibration_records", at, rng)

    def check_in(self, goal: Goal, at: datetime, rng: Random) -> None:
        """Reports progress on a goal, with a comment."""
        goal.progress = min(goal.progress + Decimal(rng.randrange(1, 5)) / 20, Decimal(1))
        goal.updated = goal.last_checkedin = at
        author = rng.choice(list(self.organisation.users.values()))
        goal.comments.append({"text": rng.choice(REMARKS), "author": brief(author), "created": at})

    def _touch(self, name: str, at: datetime, rng: Random) -> None:
        row = rng.choice(list(self.organisation.lists[name].values()))
        row["modified_on" if name == "recognition" else "modified"] = at
        if name == "recognition":
            row["comment"] |= {"text": "Thank you for staying late! #teamwork (and for the cake)", "edited": True}
        else:
            row["rating"] = "Meets"

    def _events(self, day: datetime) -> list[tuple[datetime, str, Random]]:
        kinds = [kind for kind, times in _EACH_DAY.items() for _ in range(times)]
        kinds += [kind for kind, days in _EVERY_SO_MANY_DAYS.items() if day.toordinal() % days == 0]
        rng = seeded_rng(self._seed, "betterworks", day.date())
        moments = [rng.randrange(_DAY_SECONDS) for _ in kinds]
        return [
            (day + timedelta(seconds=moment), kind, seeded_rng(self._seed, "betterworks", day.date(), place))
            for moment, place, kind in sorted(zip(moments, range(len(kinds)), kinds, strict=True))
        ]
