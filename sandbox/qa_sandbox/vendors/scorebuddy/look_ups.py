"""The lists that give names to the bare ids of `/scores`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa_sandbox.vendors.scorebuddy.seed_data import BIG_VERSION_QUESTIONS, CATEGORIES, EVENTS, SUB_EVENTS

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy.model import Scorecard, Version

Object = dict[str, Any]


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


def categories() -> list[Object]:
    """The categories of scorecards."""
    return [{"category_id": 5 + place, "category": name} for place, name in enumerate(CATEGORIES)]


OF_SCORECARDS = {"events": events, "custom_objects": custom_objects, "comments": comments}
NESTED = {
    "sub_events": ("events", "event_id", "sub_events"),
    "data_tags": ("custom_objects", "object_id", "object_tags"),
}
"""Lists below a row of these, by name: the rows, their id, and the array that shows the first hundred."""


def cut(row: Object) -> Object:
    """A row as its list shows it: with at most a hundred things in each array."""
    return {name: value[:100] if isinstance(value, list) else value for name, value in row.items()}


def nested(card: Scorecard, name: str, number: int) -> list[Object] | None:
    """The whole list below a row; None if there is no such row."""
    rows, key, column = NESTED[name]
    return next((row[column] for row in OF_SCORECARDS[rows](card) if row[key] == number), None)
