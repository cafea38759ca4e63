"""Scorecards, and all their versions with all questions."""

from __future__ import annotations

import contextlib
import itertools
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
from tap_qa.vendors.scorebuddy.questions import fetch_missing_parts, normalize_names
from tap_qa.vendors.scorebuddy.streams.base import ScorebuddyTable

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

    from tap_qa.http.request import Param
    from tap_qa.pagination.page import Page


class Scorecards(ScorebuddyTable):
    """Scorecards, with their current version."""

    name = "scorebuddy_scorecards"
    primary_keys = ("scorecard_id",)
    path = "scorecards"
    scope = "scorecards:read"
    envelope = ("scorecards", "scorecard")
    limit = 5
    group_filter = "group_id"
    property_aliases: ClassVar[Mapping[str, str]] = {"archieved": "archived"}  # so spelt in the API document

    @override
    def paged_lists(self) -> Iterator[PagedList]:
        """Yield a list for each combination of the filters that may hide scorecards by default."""
        seen: dict[str, dict[str, Any]] = {}
        for group, flags in itertools.product(self.group_params(), _flags()):
            yield _ScorecardListing(partial(self.pages, self.path, {**group, **flags}), seen=seen)


@dataclass(frozen=True)
class _ScorecardListing(PagedList):
    """Scorecards, each with its current version inside; those that another list showed just so are left out."""

    seen: dict[str, dict[str, Any]] = field(default_factory=dict)

    @override
    def add_context(self, rows: RawRows) -> RowChunk:
        return ParsedRows([row for row in map(_with_usual_names, rows.parsed()) if self._is_new(row)])

    def _is_new(self, row: dict[str, Any]) -> bool:
        scorecard_id = str(row.get("scorecard_id"))
        if self.seen.get(scorecard_id) == row:
            return False
        self.seen[scorecard_id] = row
        return True


def _first_page(scorecards: Scorecards) -> list[dict[str, Any]]:
    """Return the first scorecards that there are, by as few calls as that takes."""
    for paged_list in scorecards.paged_lists():
        for page in paged_list.pages():
            if not page.is_empty:
                return RawRows(page.rows).parsed()
    return []


def _with_usual_names(scorecard: dict[str, Any]) -> dict[str, Any]:
    versions = scorecard.get("versions")
    if not isinstance(versions, list):
        return scorecard
    return {**scorecard, "versions": [normalize_names(version) for version in versions]}


def _flags() -> Iterator[dict[str, Param]]:
    """Yield all that `locked`, `archived` and `deleted` may be asked for; false, all three's default, is not sent."""
    names = ("locked", "archived", "deleted")
    for chosen in itertools.product((False, True), repeat=len(names)):
        yield {name: "true" for name, selected in zip(names, chosen, strict=True) if selected}


class ScorecardPart(ScorebuddyTable):
    """What all scorecards have of one kind, a list for each scorecard."""

    scope = "scorecards:read"

    @override
    def paged_lists(self) -> Iterator[PagedList]:
        scorecards = Scorecards(self.tap)
        if self.is_connection_test:
            found: Iterable[dict[str, Any]] = _first_page(scorecards)
        else:
            found = (
                row for paged_list in scorecards.paged_lists() for row in scorecards.read_small_list(paged_list.pages)
            )
        for scorecard_id in sorted({_scorecard_id(row) for row in found}):
            pages = partial(self.pages, self.path.format(scorecard_id=scorecard_id), {})
            yield self.list_of_scorecard(pages, {"scorecard_id": scorecard_id})

    def list_of_scorecard(self, pages: Callable[[], Iterator[Page]], context: dict[str, Any]) -> PagedList:
        """Return one scorecard's list, whose rows get the scorecard's id."""
        return PagedList(pages, context)


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
        return _VersionListing(pages, context, self._sub_list)

    def _sub_list(self, path: str, name: str) -> list[dict[str, Any]]:
        """Read a whole list below a version."""
        request = Request(path, params={"limit": 100}, description=f"{self.name}, which needs the scope {self.scope},")
        form = EnvelopeSpec(rows=(name,), next=("next_page",), total=("total",))
        pages = partial(list_pages, self.connection.client, request, form)
        keys = KeyReader(({"questions": "question_id", "answers": "answer_key", "causes": "rca_id"}[name],), {})
        found: dict[Hashable, dict[str, Any]] = {}
        for rows in read_consistently(self.name, pages, keys=keys.read_keys, closed=True):
            found.update(zip(map(keys.read_key, rows), RawRows(rows).parsed(), strict=True))
        return list(found.values())


def _scorecard_id(scorecard: Mapping[str, Any]) -> int:
    with contextlib.suppress(InvalidValueError):
        number = to_integer(scorecard.get("scorecard_id"))
        if number is not None:
            return number
    raise UnexpectedResponseError(Scorecards.name, "the key column scorecard_id is missing in a row, or is no integer.")


@dataclass(frozen=True)
class _VersionListing(PagedList):
    """The versions of a scorecard, whose questions may have to be completed."""

    read: Callable[[str, str], list[dict[str, Any]]] = lambda _path, _name: []

    @override
    def add_context(self, rows: RawRows) -> RowChunk:
        return ParsedRows([fetch_missing_parts({**self.context, **row}, self.read) for row in rows.parsed()])
