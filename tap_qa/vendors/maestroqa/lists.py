"""MaestroQA's JSON lists: coaching, assignments, and the users and groups of its SCIM API.

None of them is selected by default: the vendor announces that the coaching export will go, no page that could be read
shows the parameters of the newer lists, and SCIM is a licence of its own in many products.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.errors import DeepPageError
from tap_qa.http.request import Request
from tap_qa.pagination.envelope import EnvelopeSpec, parse_list_response
from tap_qa.pagination.page import Page
from tap_qa.pagination.paginator import ignores_pages, list_pages
from tap_qa.state.windows import Window, shifted, split_into_days
from tap_qa.streams.paginated import FilteredStream, FullTableStream, ListedStream, PagedList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tap_qa.vendors.maestroqa.client import Account

_PAGE_ROWS = 100
_OLDEST_SESSION = timedelta(days=366)
"""How long before `start_date` a session may have been made that still changes."""

_EXPORT_DAYS = 89
"""The coaching export covers 90 days at most, and whether both bounds count is not said."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def snake_case(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return JSON whose fields are called like the schema's: `ticketId` as `ticket_id`, `_id` as `id`."""
    if isinstance(value, list):
        return [snake_case(item) for item in value]
    if isinstance(value, dict):
        return {_HUMP.sub("_", name).lower().lstrip("_"): snake_case(item) for name, item in value.items()}
    return value


class MaestroList(ListedStream):
    """A list of JSON objects."""

    vendor = "maestroqa"
    declared = (*ListedStream.declared, "path")
    primary_keys = ("id",)
    selected_by_default = False
    path: ClassVar[str]
    connection: Account

    @property
    def request(self) -> Request:
        """The request for the first page."""
        return Request(self.path, rate_limiter=self.connection.exports.easy, description=self.name)


class CoachingSessions(MaestroList, FilteredStream):
    """Coaching sessions with their points and to-dos, by the coaching export; deleted ones are flagged.

    The export selects by the date of creation or of the meeting, never by that of a change. So all of it is read at
    each run, a request for three months, and what has changed goes on.
    """

    name = "maestroqa_coaching_sessions"
    replication_key = "updated_at"
    path = "coaching-sessions"
    property_aliases: ClassVar[Mapping[str, str]] = {
        "_id": "id",
        "coachingFormName": "name",
        "createdAt": "created_at",
        "updatedAt": "updated_at",
        "meetingDate": "meeting_date",
        "meetingFormat": "meeting_format",
        "coachingTemplateId": "coaching_template_id",
        "coachingTemplateName": "coaching_template_name",
        "agentId": "agent_id",
        "agentName": "agent_name",
        "coachId": "coach_id",
        "coachName": "coach_name",
        "formCreatorId": "form_creator_id",
        "formCreatorName": "form_creator_name",
        "sharedWithAgent": "shared_with_agent",
        "agentConfirmed": "agent_confirmed",
        "agentConfirmedDate": "agent_confirmed_date",
        "coachConfirmed": "coach_confirmed",
        "coachConfirmedDate": "coach_confirmed_date",
        "agentNotes": "agent_notes",
        "coachNotes": "coach_notes",
        "isDeleted": "is_deleted",
        "activityLog": "activity_log",
        "coachingPoints": "coaching_points",
        "toDos": "to_dos",
        "todos": "to_dos",
    }
    prepared_properties: ClassVar[Mapping[str, Callable[[Any], Any]]] = {
        "activity_log": snake_case,
        "coaching_points": snake_case,
    }

    @override
    def rows(self) -> Iterator[list[dict[str, Any]]]:
        if self.is_connection_test:
            made = Window(self.horizon, self.horizon)
        else:
            made = Window(shifted(self.dates.start, -_OLDEST_SESSION), self.horizon)
        for window in split_into_days(made, _EXPORT_DAYS):
            for part in self.read_list(partial(self._pages, window), closed=False):
                yield part.parsed()

    def _pages(self, window: Window) -> Iterator[Page]:
        days = {"startDate": window.start, "endDate": min(window.end, self.horizon)}
        body = {**{name: day.date().isoformat() for name, day in days.items()}, "timeAxis": "createdAt"}
        request = replace(self.request, method="POST", json=body, rate_limiter=self.connection.exports.demanding)
        form = EnvelopeSpec(rows=("data",))  # a bare array, by the help page
        yield Page(self.connection.client.send(request, lambda response: parse_list_response(response, form)).array)


class MaestroTable(MaestroList, FullTableStream):
    """A list that is read whole, by pages if it has any."""

    property_aliases: ClassVar[Mapping[str, str]] = {"_id": "id"}
    envelope: ClassVar[tuple[str, ...]]

    @override
    def paged_lists(self) -> Iterator[PagedList]:
        yield PagedList(self.pages)

    def pages(self) -> Iterator[Page]:
        """Start a pass over the pages.

        No source shows an envelope or parameters. If the list takes no number of a page, and its length is none that a
        page usually has, it is whole.
        """
        form = EnvelopeSpec(
            rows=(*self.envelope, "data", "results", "items"),
            next=("nextPage", "next_page", "next"),
            total=("total", "totalCount"),
            full_page=_PAGE_ROWS,
            may_ignore_pages=True,
        )
        found: list[Page] = []
        try:
            for page in list_pages(self.connection.client, self.request, form):
                found = [*found[:1], page]
                yield page
        except DeepPageError:
            if len(found) != 1 or not ignores_pages(found[0], form):
                raise


class CoachingPoints(MaestroTable):
    """What was praised or is to be improved."""

    name = "maestroqa_coaching_points"
    path = "coaching-points"
    envelope = ("coachingPoints", "coaching_points")
    property_aliases: ClassVar[Mapping[str, str]] = {
        "_id": "id",
        "coachingFormIds": "coaching_form_ids",
        "ticketId": "ticket_id",
        "rubricName": "rubric_name",
        "criteriaName": "criteria_name",
    }


class Todos(MaestroTable):
    """What agents are to do."""

    name = "maestroqa_todos"
    path = "todos"
    envelope = ("todos", "toDos")


class Assignments(MaestroTable):
    """What graders are to grade."""

    name = "maestroqa_assignments"
    path = "assignments"
    envelope = ("assignments",)


class ScimTable(MaestroList, FullTableStream):
    """A list of the SCIM API: pages by the number of their first row, with the number of all rows."""

    property_aliases: ClassVar[Mapping[str, str]] = {"displayName": "display_name"}

    @override
    def paged_lists(self) -> Iterator[PagedList]:
        yield PagedList(self.pages)

    def pages(self) -> Iterator[Page]:
        """Start a pass over the pages; the length of a page is known from its rows alone."""
        form = EnvelopeSpec(rows=("Resources",), total=("totalResults",))
        start = 1
        while True:
            request = replace(self.request, params={"count": _PAGE_ROWS, "startIndex": start})
            found = self.connection.client.send(request, lambda response: parse_list_response(response, form))
            page = Page(found.array, found.total, may_have_more=found.total is None)
            yield page
            start += len(page.rows)
            if page.is_empty or (found.total is not None and start > found.total):
                return


class ScimUsers(ScimTable):
    """User accounts of the application."""

    name = "maestroqa_scim_users"
    path = "scim/v2/Users"
    property_aliases: ClassVar[Mapping[str, str]] = {
        **ScimTable.property_aliases,
        "userName": "user_name",
        "externalId": "external_id",
    }
    prepared_properties: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"name": snake_case}


class ScimAgentGroups(ScimTable):
    """Groups of agents."""

    name = "maestroqa_scim_agent_groups"
    path = "scim/v2/Groups"


class ScimUserGroups(ScimTable):
    """Groups of users."""

    name = "maestroqa_scim_user_groups"
    path = "scim/v2/Usergroups"
