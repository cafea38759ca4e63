"""Evaluations, their questions and their acknowledgements.

Where the Open API document (1.8.1) and the article on extracting scores name one datum differently, the article's name
is the column's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from tap_qa.errors import RequestRejectedError
from tap_qa.state.windows import DAY
from tap_qa.vendors.scorebuddy.streams.base import ScorebuddyWindows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tap_qa.http.request import Param
    from tap_qa.pagination.page import Page

FALLBACK_EXPORT_PAGE_SIZE = 100


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


class ExportQuestions(ScorebuddyWindows):
    """Evaluations, one row for each question."""

    name = "scorebuddy_export_questions"
    primary_keys = ("score_id", "question_id")
    replication_key = "last_edit_date"
    path = "export/questions"
    scope = "export:read"
    envelope = ("export",)
    first_page = 1
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
        # At most 31 days, and nobody says whether hours or calendar days count: 31 times 24 hours touch 32 of those.
        return min(super().window_width, 30 * DAY - 2 * self.margin)

    @override
    def page_limit(self) -> int:
        return self.connection.export_page_size

    @override
    def pages(self, path: str, params: Mapping[str, Param]) -> Iterator[Page]:
        """Start a pass; if the instance refuses so large a page, continue with small ones."""
        try:
            yield from super().pages(path, params)
        except RequestRejectedError as refusal:
            too_large = refusal.status == 400 and "limit" in refusal.error_body.lower()  # noqa: PLR2004 - bad request
            if not too_large or self.connection.export_page_size <= FALLBACK_EXPORT_PAGE_SIZE:
                raise
            self.connection.export_page_size = FALLBACK_EXPORT_PAGE_SIZE
            yield from super().pages(path, params)


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
