"""What instances of Scorebuddy can be like."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.tap_qa.doctor.cases.case import (
    FAILED,
    REFUSED,
    TO_DO,
    UNDECIDED,
    UNREACHABLE,
    Case,
    both,
    change,
    reply,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.vendors.scorebuddy import Scorebuddy

DAY = timedelta(days=1)
EDITED = frozenset({"from_last_edit_date", "to_last_edit_date"})


def rules(**values: Any) -> Callable[[Scorebuddy], None]:  # noqa: ANN401 - switches
    """Set switches."""

    def arrange(vendor: Scorebuddy) -> None:
        assert all(hasattr(vendor.rules, name) for name in values)
        for name, value in values.items():
            setattr(vendor.rules, name, value)

    return arrange


def nobody_edits(vendor: Scorebuddy) -> None:
    vendor.clock.advance(timedelta(days=3))


def edited_in(zone: str) -> Callable[[Scorebuddy], None]:
    def arrange(vendor: Scorebuddy) -> None:
        vendor.rules.timezone = zone
        vendor.dataset.add()

    return arrange


def no_scores(vendor: Scorebuddy) -> None:
    with vendor.dataset.lock:
        vendor.dataset.instance.scores.clear()
        vendor.dataset.changed()


def one_group(vendor: Scorebuddy) -> None:
    first = min(vendor.dataset.instance.groups)

    def only_first(body: dict[str, Any]) -> None:
        [array] = (name for name in ("groups", "scores", "export", "teams", "employees") if name in body)
        body[array] = [row for row in body[array] if first in row.get("group_ids", [row.get("group_id")])]

    change(vendor, "(groups|scores|questions|teams|employees)$", only_first)


def each_row_twice(vendor: Scorebuddy) -> None:
    def twice(body: dict[str, Any]) -> None:
        body["export"] += [row | {"comment_ids": [4711]} for row in body["export"][:1]]

    change(vendor, "export/questions", twice)


def rows_twice_alike(vendor: Scorebuddy) -> None:
    change(vendor, "export/questions", lambda body: body["export"].extend(body["export"][:1]))


def settings(**values: bool) -> Callable[[Scorebuddy], None]:
    def arrange(vendor: Scorebuddy) -> None:
        change(vendor, "scorecards$", lambda body: [row.update(settings=values) for row in body["scorecards"]] and None)

    return arrange


def score_dated_far(vendor: Scorebuddy) -> None:
    score = vendor.dataset.add(vendor.clock.now() - 9 * DAY)
    vendor.dataset.redate(score.id, -2)


def a_draft_in(place: str, array: str) -> Callable[[Scorebuddy], None]:
    """One score of the closed day is in one of the two lists alone."""

    def arrange(vendor: Scorebuddy) -> None:
        change(vendor, f"{place}$", lambda body: body[array].__delitem__(slice(0, None)), query="to_last_edit_date")
        change(vendor, f"{place}$", lambda body: body[array].__delitem__(slice(0, None)), query="to_last_edit_date")

    return arrange


def old_scores_whatever_is_asked(vendor: Scorebuddy) -> None:
    """Ignore the filter of the list, not that of the export."""
    old = [{"score_id": 10**7 + number, "last_edit_date": "2020-01-01 12:00:00"} for number in range(3)]
    reply(vendor, 200, "scores$", {"scores": old, "total": 3, "next_page": None})


def categories(count: int) -> Callable[[Scorebuddy], None]:
    def arrange(vendor: Scorebuddy) -> None:
        change(vendor, "categories$", lambda body: body.update(categories=body["categories"][:count]))

    return arrange


def names_of_a_card(vendor: Scorebuddy) -> None:
    card = min(vendor.dataset.instance.scorecards)
    others = [number for number in vendor.dataset.instance.scorecards if number != card]

    def rename(body: dict[str, Any]) -> None:
        for row in body["events"]:
            row["event_name"] += " (own)"

    for number in others[::2]:
        change(vendor, f"scorecards/{number}/events$", rename)


def shelve_no_card(vendor: Scorebuddy) -> None:
    with vendor.dataset.lock:
        for card in vendor.dataset.instance.scorecards.values():
            card.locked = card.archived = card.deleted = False
        for number in sorted(vendor.dataset.instance.scorecards)[2:]:
            del vendor.dataset.instance.scorecards[number]
        vendor.dataset.changed()


CASES: tuple[Case[Scorebuddy], ...] = (
    Case("SA1", "token_calls_count"),
    Case("SA1", "token_calls_are_free", rules(counts_tokens=False)),
    Case("SA1", "budget_of_the_client", rules(budget="token")),
    Case("SA1", "no_limit_told", rules(budget="untold")),
    Case("SA1", "no_token", config={"client_secret": "wrong" * 8}, status=UNREACHABLE),
    Case("SA1", "no_ping", lambda vendor: reply(vendor, 404, "ping")),
    Case("SA1", FAILED, lambda vendor: reply(vendor, 503, "ping"), status=UNREACHABLE),
    Case("SA2", "granted"),
    Case("SA2", REFUSED, config={"client_secret": "wrong" * 8}, status=UNREACHABLE),
    Case("SA3", "all"),
    Case("SA3", REFUSED, rules(granted=frozenset({"groups:read", "scores:read"}))),
    Case("SA3", REFUSED, lambda vendor: reply(vendor, 404, "teams$"), evidence={"absent": ["teams:read"]}),
    Case("S12", "heeded"),
    Case("S12", "ignored", rules(ignores_groups=True)),
    Case("S12", "ignored", rules(ignores_groups=True), config={"group_ids": [1]}, status=TO_DO),
    Case("S12", "unlisted", config={"group_ids": [999]}, status=TO_DO),
    Case("S12", UNDECIDED, one_group),
    Case("S2", "utc", edited_in("UTC")),
    Case(
        "S2",
        "ahead_of_utc",
        edited_in("Europe/Dublin"),
        config={"timezone": None},
        status=TO_DO,
        evidence={"offset": "+01:00"},
    ),
    Case(
        "S2",
        "ahead_of_utc",
        edited_in("Asia/Kolkata"),
        config={"timezone": "UTC"},
        status=TO_DO,
        evidence={"offset": "+05:30"},
    ),
    Case("S2", "ahead_of_utc", edited_in("Europe/Dublin"), config={"timezone": "Europe/Dublin"}),
    Case("S2", UNDECIDED, nobody_edits),
    Case("S2", UNDECIDED, both(nobody_edits, rules(ignores=EDITED))),
    Case("S2", UNDECIDED, both(nobody_edits, rules(ignores=EDITED)), lambda _vendor: None),
    Case(
        "S2",
        "behind_utc",
        rules(timezone="America/New_York"),
        lambda vendor: vendor.dataset.add(),
        {"timezone": "UTC"},
        TO_DO,
        {"offset": "-04:00"},
    ),
    Case(
        "S2",
        "ahead_of_utc",
        rules(timezone="Europe/Dublin"),
        lambda vendor: vendor.dataset.add(),
        {"timezone": "Europe/Dublin"},
    ),
    Case("S2", "utc", rules(shows_after=60), lambda vendor: vendor.dataset.add(), evidence={"shown_after": "60 s"}),
    Case("S2", UNDECIDED, nobody_edits, lambda _vendor: None),
    Case("S4", "several", each_row_twice),
    Case("S4", "one", both(shelve_no_card, settings(multiple_rcas=False))),
    Case("S4", UNDECIDED, settings(multiple_rcas=True)),
    Case("S4", UNDECIDED, rows_twice_alike),
    Case("S5", "far", score_dated_far),
    Case("S5", UNDECIDED),
    Case("S7", "export_lacks_scores", a_draft_in("export/questions", "export")),
    Case("S7", "list_lacks_scores", a_draft_in("scores", "scores")),
    Case("S7", UNDECIDED),
    Case("S7", UNDECIDED, old_scores_whatever_is_asked),
    Case("S6", "31_days"),
    Case("S6", "no_limit", rules(export_days=400)),
    Case("S6", "fewer_days", rules(export_days=30)),
    Case("S14", "total_after_filters"),
    Case("S14", "total_before_filters", both(rules(totals_before_filters=True), nobody_edits)),
    Case("S14", "page_ignored", rules(ignores=frozenset({"page"}))),
    Case("S14", UNDECIDED, no_scores),
    Case("S14", UNDECIDED, rules(shows_totals=False)),
    Case("S3", "first_page_0", rules(first_page=0)),
    Case("S3", "first_page_1", rules(first_page=1)),
    Case("S3", "first_page_1", rules(export_max_limit=100), evidence={"export_limit_1000": "refused"}),
    Case("S3", "page_ignored", rules(ignores=frozenset({"page"}))),
    Case("S3", UNDECIDED, categories(0)),
    Case("S8", "any"),
    Case("S8", "repeated", rules(group_ids="repeated")),
    Case("S8", "brackets", rules(group_ids="brackets")),
    Case("S8", "one_at_a_time", rules(group_ids="comma")),
    Case("S8", "ignored", rules(ignores_groups=True)),
    Case("S8", UNDECIDED, no_scores),
    Case("S17", "apart"),
    Case("S17", "included", rules(hides_scorecards=False)),
    Case("S17", "flags_ignored", rules(ignores=frozenset({"archived", "deleted", "locked"}))),
    Case("S17", UNDECIDED, shelve_no_card),
    Case("S15", "of_a_scorecard", names_of_a_card),
    Case("S15", UNDECIDED),
)
