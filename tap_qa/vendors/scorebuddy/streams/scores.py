"""Evaluations, their questions and their acknowledgements.

Where the Open API document (1.8.1) and the article on extracting scores name one datum differently, the article's name
is the column's.
"""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.config.properties import zone
from tap_qa.errors import PermissionDeniedError, RequestRejectedError
from tap_qa.records.timestamps import TimestampParser
from tap_qa.state.windows import DAY, SECOND, Window, local_bounds
from tap_qa.vendors.scorebuddy.redated import LONG_AGO, are_dated_within, clusters, date_filters
from tap_qa.vendors.scorebuddy.streams.base import ScorebuddyWindows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tap_qa.http.request import Param
    from tap_qa.pagination.page import Page
    from tap_qa.records.chunks import RawRows, RowChunk

FALLBACK_EXPORT_PAGE_SIZE = 100
DATED_AHEAD = 366 * DAY
"""How far ahead of now a score may be dated and still be looked for."""


class Scores(ScorebuddyWindows):
    """Evaluations, one row each."""

    name = "scorebuddy_scores"
    primary_keys = ("score_id",)
    replication_key = "last_edit_date"
    path = "scores"
    scope = "scores:read"
    envelope = ("scores",)
    limit = 10
    group_filter = "group_id"
    date_parameters = ("from_last_edit_date", "to_last_edit_date")

    @override
    def read_beside(self, window: Window, date_range: Window) -> Iterator[RowChunk]:
        if not self.is_connection_test:
            yield from self.redated(window, date_range)

    def redated(self, window: Window, date_range: Window) -> Iterator[RawRows]:
        """Yield scores that are dated within a window, but were last edited before the date range."""
        known, own_zone, edits = self.connection.redated, zone(self.vendor_config), list[Any]()
        before = local_bounds(self.requested(date_range), own_zone)[0]
        if before <= LONG_AGO or not known.can_be_found:
            return
        start, end = local_bounds(self.requested(window), own_zone)
        if self.dates.end is None and window.end >= date_range.end:
            end += DATED_AHEAD
        try:
            for dates, params in itertools.product(date_filters(start, end, before), self.group_params()):
                for rows in self.read_list(partial(self.pages, self.path, {**params, **dates}), closed=True):
                    parsed = rows.parsed()
                    if not are_dated_within(parsed, dates):
                        known.give_up("the filter by score_date is ignored")
                        return
                    edits += [row.get(self.replication_key) for row in parsed]
                    yield rows
        except RequestRejectedError as rejection:
            known.give_up(f"the filter by score_date is refused (HTTP {rejection.status})")
        else:
            known.edits[window, date_range.start] = edits


class ExportQuestions(ScorebuddyWindows):
    """Evaluations, one row for each question."""

    name = "scorebuddy_export_questions"
    primary_keys = ("score_id", "question_id")
    replication_key = "last_edit_date"
    path = "export/questions"
    scope = "export:read"
    other_scopes = (Scores.scope,)
    envelope = ("export",)
    first_page = 1
    shows_totals = False
    limit = 1000
    group_filter = "group_ids"
    date_parameters = ("from_last_edit_date", "to_last_edit_date")
    property_aliases: ClassVar[Mapping[str, str]] = {
        "free_text_comments": "answer_comments",
        "custom_text_field": "custom_fields",
        "version_id": "version_number",
    }

    @property
    @override
    def window_width(self) -> timedelta:
        # At most 31 days, and no document says whether hours or calendar days count: 31 times 24 hours touch 32 days.
        return min(super().window_width, 30 * DAY - 2 * self.margin)

    @override
    def page_limit(self) -> int:
        return self.connection.export_page_size

    @override
    def pages(self, path: str, params: Mapping[str, Param]) -> Iterator[Page]:
        """Start a scan; if the instance rejects so large a page, continue with small ones."""
        try:
            yield from super().pages(path, params)
        except RequestRejectedError as rejection:
            too_large = rejection.status == 400 and "limit" in rejection.error_body.lower()  # noqa: PLR2004 - bad request
            if not too_large or self.connection.export_page_size <= FALLBACK_EXPORT_PAGE_SIZE:
                raise
            self.connection.export_page_size = FALLBACK_EXPORT_PAGE_SIZE
            yield from super().pages(path, params)

    @override
    def read_beside(self, window: Window, date_range: Window) -> Iterator[RowChunk]:
        """Yield the answers of scores that got a new date, which only `/scores` can be asked for."""
        if self.is_connection_test:
            return
        for first, last in clusters(self._redated_edits(window, date_range)):
            for paged_list in self.lists_between(Window(first - SECOND, last + SECOND)):
                yield from self.read_list(paged_list.pages, closed=True)

    def _redated_edits(self, window: Window, date_range: Window) -> Iterator[datetime]:
        found = self.connection.redated.edits
        if (window, date_range.start) not in found:
            try:
                for _ in Scores(self.tap).redated(window, date_range):
                    pass
            except PermissionDeniedError:
                self.connection.redated.give_up(f"the API client does not hold the scope {Scores.scope}")
        read_instant = TimestampParser(zone(self.vendor_config)).instant
        for value in found.get((window, date_range.start), ()):
            if (instant := read_instant(value)) is not None:
                yield instant


class ScoreReviews(ScorebuddyWindows):
    """What agents made of their evaluations."""

    name = "scorebuddy_score_reviews"
    primary_keys = ("review_id",)
    replication_key = "review_date"
    path = "scores/reviews"
    scope = "scores:read"
    envelope = ("reviews",)
    limit = 10
    # The filter knows days only, so a window reaches to the end of its last day.
    min_window_width = DAY
    allowed_lateness = timedelta(hours=26)
    date_parameters = ("from_review_date", "to_review_date")
    filters_by_day = True
