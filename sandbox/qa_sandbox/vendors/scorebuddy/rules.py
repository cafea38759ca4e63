"""How this simulator of Scorebuddy reads its documents, where these leave room or contradict each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

SCOPES = frozenset(
    f"{part}:read" for part in ("scores", "export", "scorecards", "staff", "groups", "teams", "users", "integrations")
)


@dataclass
class Rules:
    """Switches; a test may change them while the servers run.

    Attributes:
        timezone: IANA zone of the naive timestamps, in rows and in filters.
        dialect: Field names as in the vendor's article (`article`) or as in its Open API 1.8.1 (`openapi`).
        scorecards_key: What the list of scorecards is called; a public client saw the singular.
        next_page: What `next_page` holds: an `absolute` URL, a `relative` one, the page's `number`, or `null`, always.
        next_page_keeps: Whether these URLs repeat the request's own parameters.
        first_page: The number of the first page of a list; exports always start with 1.
        includes_bounds: Whether a bound of the last edit belongs to its range, as the document says.
        shows_after: Seconds from an edit to when lists show it; until then the result is missing from them.
        order: Of rows in lists. `scrambled` has no meaning, and stays put; the others follow the last edit or the id.
        export_shape: `export` (an object with that key) or a bare `list`.
        export_max_limit: The largest `limit` of an export; None knows no bound.
        export_default_limit: Its page size without a `limit`.
        export_days: The longest span of an export.
        hides_scorecards: Whether `locked`, `archived` and `deleted` of `/scorecards` count as false if left out.
        ignores_groups: Whether filters by group are passed over.
        ignores: Further parameters that are passed over.
        shows_totals: Whether lists have a `total`.
        empty_lists: The status of a filtered list without rows.
        totals_before_filters: Whether `total` counts what the filters leave out, too.
        group_ids: How several groups are sent: `repeated` keys, `brackets` (`group_ids[]`), `comma`, or `any`.
        hourly_budget: Requests per hour of the clock, or per `budget_period`.
        budget_period: What the budget is for.
        budget: Whose it is: of `all` requests, of those with a `token`, or none is told.
        counts_tokens: Whether calls for a token are counted, too.
        date_form: Of `Retry-After` and `X-RateLimit-Reset`: `http-date`, `iso` or `space` (`2026-06-15 07:00:00`).
        granted: Scopes that the client holds.
        refuses_scopes: Whether asking for more than it holds is refused; else the token has only those it holds.
        token_seconds: How long tokens last.
        only_newest_token: Whether a new token ends the older ones.
    """

    timezone: str = "UTC"
    dialect: Literal["article", "openapi"] = "article"
    scorecards_key: Literal["scorecards", "scorecard"] = "scorecards"
    next_page: Literal["absolute", "relative", "number", "null"] = "absolute"
    next_page_keeps: bool = True
    first_page: Literal[0, 1] = 1
    includes_bounds: bool = True
    shows_after: float = 0
    order: Literal["scrambled", "newest", "oldest", "id"] = "scrambled"
    export_shape: Literal["export", "list"] = "export"
    export_max_limit: int | None = None
    export_default_limit: int = 100
    export_days: int = 31
    hides_scorecards: bool = True
    ignores_groups: bool = False
    ignores: frozenset[str] = frozenset()
    shows_totals: bool = True
    empty_lists: Literal[200, 404] = 200
    totals_before_filters: bool = False
    group_ids: Literal["repeated", "brackets", "comma", "any"] = "any"
    hourly_budget: int = 100_000
    budget_period: timedelta = timedelta(hours=1)
    budget: Literal["all", "token", "untold"] = "all"
    counts_tokens: bool = True
    date_form: Literal["http-date", "iso", "space"] = "space"
    granted: frozenset[str] = field(default=SCOPES)
    refuses_scopes: bool = False
    token_seconds: int = 3600
    only_newest_token: bool = False

    @property
    def ignored(self) -> frozenset[str]:
        """All parameters that are passed over."""
        return self.ignores | ({"group_id", "group_ids", "group_ids[]"} if self.ignores_groups else frozenset())
