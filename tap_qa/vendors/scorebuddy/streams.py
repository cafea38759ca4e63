"""The streams of Scorebuddy, as its Open API document (1.8.1) and its article on extracting scores describe them.

Where the two name one datum differently, the article's name is the column's.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.errors import RequestRefusedError, ShapeError
from tap_qa.http.call import Call
from tap_qa.keys import Keys
from tap_qa.lists import ListForm, list_pages
from tap_qa.paging import read_whole
from tap_qa.rows import JsonRows, Part, Rows
from tap_qa.settings import zone
from tap_qa.streams.listed import FullTableStream, ListedStream, Listing, WindowedStream
from tap_qa.vendors.scorebuddy.questions import completed, with_usual_names
from tap_qa.vendors.scorebuddy.scopes import SCOPES
from tap_qa.windows import DAY, local_bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

    from tap_qa.http.call import Param
    from tap_qa.paging import Page
    from tap_qa.vendors.scorebuddy.api import Scorebuddy
    from tap_qa.windows import Window

EXPORT_PAGE_SIZE_TO_FALL_BACK_TO = 100


class ScorebuddyList(ListedStream):
    """A list of Scorebuddy: pages of at most `limit` rows, with `total` and the next page's address."""

    vendor = "scorebuddy"
    path: ClassVar[str]
    envelope: ClassVar[tuple[str, ...]]
    limit: ClassVar[int]
    """The largest page that the API gives."""

    first_page: ClassVar[int | None] = None
    """The number of the first page, where the API document tells it."""

    group_filter: ClassVar[str | None] = None
    """The parameter that narrows the list to a group, where there is one."""

    connection: Scorebuddy

    def page_limit(self) -> int:
        """Return how many rows a page may have."""
        return self.limit

    def pages(self, path: str, params: Mapping[str, Param]) -> Iterator[Page]:
        """Start a pass over the list's pages."""
        scope = SCOPES[self.name]
        call = Call(
            path, params={**params, "limit": self.page_limit()}, purpose=f"{self.name}, which needs the scope {scope},"
        )
        form = ListForm(rows=self.envelope, next=("next_page",), total=("total",), first_page=self.first_page)
        return list_pages(self.connection.client, call, form)

    def group_params(self) -> Iterator[dict[str, Param]]:
        """Yield the parameters of each list to read: one without a filter, or one for each configured group.

        Nobody says how the API wants several groups in one call, so each has a call of its own.
        """
        groups = self.own_config.get("group_ids")
        if self.group_filter is None or not groups:
            yield {}
        else:
            yield from ({self.group_filter: group} for group in groups)


class ScorebuddyTable(ScorebuddyList, FullTableStream):
    """A list without a usable date."""

    @override
    def lists(self) -> Iterator[Listing]:
        for params in self.group_params():
            yield Listing(partial(self.pages, self.path, params))


class ScorebuddyWindows(ScorebuddyList, WindowedStream):
    """A list that can be narrowed by a pair of date parameters, inclusive at both ends, in the instance's zone."""

    # An hour for rows that come late; one more since a window over a change of the clock asks for an hour too much.
    hot_span = timedelta(hours=2)
    date_parameters: ClassVar[tuple[str, str]]
    date_format: ClassVar[str] = "%Y-%m-%d %H:%M:%S"

    @property
    @override
    def window_width(self) -> timedelta:
        return timedelta(days=self.own_config["window_days"])

    @override
    def lists(self, window: Window) -> Iterator[Listing]:
        bounds = local_bounds(window, zone(self.own_config))
        dates = {name: f"{bound:{self.date_format}}" for name, bound in zip(self.date_parameters, bounds, strict=True)}
        for params in self.group_params():
            yield Listing(partial(self.pages, self.path, {**dates, **params}))


class Scores(ScorebuddyWindows):
    """Evaluations, one row each."""

    name = "scorebuddy_scores"
    primary_keys = ("score_id",)
    replication_key = "last_edit_date"
    path = "scores"
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
    envelope = ("export",)
    first_page = 1
    limit = 1000
    group_filter = "group_ids"
    date_parameters = ("from_last_edit_date", "to_last_edit_date")
    renames: ClassVar[Mapping[str, str]] = {
        "free_text_comments": "answer_comments",
        "custom_text_field": "custom_fields",
        "version_id": "version_number",
    }

    @property
    @override
    def window_width(self) -> timedelta:
        # At most 31 days, and nobody says whether hours or calendar days count: 31 times 24 hours touch 32 of those.
        return min(super().window_width, 30 * DAY)

    @override
    def page_limit(self) -> int:
        return self.connection.export_page_size

    @override
    def pages(self, path: str, params: Mapping[str, Param]) -> Iterator[Page]:
        """Start a pass; if the instance refuses so large a page, go on with small ones."""
        try:
            yield from super().pages(path, params)
        except RequestRefusedError as refusal:
            too_large = refusal.status == 400 and "limit" in refusal.complaint.lower()  # noqa: PLR2004 - bad request
            if not too_large or self.connection.export_page_size <= EXPORT_PAGE_SIZE_TO_FALL_BACK_TO:
                raise
            self.connection.export_page_size = EXPORT_PAGE_SIZE_TO_FALL_BACK_TO
            yield from super().pages(path, params)


class ScoreReviews(ScorebuddyWindows):
    """What agents made of their evaluations."""

    name = "scorebuddy_score_reviews"
    primary_keys = ("review_id",)
    replication_key = "review_date"
    path = "scores/reviews"
    envelope = ("reviews",)
    limit = 10
    # The filter knows days only, so a window reaches to the end of its last day.
    hot_span = timedelta(hours=26)
    date_parameters = ("from_review_date", "to_review_date")
    date_format = "%Y-%m-%d"


class Employees(ScorebuddyTable):
    """The people whose contacts are scored."""

    name = "scorebuddy_employees"
    primary_keys = ("staff_id",)
    path = "staff/employees"
    envelope = ("employees", "staff")
    limit = 25
    group_filter = "group_id"


class Supervisors(ScorebuddyTable):
    """The people who lead them."""

    name = "scorebuddy_supervisors"
    primary_keys = ("staff_id",)
    path = "staff/supervisors"
    envelope = ("supervisors", "staff")
    limit = 25
    group_filter = "group_id"


class Users(ScorebuddyTable):
    """The people who score, administrate or look at reports."""

    name = "scorebuddy_users"
    primary_keys = ("user_id",)
    path = "users"
    envelope = ("users",)
    limit = 25


class Groups(ScorebuddyTable):
    """Groups."""

    name = "scorebuddy_groups"
    primary_keys = ("group_id",)
    path = "groups"
    envelope = ("groups",)
    limit = 100


class Teams(ScorebuddyTable):
    """Teams of groups."""

    name = "scorebuddy_teams"
    primary_keys = ("team_id",)
    path = "teams"
    envelope = ("teams",)
    limit = 100
    group_filter = "group_id"


class Scorecards(ScorebuddyTable):
    """Scorecards, with their current version."""

    name = "scorebuddy_scorecards"
    primary_keys = ("scorecard_id",)
    path = "scorecards"
    envelope = ("scorecards", "scorecard")
    limit = 5
    group_filter = "group_id"
    renames: ClassVar[Mapping[str, str]] = {"archieved": "archived"}  # so spelt in the API document

    @override
    def lists(self) -> Iterator[Listing]:
        """Yield a list for each combination of the filters that may hide scorecards by default."""
        seen: dict[str, dict[str, Any]] = {}
        for group, flags in itertools.product(self.group_params(), _flags()):
            yield _ScorecardListing(partial(self.pages, self.path, {**group, **flags}), seen=seen)


@dataclass(frozen=True)
class _ScorecardListing(Listing):
    """Scorecards, each with its current version inside; those that another list showed just so are left out."""

    seen: dict[str, dict[str, Any]] = field(default_factory=dict)

    @override
    def part(self, rows: JsonRows) -> Part:
        return Rows([row for row in map(_with_usual_names, rows.taken_apart()) if self._is_new(row)])

    def _is_new(self, row: dict[str, Any]) -> bool:
        scorecard_id = str(row.get("scorecard_id"))
        if self.seen.get(scorecard_id) == row:
            return False
        self.seen[scorecard_id] = row
        return True


def _first_page(scorecards: Scorecards) -> list[dict[str, Any]]:
    """Return the first scorecards that there are, by as few calls as that takes."""
    for listing in scorecards.lists():
        for page in listing.pages():
            if not page.is_empty:
                return JsonRows(page.rows).taken_apart()
    return []


def _with_usual_names(scorecard: dict[str, Any]) -> dict[str, Any]:
    versions = scorecard.get("versions")
    if not isinstance(versions, list):
        return scorecard
    return {**scorecard, "versions": [with_usual_names(version) for version in versions]}


def _flags() -> Iterator[dict[str, Param]]:
    """Yield all that `locked`, `archived` and `deleted` may be asked for; false, all three's default, is not sent."""
    names = ("locked", "archived", "deleted")
    for chosen in itertools.product((False, True), repeat=len(names)):
        yield {name: "true" for name, wanted in zip(names, chosen, strict=True) if wanted}


class ScorecardVersions(ScorebuddyTable):
    """All versions of all scorecards, with all their questions."""

    name = "scorebuddy_scorecard_versions"
    primary_keys = ("scorecard_id", "version_number")
    path = "scorecards/{scorecard_id}/versions"
    envelope = ("versions",)
    limit = 10
    renames: ClassVar[Mapping[str, str]] = {"version_id": "version_number"}

    @override
    def lists(self) -> Iterator[Listing]:
        scorecards = Scorecards(self.tap)
        if self.is_probe:
            found: Iterable[dict[str, Any]] = _first_page(scorecards)
        else:
            found = (row for listing in scorecards.lists() for row in scorecards.all_of(listing.pages))
        for scorecard_id in sorted({_scorecard_id(row) for row in found}):
            pages = partial(self.pages, self.path.format(scorecard_id=scorecard_id), {})
            yield _VersionListing(pages, {"scorecard_id": scorecard_id}, self._sub_list)

    def _sub_list(self, path: str, name: str) -> list[dict[str, Any]]:
        """Read a whole list below a version."""
        call = Call(path, params={"limit": 100}, purpose=f"{self.name}, which needs the scope {SCOPES[self.name]},")
        form = ListForm(rows=(name,), next=("next_page",), total=("total",))
        pages = partial(list_pages, self.connection.client, call, form)
        keys = Keys(({"questions": "question_id", "answers": "answer_key", "causes": "rca_id"}[name],), {})
        found: dict[Hashable, dict[str, Any]] = {}
        for rows in read_whole(self.name, pages, keys=keys.of_all, cold=True):
            found.update(zip(map(keys.of, rows), JsonRows(rows).taken_apart(), strict=True))
        return list(found.values())


def _scorecard_id(scorecard: Mapping[str, Any]) -> int:
    number = scorecard.get("scorecard_id")
    if not isinstance(number, int):
        raise ShapeError(Scorecards.name, "the key column scorecard_id is missing in a row, or is no integer.")
    return number


@dataclass(frozen=True)
class _VersionListing(Listing):
    """The versions of a scorecard, whose questions may have to be completed."""

    read: Callable[[str, str], list[dict[str, Any]]] = lambda _path, _name: []

    @override
    def part(self, rows: JsonRows) -> Part:
        return Rows([completed({**self.extra, **row}, self.read) for row in rows.taken_apart()])
