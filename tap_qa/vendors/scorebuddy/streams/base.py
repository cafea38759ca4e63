"""The kinds of lists that Scorebuddy has, by its Open API document (1.8.1)."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from tap_qa.config.properties import zone
from tap_qa.errors import RequestRejectedError, UnexpectedResponseError
from tap_qa.http.request import Request
from tap_qa.pagination.envelope import EnvelopeSpec
from tap_qa.records.chunks import RawRows
from tap_qa.state.windows import Window, local_bounds, shifted
from tap_qa.streams.paginated import FullTableStream, ListedStream, PagedList, WindowedStream, pages_of
from tap_qa.vendors.scorebuddy.groups import has_other_groups
from tap_qa.vendors.scorebuddy.redated import date_text, timestamp_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tap_qa.http.request import Param
    from tap_qa.pagination.page import Page
    from tap_qa.vendors.scorebuddy.client import Scorebuddy
MAX_OFFSET = timedelta(hours=14)
MAX_OFFSET_BEHIND = timedelta(hours=12)


class ScorebuddyList(ListedStream):
    """A list of Scorebuddy: pages of at most `limit` rows, with `total` and the next page's address."""

    vendor = "scorebuddy"
    declared = (*ListedStream.declared, "path", "scope", "envelope", "limit")
    path: ClassVar[str]
    scope: ClassVar[str]
    """Requested with the token, and named in every 403."""

    envelope: ClassVar[tuple[str, ...]]
    limit: ClassVar[int]
    """The largest page that the API gives."""

    first_page: ClassVar[int | None] = None
    """The number of the first page, where the API document says it."""

    group_filter: ClassVar[str | None] = None
    """The parameter that narrows the list to a group, where there is one."""

    other_scopes: ClassVar[tuple[str, ...]] = ()
    """Scopes that make its rows complete, and that it can do without."""

    connection: Scorebuddy

    def page_limit(self) -> int:
        """Return how many rows a page may have."""
        return self.limit

    def pages(self, path: str, params: Mapping[str, Param]) -> Iterator[Page]:
        """Start a scan over the list's pages.

        Raises:
            UnexpectedResponseError: The vendor ignores the filter by group.
        """
        limit = self.page_limit()
        request = Request(
            path,
            params={**params, "limit": limit},
            description=f"{self.name}, which needs the scope {self.scope},",
        )
        spec = EnvelopeSpec(
            rows=self.envelope, next=("next_page",), total=("total",), first_page=self.first_page, full_page=limit
        )
        groups = self._groups if self.group_filter else frozenset()
        fill = self.page_fill if isinstance(self, WindowedStream) else None
        for page in self.connection.totals.corrected(request, spec, fill):
            if groups and has_other_groups(RawRows(page.rows).parsed(), groups):
                raise UnexpectedResponseError(
                    self.name,
                    f"the vendor ignored the filter {self.group_filter}: rows of groups came that scorebuddy.group_ids "
                    "leaves out.",
                    "None of them was written. Limit the API client itself to these groups (Admin > Developers).",
                )
            yield page

    @cached_property
    def _groups(self) -> frozenset[str]:
        return frozenset(map(str, self.vendor_config.get("group_ids") or ()))

    @override
    def planned_requests(self, rows: int = 0) -> int:
        return max(len(list(self.group_params())), pages_of(rows, self.page_limit()))

    def group_params(self) -> Iterator[dict[str, Param]]:
        """Yield the parameters of each list to read: one without a filter, or one for each configured group.

        No document says how the API wants several groups in one request, so each has a request of its own.
        """
        groups = self.vendor_config.get("group_ids")
        if self.group_filter is None or not groups:
            yield {}
        else:
            yield from ({self.group_filter: group} for group in dict.fromkeys(groups))


class ScorebuddyTable(ScorebuddyList, FullTableStream):
    """A list without a usable date."""

    @override
    def paged_lists(self) -> Iterator[PagedList]:
        for params in self.group_params():
            yield PagedList(partial(self.pages, self.path, params))


class ScorebuddyWindows(ScorebuddyList, WindowedStream):
    """A list that can be narrowed by a pair of date parameters, inclusive at both ends, in the instance's zone."""

    # An hour for rows that come late; one more since a window over a change of the clock asks for an hour too much.
    allowed_lateness = timedelta(hours=2)
    date_parameters: ClassVar[tuple[str, str]]
    filters_by_day: ClassVar[bool] = False
    """Whether the filter takes dates, not timestamps."""

    @property
    @override
    def margin(self) -> timedelta:
        # The largest offset of any zone, while the setting is missing.
        return timedelta() if self.vendor_config.get("timezone") else MAX_OFFSET

    @property
    @override
    def lateness(self) -> timedelta:
        # In the zone furthest behind UTC, the requested window ends so much later than the window itself.
        return self.allowed_lateness + (self.margin and self.margin + MAX_OFFSET_BEHIND)

    @property
    @override
    def window_width(self) -> timedelta:
        return timedelta(days=self.vendor_config["window_days"])

    @override
    def pages(self, path: str, params: Mapping[str, Param]) -> Iterator[Page]:
        try:
            yield from super().pages(path, params)
        except RequestRejectedError as rejection:
            if not self.connection.empty_lists.is_empty(path, rejection):
                raise

    def requested(self, window: Window) -> Window:
        """Return the window to ask the vendor for, so that all rows of this one come."""
        return Window(shifted(window.start, -self.margin), shifted(window.end, self.margin))

    @override
    def paged_lists(self, window: Window) -> Iterator[PagedList]:
        yield from self.lists_between(self.requested(window))

    def lists_between(self, window: Window) -> Iterator[PagedList]:
        """Yield the lists of rows within exactly this window, without a margin."""
        bounds = local_bounds(window, zone(self.vendor_config))
        texts = (date_text(bound) if self.filters_by_day else timestamp_text(bound) for bound in bounds)
        dates = dict(zip(self.date_parameters, texts, strict=True))
        for params in self.group_params():
            yield PagedList(partial(self.pages, self.path, {**dates, **params}))
