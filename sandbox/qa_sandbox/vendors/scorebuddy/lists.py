"""What each list holds for a request: filtered and ordered, not yet cut into pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from qa_sandbox.plausible_data import permuted
from qa_sandbox.vendors.scorebuddy import query_params as asking
from qa_sandbox.vendors.scorebuddy.access import reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.datastructures import QueryParams

    from qa_sandbox.vendors.scorebuddy.dataset import ScorebuddyDataset
    from qa_sandbox.vendors.scorebuddy.model import Group, Person, Review, Score, Scorecard, Team, User
    from qa_sandbox.vendors.scorebuddy.rules import Rules
    from qa_sandbox.vendors.scorebuddy.serializer import Serializer

    Check = Callable[[Any], bool]

T = TypeVar("T", "Group", "Person", "Scorecard", "Team", "User")


class Lists:
    """The dataset's things that a request asks for."""

    def __init__(self, dataset: ScorebuddyDataset, rules: Rules, wire: Serializer) -> None:
        """Take all three as they are at each call."""
        self._dataset = dataset
        self._rules = rules
        self._wire = wire

    def scores(self, query: QueryParams) -> list[Score]:
        """For `/scores`."""
        numbers: dict[str, Callable[[Score], int | None]] = {
            "staff_id": lambda score: score.person.id,
            "supervisor_id": lambda score: score.supervisor.id if score.supervisor else None,
            "evaluator_id": lambda score: score.evaluator.id,
            "team_id": lambda score: score.team.id if score.team else None,
            "group_id": lambda score: score.person.team.group.id,
            "scorecard_id": lambda score: score.scorecard.id,
        }
        stamp = self._wire.stamp
        checks = [
            *_equal(query, numbers),
            self._edited(
                asking.parse_timestamp(query, "from_last_edit_date"), asking.parse_timestamp(query, "to_last_edit_date")
            ),
            _between(
                asking.parse_timestamp(query, "from_event_date"),
                asking.parse_timestamp(query, "to_event_date"),
                lambda score: stamp(score.event_at),
            ),
            _between(
                asking.day(query, "from_score_date"),
                asking.day(query, "to_score_date"),
                lambda score: stamp(score.scored_at + timedelta(days=score.dated_ahead))[:10],
            ),
        ]
        return self._ordered(score for score in self._dataset.instance.scores.values() if _all(checks, score))

    def export(self, query: QueryParams) -> tuple[list[Score], bool]:
        """The results for `/export/questions`, and whether the server filled a bound in."""
        low, high = (
            asking.parse_timestamp(query, "from_last_edit_date"),
            asking.parse_timestamp(query, "to_last_edit_date"),
        )
        partial = (low is None) != (high is None)
        span = timedelta(days=self._rules.export_days)
        if low is None:
            high = high or self._wire.stamp(self._dataset.clock.now())
            low = str(datetime.fromisoformat(high) - span)
        elif high is None:
            high = str(datetime.fromisoformat(low) + span)
        if datetime.fromisoformat(high) - datetime.fromisoformat(low) > span:
            reject("to_last_edit_date", f"The range must not exceed {self._rules.export_days} days")
        groups = asking.group_ids(query, self._rules)
        within = self._edited(low, high)
        scores = self._dataset.instance.scores.values()
        found = (
            score for score in scores if (groups is None or score.person.team.group.id in groups) and within(score)
        )
        return self._ordered(found), partial

    def reviews(self, query: QueryParams) -> list[tuple[Score, Review]]:
        """For `/scores/reviews`; its dates are days."""
        low, high = asking.day(query, "from_review_date"), asking.day(query, "to_review_date")
        staff = asking.parse_integer(query, "staff_id")
        within = _between(low, high, lambda review: self._wire.stamp(review.at)[:10])
        found = (
            (score, score.review)
            for score in self._dataset.instance.scores.values()
            if score.review and staff in {None, score.person.id} and within(score.review)
        )
        return sorted(found, key=lambda pair: permuted(pair[1].id))

    def scorecards(self, query: QueryParams) -> list[Scorecard]:
        """For `/scorecards`: what is not asked for is hidden, if the rules say so."""
        unasked = False if self._rules.hides_scorecards else None
        flags = {name: asking.parse_boolean(query, name) for name in ("locked", "archived", "deleted")}
        wanted = {name: unasked if flag is None else flag for name, flag in flags.items()}
        kind = query.get("scorecard_type")
        numbers: dict[str, Callable[[Scorecard], int | None]] = {
            "group_id": lambda card: card.current.group_id,
            "category_id": lambda card: card.current.category_id,
        }
        checks = _equal(query, numbers)
        return _scrambled(
            card
            for card in self._dataset.instance.scorecards.values()
            if kind in {None, card.kind}
            and all(flag in {None, getattr(card, name)} for name, flag in wanted.items())
            and _all(checks, card)
        )

    def employees(self, query: QueryParams) -> list[Person]:
        """For `/staff/employees`; deleted ones, too, unless filtered."""
        return self._staff(query, self._dataset.instance.employees.values())

    def supervisors(self, query: QueryParams) -> list[Person]:
        """For `/staff/supervisors`."""
        return self._staff(query, self._dataset.instance.supervisors.values())

    def staff(self, query: QueryParams) -> list[Person]:
        """For `/staff`: both."""
        instance = self._dataset.instance
        return self._staff(query, [*instance.employees.values(), *instance.supervisors.values()])

    def users(self, _: QueryParams) -> list[User]:
        """For `/users`."""
        return _scrambled(self._dataset.instance.users.values())

    def groups(self, _: QueryParams) -> list[Group]:
        """For `/groups`."""
        return _scrambled(self._dataset.instance.groups.values())

    def teams(self, query: QueryParams) -> list[Team]:
        """For `/teams`."""
        group = asking.parse_integer(query, "group_id")
        return _scrambled(team for team in self._dataset.instance.teams.values() if group in {None, team.group.id})

    @staticmethod
    def _staff(query: QueryParams, people: Iterable[Person]) -> list[Person]:
        numbers: dict[str, Callable[[Person], int | None]] = {
            "group_id": lambda person: person.team.group.id,
            "team_id": lambda person: person.team.id,
            "supervisor_id": lambda person: person.supervisor.id if person.supervisor else None,
        }
        deleted, role, external = asking.parse_boolean(query, "deleted"), query.get("role"), query.get("external_id")
        checks = _equal(query, numbers)
        return _scrambled(
            person
            for person in people
            if deleted in {None, person.deleted}
            and role in {None, person.role}
            and external in {None, person.external_id}
            and _all(checks, person)
        )

    def _edited(self, low: str | None, high: str | None) -> Check:
        inside = _between(low, high, lambda score: self._wire.stamp(score.edited_at))
        if self._rules.includes_bounds and not self._rules.shows_after:
            return inside
        bounds = () if self._rules.includes_bounds else (low, high)
        shown = self._dataset.clock.now() - timedelta(seconds=self._rules.shows_after)
        return lambda score: (
            inside(score) and score.edited_at <= shown and self._wire.stamp(score.edited_at) not in bounds
        )

    def _ordered(self, scores: Iterable[Score]) -> list[Score]:
        order = self._rules.order
        if order in {"newest", "oldest"}:
            return sorted(scores, key=lambda score: (score.edited_at, score.id), reverse=order == "newest")
        return sorted(scores, key=lambda score: score.id if order == "id" else permuted(score.id))


def _scrambled(things: Iterable[T]) -> list[T]:
    return sorted(things, key=lambda thing: permuted(thing.id))


def _equal(query: QueryParams, fields: dict[str, Callable[[Any], int | None]]) -> list[Check]:
    wanted = {name: asking.parse_integer(query, name) for name in fields}
    return [_is(fields[name], value) for name, value in wanted.items() if value is not None]


def _is(field: Callable[[Any], int | None], value: int) -> Check:
    return lambda thing: field(thing) == value


def _between(low: str | None, high: str | None, field: Callable[[Any], str]) -> Check:
    """Both bounds included; texts of one form compare like the times they tell."""
    if low is None and high is None:
        return lambda _: True
    return lambda thing: (low or "") <= field(thing) <= (high or "~")


def _all(checks: list[Check], thing: object) -> bool:
    return all(check(thing) for check in checks)
