"""Scorecards, those too that a filter hides by default."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.records.chunks import ParsedRows, RawRows, RowChunk
from tap_qa.streams.paginated import PagedList
from tap_qa.vendors.scorebuddy.questions import normalize_names
from tap_qa.vendors.scorebuddy.streams.base import ScorebuddyTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tap_qa.http.request import Param


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
            yield _ScorecardList(partial(self.pages, self.path, {**group, **flags}), seen=seen)


@dataclass(frozen=True)
class _ScorecardList(PagedList):
    """Scorecards with their current versions, without those that another list showed with the same content."""

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


def _with_usual_names(scorecard: dict[str, Any]) -> dict[str, Any]:
    versions = scorecard.get("versions")
    if not isinstance(versions, list):
        return scorecard
    return {**scorecard, "versions": [normalize_names(version) for version in versions]}


def _flags() -> Iterator[dict[str, Param]]:
    """Yield each combination of `locked`, `archived` and `deleted`; false, the default of all three, is not sent."""
    names = ("locked", "archived", "deleted")
    for chosen in itertools.product((False, True), repeat=len(names)):
        yield {name: "true" for name, selected in zip(names, chosen, strict=True) if selected}
