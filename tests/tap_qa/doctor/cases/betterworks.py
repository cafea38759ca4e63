"""What accounts of Betterworks can be like."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from qa_sandbox.vendors.betterworks.rules import PATHS
from tests.tap_qa.doctor.cases.case import FAILED, REFUSED, TO_DO, UNDECIDED, UNREACHABLE, Case, change, reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.vendors.betterworks import Betterworks


def rules(**values: Any) -> Callable[[Betterworks], None]:  # noqa: ANN401 - switches
    """Set switches."""

    def arrange(vendor: Betterworks) -> None:
        assert all(hasattr(vendor.rules, name) for name in values)
        for name, value in values.items():
            setattr(vendor.rules, name, value)

    return arrange


def users(count: int) -> Callable[[Betterworks], None]:
    """Leave so many people, the ones who manage nobody going first."""

    def arrange(vendor: Betterworks) -> None:
        with vendor.dataset.lock:
            people = vendor.dataset.organisation.users
            for number in list(people)[count:]:
                del people[number]
            vendor.dataset.changed()

    return arrange


def no_goals(vendor: Betterworks) -> None:
    with vendor.dataset.lock:
        vendor.dataset.organisation.goals.clear()
        vendor.dataset.changed()


def one_owner_of_one_goal(vendor: Betterworks) -> None:
    change(vendor, "goals/filter/$", lambda body: body.update(results=body["results"][:1]))


def check_in(vendor: Betterworks, *kept: str) -> None:
    """Check in on every goal, so on the one that is looked at; `kept` keep what they were."""
    goals = vendor.dataset.organisation.goals
    before = {number: (goal.updated, goal.last_checkedin) for number, goal in goals.items()}
    vendor.clock.advance(timedelta(minutes=1))
    for number, goal in goals.items():
        vendor.dataset.check_in(number)
        updated, checked_in = before[number]
        if "updated" in kept:
            goal.updated = updated
        if "last_checkedin" in kept:
            goal.last_checkedin = checked_in
        goal.progress = goal.progress / 2
    vendor.dataset.changed()


def iso_goals(vendor: Betterworks) -> None:
    def write(body: dict[str, Any]) -> None:
        for goal in body["results"]:
            goal["updated"] = "2026-06-01T00:00:00Z"

    change(vendor, "goals/filter/$", write)


def no_stamps(vendor: Betterworks) -> None:
    names = ("updated", "last_checkedin", "created", "modified")

    def strip(body: dict[str, Any]) -> None:
        for row in body["results"]:
            for name in names:
                row.pop(name, None)

    change(vendor, "/$", strip)


def deployments_without(name: str) -> Callable[[Betterworks], None]:
    def strip(body: dict[str, Any]) -> None:
        for row in body["results"]:
            for deployment in row["deployments"]:
                deployment[name] = deployment.pop("id")

    return lambda vendor: change(vendor, "conversation_templates/$", strip)


def no_deployments(vendor: Betterworks) -> None:
    change(
        vendor,
        "conversation_templates/$",
        lambda body: [row.update(deployments=[]) for row in body["results"]] and None,
    )


ELSEWHERE = {**PATHS, "betterworks_recognition": "recognitions"}
CASES: tuple[Case[Betterworks], ...] = (
    Case("BA1", "accepted", evidence={"status_without_token": "401", "request_id_in_answer": True}),
    Case("BA1", REFUSED, config={"api_token": "wrong"}, status=UNREACHABLE),
    Case("BA1", FAILED, lambda vendor: reply(vendor, 400, "users/$"), status=UNREACHABLE),
    Case("B1", "all"),
    Case("B1", "missing", rules(paths=ELSEWHERE), evidence={"missing": ["betterworks_recognition"]}),
    Case("B1", "no_admin", rules(administrator=False)),
    Case("B15", "everybody"),
    Case("B15", "own_only", rules(shows_all_goals=False), status=TO_DO),
    Case("B15", "owner_needed", rules(needs_owner=True)),
    Case("B15", REFUSED, lambda vendor: reply(vendor, 404, "goals/filter/$")),
    Case("B15", UNDECIDED, no_goals),
    Case("B15", UNDECIDED, one_owner_of_one_goal),
    Case("B3", "not_filtered"),
    Case("B3", "filtered", rules(heeds=frozenset({"updated_since"})), evidence={"heeded": ["updated_since"]}),
    Case("B3", "filtered", rules(heeds=frozenset({"modified_after"})), evidence={"heeded": ["modified_after"]}),
    Case("B3", "filtered", rules(heeds=frozenset({"ordering"})), evidence={"heeded": ["ordering"]}),
    Case("B3", UNDECIDED, no_goals),
    Case("B17", "updated", by_hand=check_in),
    Case("B17", "updated", by_hand=lambda vendor: check_in(vendor, "last_checkedin")),
    Case("B17", "last_checkedin", by_hand=lambda vendor: check_in(vendor, "updated"), status=TO_DO),
    Case("B17", "neither", by_hand=lambda vendor: check_in(vendor, "updated", "last_checkedin")),
    Case("B17", UNDECIDED, by_hand=lambda _vendor: None),
    Case("B2", "first_page_0", rules(first_page=0)),
    Case("B2", "first_page_1", rules(first_page=1), evidence={"oversize": "refused with 400"}),
    Case("B2", "first_page_1", rules(oversize="clamp"), evidence={"oversize": "taken"}),
    Case("B2", "offset", rules(ignores=frozenset({"page"}), heeds=frozenset({"offset"}))),
    Case("B2", "page_ignored", rules(ignores=frozenset({"page"}))),
    Case("B2", "not_paged", rules(takes_page=False)),
    Case("B2", UNDECIDED, users(1)),
    Case("B16", "null_is_the_end", evidence={"next_page": "empty", "more": "false"}),
    Case("B16", "more_on_last_page", lambda vendor: change(vendor, "users/$", lambda body: body.update(more=True))),
    Case(
        "B16",
        "link_on_last_page",
        lambda vendor: change(vendor, "users/$", lambda body: body.update(nextURL="/x?page=2")),
    ),
    Case("B16", "nothing_told", rules(envelope="list")),
    Case("B16", UNDECIDED, users(0)),
    Case("B7", "epoch", evidence={"ids": ["integer"]}),
    Case("B7", "iso", rules(stamps="iso")),
    Case("B7", "mixed", iso_goals),
    Case("B7", UNDECIDED, no_stamps),
    Case("B11", "by_id", evidence={"array": "deployments", "status_of_no_deployment": "400"}),
    Case("B11", "by_deployment_id", rules(deployments_key="deployment", deployment_id_key="deployment_id")),
    Case("B11", "by_uuid", rules(deployment_id_key="uuid")),
    Case("B11", "by_another_name", deployments_without("number")),
    Case("B11", UNDECIDED, no_deployments),
    Case("B11", REFUSED, lambda vendor: reply(vendor, 403, "conversation_templates/$")),
)
