"""Interactions: integrations, the cases that they bring, and what customers answered about cases.

They are not selected by default: a plan may lack Interactions, cases hold what customers wrote, and their satisfaction
takes a request a case.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from tap_qa.http.request import path_segment
from tap_qa.streams.paginated import PagedList
from tap_qa.vendors.scorebuddy.settings import TITLE
from tap_qa.vendors.scorebuddy.streams.base import ScorebuddyTable
from tap_qa.vendors.scorebuddy.streams.owned_lists import OwnedLists

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCOPE = "integrations:read"


class Integrations(ScorebuddyTable):
    """Where cases come from."""

    name = "scorebuddy_integrations"
    primary_keys = ("integration_id",)
    path = "integrations"
    scope = _SCOPE
    envelope = ("integrations",)
    limit = 25
    selected_by_default = False


class Cases(OwnedLists):
    """Interactions that integrations brought, a list for each integration."""

    name = "scorebuddy_cases"
    primary_keys = ("integration_id", "case_id")
    path = "integrations/{integration_id}/cases"
    scope = _SCOPE
    envelope = ("cases",)
    limit = 10
    selected_by_default = False

    @override
    def paged_lists(self) -> Iterator[PagedList]:
        integrations = Integrations(self.tap)
        for paged_list in integrations.paged_lists():
            for row in integrations.read_small_list(paged_list.pages):
                yield self.owned_list({"integration_id": row.get("integration_id")})

    def owned_list(self, owner: dict[str, Any]) -> PagedList:
        """Return the list of an owner, whose rows get its ids."""
        path = self.path.format(**{name: path_segment(TITLE, number) for name, number in owner.items()})
        return PagedList(partial(self.pages, path, {}), owner)


class Satisfaction(Cases):
    """Ratings of cases by customers, a list for each case that has an id outside of Scorebuddy."""

    name = "scorebuddy_satisfaction"
    primary_keys = ("integration_id", "satisfaction_id")
    path = "integrations/{integration_id}/cases/{external_case_id}/satisfaction"
    envelope = ("satisfaction_ratings",)
    # Whether a case without ratings has an empty list or none, the document leaves open.
    absent_is_empty = True

    @override
    def paged_lists(self) -> Iterator[PagedList]:
        cases = Cases(self.tap)
        for of_integration in cases.paged_lists():
            rows = cases.read_small_list(of_integration.pages)
            external = (row["external"].get("case_id") for row in rows if isinstance(row.get("external"), dict))
            for case_id in dict.fromkeys(str(case_id) for case_id in external if case_id is not None):
                yield self.owned_list({**of_integration.context, "external_case_id": case_id})
