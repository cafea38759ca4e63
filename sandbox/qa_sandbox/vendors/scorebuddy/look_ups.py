"""The lists that give names to the bare ids of `/scores`: what is declared here is served and expected of the tap."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa_sandbox.vendors.scorebuddy.seed_data import BIG_VERSION_QUESTIONS, CATEGORIES, EVENTS, SUB_EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from qa_sandbox.vendors.scorebuddy.model import Scorecard, Version
    from qa_sandbox.vendors.scorebuddy.seed_data import Instance

Object = dict[str, Any]


@dataclass(frozen=True)
class LookUp:
    """A list of the instance, one of each scorecard, or one of each of their versions.

    Attributes:
        path: Below the API; `{card}` and `{version}` say whose list it is. Its last part is the list's name.
        key: The id of a row.
        rows: The rows of one owner: of a version, a scorecard or the instance.
        arrays: The column that shows the first hundred things of a list below each row, by that list's name.
        scope: Who may read it.
        most: Rows of a page.
    """

    path: str
    key: str
    rows: Callable[[Any], list[Object]]
    arrays: Mapping[str, str] = field(default_factory=dict)
    scope: str = "scorecards:read"
    most: int = 100

    @property
    def name(self) -> str:
        """What the list is called."""
        return self.path.rpartition("/")[2]

    @property
    def stream(self) -> str:
        """The tap's stream."""
        return f"scorebuddy_scorecard_{self.name}"

    @property
    def primary_keys(self) -> list[str]:
        """The key columns of the tap's stream: whose row it is, and its id."""
        owners = {"scorecard_id": "{card}", "version_number": "{version}"}
        return [*(column for column, owner in owners.items() if owner in self.path), self.key]

    def expected_records(self, instance: Instance) -> Iterator[Object]:
        """The rows of all owners, each with the columns that say whose it is."""
        for place, owner in self._owners(instance):
            yield from ({**place, **row} for row in self.rows(owner))

    def _owners(self, instance: Instance) -> Iterator[tuple[Object, Instance | Scorecard | Version]]:
        if "{card}" not in self.path:
            yield {}, instance
            return
        for card in instance.scorecards.values():
            if "{version}" not in self.path:
                yield {"scorecard_id": card.id}, card
                continue
            for version in card.versions:
                yield {"scorecard_id": card.id, "version_number": version.number}, version

    def array(self, owner: object, name: str, number: int) -> list[Object] | None:
        """The whole list below a row; None if there is no such row."""
        column = self.arrays[name]
        return next((row[column] for row in self.rows(owner) if row[self.key] == number), None)


def cut(row: Object) -> Object:
    """A row as its list shows it: with at most a hundred things in each array."""
    return {name: value[:100] if isinstance(value, list) else value for name, value in row.items()}


def events(card: Scorecard) -> list[Object]:
    """The events of a scorecard, each with all its sub-events; those of one scorecard are too many for a page."""
    more = BIG_VERSION_QUESTIONS if len(card.current.questions) == BIG_VERSION_QUESTIONS else 0
    subs = [*SUB_EVENTS, *((1000 + number, f"Reason {number}") for number in range(more))]
    return [
        {
            "event_id": number,
            "event_name": name,
            "sub_events": [{"sub_event_id": sub, "sub_event_name": text, "deleted": False} for sub, text in subs],
            "deleted": number == EVENTS[0][0],
        }
        for number, name in EVENTS
    ]


def custom_objects(card: Scorecard) -> list[Object]:
    """The custom objects of a scorecard, with their tags."""
    tags = [{"tag_id": number, "tag_name": f"Tag {number}", "deleted": False} for number in range(56, 60)]
    return [
        {
            "object_id": number,
            "object_name": name,
            "object_type": kind,
            "object_tags": tags if kind == "data-tag" else [],
            "required": bool(card.id % 2),
            "deleted": False,
        }
        for number, name, kind in ((16, "Reason for contact", "data-tag"), (17, "Note", "text-input"))
    ]


def comments(card: Scorecard) -> list[Object]:
    """The canned comments of a scorecard."""
    section = card.sections[0]
    return [
        {"comment_id": number, "comment": f"Remark {number}", "section_id": section.id, "deleted": number % 2 == 0}
        for number in range(1190, 1200)
    ]


def sections(card: Scorecard) -> list[Object]:
    """The sections of a scorecard."""
    return [
        {"section_id": section.id, "section_name": section.name, "compliance": False, "deleted": False}
        for section in card.sections
    ]


def causes(version: Version) -> list[Object]:
    """The root causes that a version's questions offer."""
    return [
        {
            "unique_rca_id": cause.shared_id,
            "rca_id": cause.id,
            "rca_name": cause.name,
            "level": "section",
            "deleted": False,
        }
        for question in version.questions
        for cause in question.causes
    ]


def categories(_: Instance) -> list[Object]:
    """The categories of scorecards."""
    return [{"category_id": 5 + place, "category": name} for place, name in enumerate(CATEGORIES)]


LOOK_UPS = (
    LookUp("scorecards/categories", "category_id", categories),
    LookUp("scorecards/{card}/comments", "comment_id", comments),
    LookUp("scorecards/{card}/custom_objects", "object_id", custom_objects, {"data_tags": "object_tags"}),
    LookUp("scorecards/{card}/events", "event_id", events, {"sub_events": "sub_events"}),
    LookUp("scorecards/{card}/sections", "section_id", sections),
    LookUp("scorecards/{card}/versions/{version}/causes", "rca_id", causes),
)
