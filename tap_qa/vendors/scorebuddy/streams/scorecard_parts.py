"""What scorecards consist of: a list for each scorecard, or for each of its versions."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.errors import UnexpectedResponseError
from tap_qa.http.request import Request
from tap_qa.pagination.consistency import read_consistently
from tap_qa.pagination.distinct_keys import KeyReader
from tap_qa.pagination.envelope import EnvelopeSpec
from tap_qa.pagination.paginator import list_pages
from tap_qa.records.chunks import ParsedRows, RawRows, RowChunk
from tap_qa.records.convert import InvalidValueError, to_integer
from tap_qa.streams.paginated import PagedList
from tap_qa.vendors.scorebuddy.questions import fetch_missing_parts
from tap_qa.vendors.scorebuddy.streams.owned_lists import OwnedLists
from tap_qa.vendors.scorebuddy.streams.scorecards import Scorecards

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from tap_qa.pagination.page import Page

_SUB_LIST_KEYS = {
    "questions": "question_id",
    "answers": "answer_key",
    "causes": "rca_id",
    "sub_events": "sub_event_id",
    "data_tags": "tag_id",
}


class ScorecardPart(OwnedLists):
    """A kind of part that scorecards have: one list of them for each scorecard."""

    scope = "scorecards:read"

    @override
    def paged_lists(self) -> Iterator[PagedList]:
        for scorecard_id in self.scorecard_ids():
            pages = partial(self.pages, self.path.format(scorecard_id=scorecard_id), {})
            yield self.list_of_scorecard(pages, {"scorecard_id": scorecard_id})

    def scorecard_ids(self) -> list[int]:
        """Return the ids of all scorecards, which are listed once a run; in a connection test, of the first ones."""
        if self.is_connection_test:
            return _ids(_first_page(Scorecards(self.tap)))
        if self.connection.scorecard_ids is None:
            scorecards = Scorecards(self.tap)
            lists = scorecards.paged_lists()
            found = [row for paged_list in lists for row in scorecards.read_small_list(paged_list.pages)]
            self.connection.scorecard_ids = _ids(found)
        return self.connection.scorecard_ids

    def list_of_scorecard(self, pages: Callable[[], Iterator[Page]], context: dict[str, Any]) -> PagedList:
        """Return one scorecard's list, whose rows get the scorecard's id."""
        return PagedList(pages, context)

    def read_sub_list(self, path: str, name: str) -> list[dict[str, Any]]:
        """Read a whole list below one of a scorecard's rows."""
        request = Request(path, params={"limit": 100}, description=f"{self.name}, which needs the scope {self.scope},")
        spec = EnvelopeSpec(rows=(name,), next=("next_page",), total=("total",))
        pages = partial(list_pages, self.connection.client, request, spec)
        keys = KeyReader((_SUB_LIST_KEYS[name],), {})
        found: dict[Hashable, dict[str, Any]] = {}
        for rows in read_consistently(self.name, pages, keys=keys.read_keys, closed=True):
            found.update(zip(map(keys.read_key, rows), RawRows(rows).parsed(), strict=True))
        return list(found.values())


def _first_page(scorecards: Scorecards) -> list[dict[str, Any]]:
    """Return the first scorecards that there are, by as few requests as possible."""
    for paged_list in scorecards.paged_lists():
        for page in paged_list.pages():
            if not page.is_empty:
                return RawRows(page.rows).parsed()
    return []


def _ids(scorecards: list[dict[str, Any]]) -> list[int]:
    return sorted({_scorecard_id(row) for row in scorecards})


def _scorecard_id(scorecard: Mapping[str, Any]) -> int:
    with contextlib.suppress(InvalidValueError):
        number = to_integer(scorecard.get("scorecard_id"))
        if number is not None:
            return number
    raise UnexpectedResponseError(Scorecards.name, "the key column scorecard_id is missing in a row, or is no integer.")


class ScorecardSections(ScorecardPart):
    """The sections that questions of a scorecard stand in."""

    name = "scorebuddy_scorecard_sections"
    primary_keys = ("scorecard_id", "section_id")
    path = "scorecards/{scorecard_id}/sections"
    envelope = ("sections",)
    limit = 100


class ScorecardVersions(ScorecardPart):
    """All versions of all scorecards, with all their questions."""

    name = "scorebuddy_scorecard_versions"
    primary_keys = ("scorecard_id", "version_number")
    path = "scorecards/{scorecard_id}/versions"
    envelope = ("versions",)
    limit = 10
    property_aliases: ClassVar[Mapping[str, str]] = {"version_id": "version_number"}

    @override
    def list_of_scorecard(self, pages: Callable[[], Iterator[Page]], context: dict[str, Any]) -> PagedList:
        return _VersionList(pages, context, self.read_sub_list)


@dataclass(frozen=True)
class _VersionList(PagedList):
    """The versions of a scorecard, whose questions may have to be completed."""

    read: Callable[[str, str], list[dict[str, Any]]] = field(default=lambda _path, _name: [])

    @override
    def add_context(self, rows: RawRows) -> RowChunk:
        return ParsedRows([fetch_missing_parts({**self.context, **row}, self.read) for row in rows.parsed()])
