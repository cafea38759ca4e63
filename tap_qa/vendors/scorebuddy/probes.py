"""What an instance of Scorebuddy can tell about itself, by GETs that leave no trace."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tap_qa.probes.answers import Answer, Suggestion, answered, band, failed, refused, undecided
from tap_qa.probes.probe import Account, Probe, get

if TYPE_CHECKING:
    from collections.abc import Iterable

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
EDITED = ("from_last_edit_date", "to_last_edit_date")
SCOPE_PATHS = {
    "scores:read": "scores",
    "export:read": "export/questions",
    "scorecards:read": "scorecards",
    "staff:read": "staff/employees",
    "users:read": "users",
    "groups:read": "groups",
    "teams:read": "teams",
}
ENVELOPES = ("scores", "export", "scorecards", "scorecard", "employees", "users", "groups", "teams", "categories")


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M:%S")


def _edited(start: datetime, end: datetime) -> dict[str, str]:
    return dict(zip(EDITED, (_text(start), _text(end)), strict=True))


def _ids(rows: Iterable[dict[str, Any]], *names: str) -> list[tuple[str, ...]]:
    return [tuple(str(row.get(name)) for name in names) for row in rows]


def _clock(account: Account) -> Answer:
    replies = [account.get("ping") for _ in range(2)]
    if not replies[-1].is_ok:
        return failed(f"HTTP {replies[-1].status}")
    limits = sorted(name.lower() for name in replies[-1].headers if "ratelimit" in name.lower().replace("-", ""))
    return answered("reachable", headers=limits, status=replies[-1].status)


def _credentials(account: Account) -> Answer:
    status = account.get("groups", limit=1).status
    if status in {401, 400}:
        return refused("credentials", status=status)
    return answered("token", status=status)


def _scopes(account: Account) -> Answer:
    statuses = {scope: account.get(path, limit=1).status for scope, path in SCOPE_PATHS.items()}
    missing = sorted(scope for scope, status in statuses.items() if status in {401, 403})
    if missing:
        return refused("scopes are missing: deselect their streams or grant them", scopes=missing)
    return answered("all scopes", scopes=sorted(statuses))


def _zone(account: Account) -> Answer:
    """Rows dated in the future are possible only in a zone ahead of UTC."""
    now = account.now().replace(microsecond=0)
    configured = account.config.get("timezone")
    low, high = now + QUARTER, now + timedelta(hours=14)
    if account.get("scores", limit=1, **_edited(low, high)).rows("scores"):
        while high - low > QUARTER:  # the newest stamp lies between them
            middle = low + (high - low) / 2
            later = account.get("scores", limit=1, **_edited(middle, high)).rows("scores")
            low, high = (middle, high) if later else (low, middle)
        quarters = round((high - now) / QUARTER)
        ahead = f"{quarters // 4}:{quarters % 4 * 15:02} h ahead of UTC"
        wrong = configured in {None, "", "UTC"}
        suggestion = Suggestion("scorebuddy.timezone", "the instance's zone, as Europe/Dublin") if wrong else None
        return answered(f"at least {ahead}", suggestion, future_rows=True)
    if account.get("scores", limit=1, **_edited(now - QUARTER, now + QUARTER)).rows("scores"):
        return answered("UTC", future_rows=False)
    return undecided("edit one score in the application, and run this probe again within a quarter of an hour")


def _first_page(account: Account) -> Answer:
    pages = {
        name: account.get("scorecards/categories", limit=1, **params)
        for name, params in {"none": {}, "0": {"page": 0}, "1": {"page": 1}, "2": {"page": 2}}.items()
    }
    shown = {name: _ids(page.rows(*ENVELOPES), "category_id") for name, page in pages.items()}
    beyond = account.get("scorecards/categories", limit=1, page=99_999)
    equal = sorted(name for name in ("0", "1", "2") if shown[name] == shown["none"])
    if not shown["none"] or shown["0"] == shown["1"] == shown["2"]:
        return undecided("two categories of scorecards", rows=band(len(shown["none"])), status=beyond.status)
    return answered(
        f"first_page_{equal[0]}" if equal else "first_page_unknown", pages_equal=equal, status=beyond.status
    )


def _rows_a_question(account: Account) -> Answer:
    now = account.now()
    keys: list[tuple[str, ...]] = []
    for page in (1, 2, 3):
        reply = account.get("export/questions", limit=100, page=page, **_edited(now - DAY, now))
        rows = reply.rows("export")
        keys += _ids(rows, "score_id", "question_id")
        if not rows:
            break
    if not keys:
        return undecided("a day with scores")
    repeated = len(keys) - len(set(keys))
    if repeated:
        return answered("several rows for one question", rows=band(len(keys)), repeated=band(repeated))
    return undecided("scorecards with several causes or comments an answer", rows=band(len(keys)))


def _score_dates(account: Account) -> Answer:
    today = account.now().date()
    late = total = 0
    for page in (1, 2, 3):
        days = {"from_score_date": (today - 30 * DAY).isoformat(), "to_score_date": today.isoformat()}
        rows = account.get("scores", limit=10, page=page, **days).rows("scores")
        stamps = [(str(row.get("score_date"))[:10], str(row.get("last_edit_date"))[:10]) for row in rows]
        total += len(stamps)
        late += sum(edited < scored for scored, edited in stamps)
        if not rows:
            break
    if not total:
        return undecided("scores of the last 30 days")
    if late:
        return answered("scores dated after their last edit", rows=band(total), dated_later=band(late))
    return undecided("more scores", rows=band(total))


def _export_days(account: Account) -> Answer:
    now = account.now().replace(microsecond=0)
    whole = account.get("export/questions", limit=1, **_edited(now - 31 * DAY, now)).status
    more = account.get("export/questions", limit=1, **_edited(now - 31 * DAY - timedelta(seconds=1), now)).status
    if whole == more:
        return answered("no limit of 31 days is checked", status=more)
    return answered("31 days of 24 hours", statuses=[str(whole), str(more)])


def _drafts(account: Account) -> Answer:
    end = account.now().replace(hour=0, minute=0, second=0, microsecond=0) - DAY
    day = _edited(end - DAY, end)
    listed = {
        key
        for page in (1, 2, 3)
        for key in _ids(account.get("scores", limit=10, page=page, **day).rows("scores"), "score_id")
    }
    exported = set(_ids(account.get("export/questions", limit=1000, page=1, **day).rows("export"), "score_id"))
    if not listed or not exported:
        return undecided("a closed day with scores")
    if listed - exported:
        return answered("scores that the export lacks", listed=band(len(listed)), missing=band(len(listed - exported)))
    return undecided("a day with drafts or calibrations", listed=band(len(listed)))


def _group_filter(account: Account) -> Answer:
    """A filter that the vendor ignores shows rows of other groups: names of people whom nobody wanted to read."""
    groups = [str(row.get("group_id")) for row in account.get("groups", limit=100).rows("groups")]
    configured = [str(group) for group in account.config.get("group_ids") or []]
    unknown = [group for group in configured if group not in groups]
    chosen = next((group for group in configured if group in groups), groups[0] if groups else "")
    if not chosen or len(groups) < 2:  # noqa: PLR2004 - one group can't be told from all
        return undecided("two groups", groups=band(len(groups)))
    checks = {
        "scores": account.get("scores", limit=10, group_id=chosen).rows("scores"),
        "staff": account.get("staff/employees", limit=25, group_id=chosen).rows("employees"),
        "teams": account.get("teams", limit=100, group_id=chosen).rows("teams"),
    }
    ignored = sorted(name for name, rows in checks.items() if any(_other_group(row, chosen) for row in rows))
    seen = sum(map(len, checks.values()))
    if ignored:
        suggestion = Suggestion("scorebuddy.group_ids", "leave it out: the vendor ignores it") if configured else None
        return answered("the filter by group is ignored", suggestion, lists=ignored, rows=band(seen))
    if not seen:
        return undecided("rows in that group", groups=band(len(groups)))
    return answered("the filter by group is heeded", rows=band(seen), unknown_groups=band(len(unknown)))


def _other_group(row: dict[str, Any], group: str) -> bool:
    ids = row.get("group_ids", [row["group_id"]] if row.get("group_id") is not None else None)
    return isinstance(ids, list) and bool(ids) and group not in {str(own) for own in ids}


def _spelling_of_groups(account: Account) -> Answer:
    now = account.now()
    day = _edited(now - 7 * DAY, now)
    groups = [str(row.get("group_id")) for row in account.get("groups", limit=100).rows("groups")][:2]
    if len(groups) < 2:  # noqa: PLR2004 - two are asked for
        return undecided("two groups")
    spellings: dict[str, dict[str, Any]] = {
        "group_ids": {"group_ids": groups[0]},
        "group_ids[]": {"group_ids[]": groups[0]},
        "group_ids twice": {"group_ids": groups},
    }
    whole = len(account.get("export/questions", limit=1000, page=1, **day).rows("export"))
    fewer = sorted(
        name
        for name, params in spellings.items()
        if len(account.get("export/questions", limit=1000, page=1, **day, **params).rows("export")) < whole
    )
    if not fewer:
        return undecided("scores in several groups", rows=band(whole))
    return answered("spellings that narrow the export", spellings=fewer, rows=band(whole))


def _totals(account: Account) -> Answer:
    now = account.now()
    replies = [
        account.get("scores", limit=1, **_edited(now - timedelta(hours=1), now)),
        account.get("scores", limit=1, **_edited(now - 7 * DAY, now)),
        account.get("scores", limit=1),
    ]
    found = [reply.body.get("total") if isinstance(reply.body, dict) else None for reply in replies]
    totals = [total for total in found if isinstance(total, int)]
    rows = [len(reply.rows("scores")) for reply in replies]
    if len(totals) < len(replies) or not rows[-1]:
        return undecided("scores, and a total in the answer")
    second = account.get("scores", limit=1, page=2)
    if second.rows("scores") and second.rows("scores") == replies[-1].rows("scores"):
        return answered("page is ignored", rows=band(rows[-1]))
    if totals[0] == totals[1] == totals[2] and not rows[0]:
        return answered("total_before_filters", totals_equal=True)
    if totals[0] < totals[-1]:
        return answered("total_after_filters", totals_equal=False)
    return undecided("older scores, too")


def _hidden_scorecards(account: Account) -> Answer:
    flags: dict[str, dict[str, Any]] = {name: {name: "true"} for name in ("archived", "deleted", "locked")}
    seen = {
        name: set(_ids(account.get("scorecards", limit=5, **params).rows("scorecards", "scorecard"), "scorecard_id"))
        for name, params in {"plain": {}, **flags}.items()
    }
    apart = sorted(name for name in flags if seen[name] and not seen[name] & seen["plain"])
    within = sorted(name for name in flags if seen[name] and seen[name] <= seen["plain"])
    if not apart and not within:
        return undecided("scorecards that are archived, locked or deleted", scorecards=band(len(seen["plain"])))
    return answered("hidden scorecards are listed apart" if apart else "included", apart=apart, included=within)


def _lookups(account: Account) -> Answer:
    cards = [row.get("scorecard_id") for row in account.get("scorecards", limit=2).rows("scorecards", "scorecard")]
    kinds = {"sections": "section", "events": "event", "comments": "comment", "custom_objects": "object"}
    statuses: set[str] = set()
    clashing = set()
    for kind, stem in kinds.items():
        names: dict[str, str] = {}
        for card in cards:
            reply = account.get(f"scorecards/{card}/{kind}", limit=100)
            statuses.add(f"{kind} {reply.status}")
            for row in reply.rows(kind, stem):
                name = str(row.get(f"{stem}_name", row.get(stem)))
                if names.setdefault(str(row.get(f"{stem}_id")), name) != name:
                    clashing.add(kind)
    if clashing:
        return answered("ids are unique within a scorecard only", kinds=sorted(clashing), statuses=sorted(statuses))
    return undecided("two scorecards that use one id", statuses=sorted(statuses))


_SCORES = get("scores", "limit", "page", *EDITED, "group_id", "from_score_date", "to_score_date")
_EXPORT = get("export/questions", "limit", "page", *EDITED, "group_ids", "group_ids[]")
_GROUPS = get("groups", "limit")
_CARDS = get("scorecards", "limit", "archived", "deleted", "locked")

PROBES = (
    Probe("SA1", "access", "reachable, clock, hourly limit", (get("ping"),), _clock),
    Probe("SA2", "access", "credentials", (_GROUPS,), _credentials, is_gate=True),
    Probe("SA3", "access", "each scope", tuple(get(path, "limit") for path in SCOPE_PATHS.values()), _scopes),
    Probe(
        "S12",
        "access",
        "is the filter by group heeded",
        (_GROUPS, _SCORES, get("staff/employees", "limit", "group_id"), get("teams", "limit", "group_id")),
        _group_filter,
    ),
    Probe("S2", "access", "zone of timestamps", (_SCORES,), _zone),
    Probe("S3", "paging", "number of the first page", (get("scorecards/categories", "limit", "page"),), _first_page),
    Probe("S4", "shape", "several rows for one question", (_EXPORT,), _rows_a_question),
    Probe("S5", "paging", "score date far from last edit", (_SCORES,), _score_dates),
    Probe("S6", "limits", "the 31 days of an export", (_EXPORT,), _export_days),
    Probe("S7", "shape", "drafts, calibrations, deleted scores", (_SCORES, _EXPORT), _drafts),
    Probe("S8", "paging", "spelling of several groups", (_GROUPS, _EXPORT), _spelling_of_groups),
    Probe("S14", "paging", "total before or after the filters", (_SCORES,), _totals),
    Probe("S17", "shape", "hidden scorecards", (_CARDS,), _hidden_scorecards),
    Probe(
        "S15",
        "shape",
        "are ids of look-ups unique",
        (
            _CARDS,
            *(get(f"scorecards/{{}}/{kind}", "limit") for kind in ("sections", "events", "comments", "custom_objects")),
        ),
        _lookups,
    ),
)
