"""What accounts of MaestroQA can be like."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from qa_sandbox.http import effects
from qa_sandbox.vendors.maestroqa.grades import Grade, Revision
from tests.tap_qa.doctor.cases.case import FAILED, REFUSED, UNDECIDED, UNREACHABLE, Case, both, reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.vendors.maestroqa import MaestroQa

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SCORES = "total_scores"


def style(**values: Any) -> Callable[[MaestroQa], None]:  # noqa: ANN401 - switches
    """Set switches of the files, of an account in which each minute of the last hour has its grade."""

    def arrange(vendor: MaestroQa) -> None:
        graded_all_hour(vendor)
        assert all(hasattr(vendor.style, name) for name in values)
        for name, value in values.items():
            setattr(vendor.style, name, value)

    return arrange


def graded_at(vendor: MaestroQa, moments: list[datetime]) -> None:
    """Have just these grades in the last two days, of normal kind."""
    dataset = vendor.dataset
    normal = [grade for grade in dataset.grades if grade.grade_type == "grading"]
    dataset.grades[:] = [_like(grade, at) for grade, at in zip(normal, moments, strict=False)]
    assert len(dataset.grades) == len(moments)


def _like(grade: Grade, at: datetime) -> Grade:
    return Grade(
        grade.seed, grade.ticket, grade.agent, grade.rubric, grade.grader, grade.grade_type, at - HOUR, [Revision(at)]
    )


def graded_all_hour(vendor: MaestroQa) -> None:
    start = vendor.clock.now() - HOUR
    vendor.style.dates = ("guarded", "naive")
    graded_at(vendor, [start + minutes * MINUTE for minutes in (1, 12, 31, 58)])


def graded_twice(vendor: MaestroQa) -> None:
    graded_all_hour(vendor)
    vendor.dataset.grades.append(vendor.dataset.grades[0])


def an_old_grade_edited(vendor: MaestroQa) -> None:
    """Change the comment of a grade of two days ago within the last hour."""
    old = _like(vendor.dataset.grades[0], vendor.clock.now() - 48 * HOUR)
    old.revisions.append(Revision(vendor.clock.now() - 20 * MINUTE, regrade=False))
    vendor.dataset.grades.append(old)


def never_graded(vendor: MaestroQa) -> None:
    vendor.dataset.grades.clear()


def bounds(*, inclusive: Any) -> Callable[[MaestroQa], None]:  # noqa: ANN401 - a switch
    def arrange(vendor: MaestroQa) -> None:
        graded_all_hour(vendor)
        vendor.jobs.inclusive = inclusive

    return arrange


def edited(*, grade_date: bool = False, reported: bool = False) -> Callable[[MaestroQa], None]:
    """Edit one grade now, and let exports show it."""

    def act(vendor: MaestroQa) -> None:
        _keep_up(vendor)
        grade = vendor.dataset.grades[0]
        now = vendor.clock.now()
        grade.revisions.append(Revision(now, regrade=grade_date))
        if reported:
            grade.reported_at = now

    return act


def _keep_up(vendor: MaestroQa) -> None:
    vendor.dataset.on_request.append(lambda _request: vendor.dataset.apply_due_events())


def shown_after(delay: timedelta) -> Callable[[MaestroQa], None]:
    def arrange(vendor: MaestroQa) -> None:
        graded_all_hour(vendor)
        vendor.dataset.delay = delay
        _keep_up(vendor)

    return arrange


def lists(vendor: MaestroQa) -> None:
    for path in ("coaching-points", "todos", "assignments", "coaching-sessions", "scim/v2/Users", "scim/v2/Groups"):
        reply(vendor, 404, f"{path}$")


def polled_by(*ways: str) -> Callable[[MaestroQa], None]:
    return lambda vendor: vendor.polls.intersection_update(ways)


CASES: tuple[Case[MaestroQa], ...] = (
    Case("MA1", "accepted", evidence={"status": "404", "error_keys": ["error"]}),
    Case(
        "MA1",
        "accepted",
        lambda vendor: vendor.faults.add(effects.redirect("https://elsewhere.example/"), method="HEAD"),
        evidence={"sends_on_to_another_host": True},
    ),
    Case("MA1", REFUSED, config={"api_token": "wrong"}, status=UNREACHABLE),
    Case("M8", "both"),
    Case("M8", "header", polled_by("header", "body")),
    Case("M8", "path", polled_by("path")),
    Case("M8", UNDECIDED, lambda vendor: reply(vendor, 404, "export-data", {"error": "Not found"})),
    Case("M11", "some"),
    Case("M11", "none", lists),
    Case("M1", "known", style(), evidence={"delimiter": "comma", "byte_order_mark": False, "line_ends": "CR LF"}),
    Case("M1", "other", style(new_columns={SCORES: {"Mood": "x"}}), evidence={"unknown": "1"}),
    Case("M1", "other", style(missing_columns={SCORES: {"comment"}}), evidence={"missing": ["comment"]}),
    Case("M1", UNDECIDED, never_graded),
    Case("M1", REFUSED, lambda vendor: reply(vendor, 403, "request-raw-export")),
    Case("M1", FAILED, lambda vendor: reply(vendor, 422, "request-raw-export")),
    Case("M5", "duplicates", graded_twice, evidence={"grade_types": ["grading"], "deleted_column": False}),
    Case(
        "M5",
        "answer_ids",
        style(missing_columns={SCORES: {"target_answer_id"}}, new_columns={SCORES: {"target_answer_id": "a1"}}),
    ),
    Case("M5", UNDECIDED, style()),
    Case("M5", UNDECIDED, never_graded),
    Case("M2", "utc", style()),
    Case(
        "M2",
        "ahead_of_utc",
        style(zone=timezone(timedelta(hours=5, minutes=30))),
        status=3,
        evidence={"offset": "+05:30"},
    ),
    Case("M2", "ahead_of_utc", style(zone=timezone(timedelta(hours=1))), config={"timezone": "Europe/Dublin"}),
    Case("M2", "behind_utc", style(zone=timezone(timedelta(hours=-4))), status=3, evidence={"offset": "-04:00"}),
    Case("M2", "utc", both(style(), an_old_grade_edited)),
    Case("M2", "with_offset", style(dates=("iso",))),
    Case("M2", UNDECIDED, lambda vendor: graded_at(vendor, [vendor.clock.now() - 30 * MINUTE])),
    Case("M2", UNDECIDED, never_graded),
    Case("M7", "lives_a_minute", style()),
    Case(
        "M7",
        "dies_within_a_minute",
        both(style(), lambda vendor: setattr(vendor.jobs, "link_lifetime", MINUTE / 2)),
    ),
    Case(
        "M7",
        UNDECIDED,
        both(style(), lambda vendor: reply(vendor, 403, "", method="HEAD", server="files")),
    ),
    Case("M7", UNDECIDED, never_graded),
    Case("M3", "neither", bounds(inclusive=False)),
    Case("M3", "both", bounds(inclusive=True)),
    Case("M3", "start", bounds(inclusive="start")),
    Case("M3", "end", bounds(inclusive="end")),
    Case("M3", UNDECIDED, never_graded),
    Case("M3", UNDECIDED, lambda vendor: graded_at(vendor, [vendor.clock.now() - 30 * MINUTE])),
    Case("M12", "no_link"),
    Case("M12", "header_only", style(link_without_rows=True), evidence={"zip": "header only"}),
    Case(
        "M12", "header_only", style(link_without_rows=True, absent_tables={"csat"}), evidence={"zip": "files missing"}
    ),
    Case(
        "M12",
        "no_bytes",
        style(empty_tables={"total_scores", "section_scores", "individual_answers", "annotations", "csat"}),
        evidence={"zip": "no bytes"},
    ),
    Case("M12", "rejected", lambda vendor: reply(vendor, 422, "request-raw-export"), evidence={"status": "422"}),
    Case("M13", "both"),
    Case("M13", "groups_only", lambda vendor: reply(vendor, 404, "screen-capture")),
    Case("M13", "gone", lambda vendor: reply(vendor, 404, "request-groups-export")),
    Case("M13", UNDECIDED, lambda vendor: vendor.dataset.memberships.clear()),
    Case("M13", REFUSED, lambda vendor: reply(vendor, 403, "request-groups-export")),
    Case("M4", "date_graded", graded_all_hour, edited(grade_date=True)),
    Case("M4", "date_reported_as", graded_all_hour, edited(reported=True), status=3),
    Case("M4", "both", graded_all_hour, edited(grade_date=True, reported=True), status=3),
    Case("M4", "neither", graded_all_hour, edited()),
    Case("M4", UNDECIDED, graded_all_hour, lambda _vendor: None),
    Case("M4", UNDECIDED, never_graded, lambda _vendor: None),
    Case("M14", "at_once", shown_after(timedelta()), edited(grade_date=True)),
    Case("M14", "within_two_minutes", shown_after(MINUTE), edited(grade_date=True)),
    Case("M14", "within_seven_minutes", shown_after(4 * MINUTE), edited(grade_date=True)),
    Case("M14", UNDECIDED, shown_after(HOUR), edited(grade_date=True)),
)
