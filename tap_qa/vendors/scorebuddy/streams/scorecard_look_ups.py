"""The lists that give names to the bare ids of scores: events, custom objects, canned comments, causes, categories.

They are not selected by default: each takes a request a scorecard, or a version, at every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.http.request import path_segment
from tap_qa.records.chunks import ParsedRows, RawRows, RowChunk
from tap_qa.streams.paginated import PagedList
from tap_qa.vendors.scorebuddy.questions import is_cut
from tap_qa.vendors.scorebuddy.settings import TITLE
from tap_qa.vendors.scorebuddy.streams.base import ScorebuddyTable
from tap_qa.vendors.scorebuddy.streams.scorecard_parts import ScorecardPart, ScorecardVersions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tap_qa.pagination.page import Page


class ScorecardLookUp(ScorecardPart):
    """A look-up of each scorecard, of whose rows each may hold an array of others."""

    selected_by_default = False
    limit = 100
    array: ClassVar[tuple[str, str] | None] = None
    """The column with an array that holds a hundred entries at most, and the name of the list that shows all."""

    @override
    def list_of_scorecard(self, pages: Callable[[], Iterator[Page]], context: dict[str, Any]) -> PagedList:
        return PagedList(pages, context) if self.array is None else _NestedList(pages, context, self._completed)

    def _completed(self, row: dict[str, Any]) -> dict[str, Any]:
        assert self.array is not None  # noqa: S101 - see list_of_scorecard
        column, name = self.array
        if not is_cut(row.get(column), None):
            return row
        owner = path_segment(TITLE, row.get(self.primary_keys[1]))
        path = f"{self.path.format(scorecard_id=row['scorecard_id'])}/{owner}/{name}"
        return {**row, column: self.read_sub_list(path, name)}


@dataclass(frozen=True)
class _NestedList(PagedList):
    """Rows whose arrays may have to be completed."""

    completed: Callable[[dict[str, Any]], dict[str, Any]] = dict

    @override
    def add_context(self, rows: RawRows) -> RowChunk:
        return ParsedRows([self.completed({**self.context, **row}) for row in rows.parsed()])


class ScorecardEvents(ScorecardLookUp):
    """What interactions are about, with sub-events."""

    name = "scorebuddy_scorecard_events"
    primary_keys = ("scorecard_id", "event_id")
    path = "scorecards/{scorecard_id}/events"
    envelope = ("events",)
    array = ("sub_events", "sub_events")


class ScorecardCustomObjects(ScorecardLookUp):
    """The fields that a team adds to a scorecard, with their tags."""

    name = "scorebuddy_scorecard_custom_objects"
    primary_keys = ("scorecard_id", "object_id")
    path = "scorecards/{scorecard_id}/custom_objects"
    envelope = ("custom_objects",)
    array = ("object_tags", "data_tags")


class ScorecardComments(ScorecardLookUp):
    """Canned comments."""

    name = "scorebuddy_scorecard_comments"
    primary_keys = ("scorecard_id", "comment_id")
    path = "scorecards/{scorecard_id}/comments"
    envelope = ("comments",)


class ScorecardCauses(ScorecardLookUp):
    """The root causes that a version's questions offer."""

    name = "scorebuddy_scorecard_causes"
    primary_keys = ("scorecard_id", "version_number", "rca_id")
    path = "scorecards/{scorecard_id}/versions/{version_number}/causes"
    envelope = ("causes",)

    @override
    def paged_lists(self) -> Iterator[PagedList]:
        versions = ScorecardVersions(self.tap)
        for paged_list in versions.paged_lists():
            for version in versions.read_small_list(paged_list.pages):
                number = version.get("version_number", version.get("version_id"))
                place = {"scorecard_id": paged_list.context["scorecard_id"], "version_number": number}
                segments = {name: path_segment(TITLE, value) for name, value in place.items()}
                yield PagedList(partial(self.pages, self.path.format(**segments), {}), place)


class ScorecardCategories(ScorebuddyTable):
    """The categories of scorecards."""

    name = "scorebuddy_scorecard_categories"
    primary_keys = ("category_id",)
    path = "scorecards/categories"
    scope = ScorecardPart.scope
    envelope = ("categories",)
    limit = 100
    selected_by_default = False
