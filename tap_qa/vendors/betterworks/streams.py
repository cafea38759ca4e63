"""The streams of Betterworks.

The vendor's reference is not public. Lists come by `size` (at most 100, by the article's FAQ) in an envelope of
`results`, `more` and `nextURL`, as public clients read it; plainer shapes are understood as well.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.errors import RequestRejectedError
from tap_qa.http.request import Request
from tap_qa.pagination.envelope import EnvelopeSpec
from tap_qa.pagination.paginator import list_pages
from tap_qa.streams.checkpoint import Checkpoint
from tap_qa.streams.paginated import FilteredStream, FullTableStream, ListedStream, PagedList, pages_of
from tap_qa.vendors.betterworks.goals import GoalDeduplicator
from tap_qa.vendors.betterworks.settings import path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tap_qa.http.request import Param
    from tap_qa.pagination.page import Page
    from tap_qa.records.chunks import RawRows, RowChunk
    from tap_qa.vendors.betterworks.client import Betterworks

PAGE_SIZE = 100
_BAD_REQUESTS = frozenset({400, 422})
_GONE = frozenset({404, 410})


class BetterworksList(ListedStream):
    """A list of Betterworks."""

    vendor = "betterworks"
    primary_keys = ("id",)
    # Most paths are educated guesses: a stream that may not exist must not fail a sync by default.
    selected_by_default = False
    connection: Betterworks

    @override
    def planned_requests(self, rows: int = 0) -> int:
        return pages_of(rows, PAGE_SIZE)

    def pages(self, params: Mapping[str, Param] | None = None, stream: str | None = None) -> Iterator[Page]:
        """Start a pass over the pages of this stream's list, or of another one's."""
        name = stream or self.name
        request = Request(
            path_of(name, self.vendor_config), params={"size": PAGE_SIZE, **(params or {})}, description=self.name
        )
        own_name = name.removeprefix(f"{self.vendor}_")
        form = EnvelopeSpec(
            rows=("results", "objects", "data", "items", own_name),
            next=("nextURL", "next_url", "next"),
            more="more",
            total=("total", "total_count", "count"),
            full_page=PAGE_SIZE,
            may_ignore_pages=True,
        )
        return list_pages(self.connection.client, request, form)


class BetterworksTable(BetterworksList, FullTableStream):
    """A list without a usable date."""

    @override
    def paged_lists(self) -> Iterator[PagedList]:
        yield PagedList(self.pages)


def as_object(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what stands for a person or a group as an object: a text is its name or address, a number its id."""
    if isinstance(value, str):
        return {"email" if "@" in value else "name": value} if value.strip() else None
    return {"id": value} if isinstance(value, int) and not isinstance(value, bool) else value


class Users(BetterworksTable):
    """People."""

    name = "betterworks_users"
    selected_by_default = True
    prepared_properties: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"department": as_object, "manager": as_object}


class Goals(BetterworksList, FilteredStream):
    """Goals and milestones (objectives and key results), each as a row of its own."""

    name = "betterworks_goals"
    replication_key = "updated"
    selected_by_default = True
    shows_rows_again = True  # under other goals, now in full and now in brief

    @override
    def rows(self) -> Iterator[list[dict[str, Any]]]:
        sieve = GoalDeduplicator()
        for part in self._goals():
            yield sieve.add(part.parsed())
        yield sieve.flush()

    def _goals(self) -> Iterator[RawRows]:
        """Yield goals as they are nested; owner by owner if the API does not list them all at once.

        No source says whether the list needs an owner, nor whose goals it shows without one. If they are all of one
        person, they may be no more than those of the API key's owner.
        """
        owners: set[Any] = set()
        try:
            for part in self.read_list(self.pages, closed=False):
                owners.update(map(_owner, part.parsed()))
                yield part
        except RequestRejectedError as rejection:
            if rejection.status not in _BAD_REQUESTS:
                raise
        if len(owners) > 1 or self.is_connection_test:
            return
        users = self.read_small_list(partial(self.pages, None, Users.name))
        for owner in sorted({user["id"] for user in users if user.get("id") is not None} - owners, key=str):
            yield from self.read_list(partial(self.pages, {"owner": owner}), closed=False)


def _owner(goal: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return who owns a goal, if that is a person; else the goal's id, as good as another owner."""
    owner = goal.get("owner")
    user = owner.get("user") if isinstance(owner, dict) else None
    number = user.get("id") if isinstance(user, dict) else owner.get("user_id") if isinstance(owner, dict) else None
    return f"goal {goal.get('id')}" if number is None else number


class Departments(BetterworksTable):
    """Departments."""

    name = "betterworks_departments"
    prepared_properties: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"parent": as_object}


class ConversationTemplates(BetterworksTable):
    """Templates of conversations, with their deployments."""

    name = "betterworks_conversation_templates"
    property_aliases: ClassVar[Mapping[str, str]] = {"deployment": "deployments"}


class Conversations(BetterworksTable):
    """Conversations; the API lists them for one deployment of a template at a time."""

    name = "betterworks_conversations"

    @override
    def read_chunks(self) -> Iterator[RowChunk | Checkpoint]:
        lists = list(self.paged_lists())
        missing: list[RequestRejectedError] = []
        for paged_list in lists:
            yield from self._of_deployment(paged_list, missing)
        if missing and len(missing) == len(lists):
            raise missing[0]  # then it is the path that is wrong
        if missing:
            self.logger.warning(
                "%s: %d of %d deployments are not there any more (HTTP 404 or 410); the others were read.",
                self.name,
                len(missing),
                len(lists),
            )
        elif lists:
            # Else the table was not asked for, or not read whole: a target must not take its rows for deleted.
            yield Checkpoint()

    def _of_deployment(self, paged_list: PagedList, missing: list[RequestRejectedError]) -> Iterator[RowChunk]:
        try:
            yield from map(paged_list.add_context, self.read_list(paged_list.pages, closed=True))
        except RequestRejectedError as rejection:
            if rejection.status not in _GONE:
                raise
            missing.append(rejection)

    @override
    def paged_lists(self) -> Iterator[PagedList]:
        templates = self.read_small_list(partial(self.pages, None, ConversationTemplates.name))
        for deployment in dict.fromkeys(name for row in templates for name in deployment_ids(row)):
            context = {"deployment_id": deployment}
            yield PagedList(partial(self.pages, context), context)


def deployment_ids(template: Mapping[str, Any]) -> Iterator[str | int]:
    """Yield the ids of a template's deployments, whatever shape their array has."""
    deployments = template.get("deployments", template.get("deployment"))
    for deployment in deployments if isinstance(deployments, list) else [deployments]:
        if isinstance(deployment, dict):
            names = ("id", "deployment_id", "uuid", "deployment_uuid")
            deployment = next((found for name in names if (found := deployment.get(name)) is not None), None)  # noqa: PLW2901 - the same datum, unwrapped
        if isinstance(deployment, (str, int)) and not isinstance(deployment, bool) and deployment != "":
            yield deployment


class FeedbackTemplates(BetterworksTable):
    """Templates of feedback."""

    name = "betterworks_feedback_templates"


class Feedback(BetterworksTable):
    """Feedback that was given."""

    name = "betterworks_feedback"


class Recognition(BetterworksList, FilteredStream):
    """Who was recognised by whom, and for what."""

    name = "betterworks_recognition"
    replication_key = "modified_on"

    @override
    def rows(self) -> Iterator[list[dict[str, Any]]]:
        for part in self.read_list(self.pages, closed=False):
            yield part.parsed()


class CalibrationCycles(BetterworksTable):
    """Cycles of calibration."""

    name = "betterworks_calibration_cycles"


class CalibrationRecords(BetterworksTable):
    """Talent records of calibrations."""

    name = "betterworks_calibration_records"
