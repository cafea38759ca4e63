from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from qa_sandbox.clock import SandboxClock
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.betterworks import Betterworks
from qa_sandbox.vendors.betterworks.dataset import BetterworksDataset
from qa_sandbox.vendors.betterworks.rules import PATHS, Rules
from qa_sandbox.vendors.betterworks.seed_data import Size
from tests.sandbox.schemas import assert_expected_records_fit_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = Size(users=40, goals=40, conversations=30, days=5)


@pytest.fixture
def vendor() -> Iterator[Betterworks]:
    clock = SandboxClock(frozen=True)
    with Sandbox([Betterworks(clock, SMALL)], clock=clock) as sandbox:
        yield sandbox.vendor(Betterworks)


def get(vendor: Betterworks, path: str, token: str = "", **query: Any) -> requests.Response:  # noqa: ANN401
    config = vendor.config()
    headers = {"Authorization": f"APIToken {token or config['api_token']}"}
    return requests.get(f"{config['url']}/{path}", params=query, headers=headers, timeout=5)


def walk(vendor: Betterworks, path: str, **query: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    rows: list[dict[str, Any]] = []
    for page in range(1, 100):
        answer = get(vendor, path, page=page, size=100, **query).json()
        rows += answer["results"]
        if not answer["more"]:
            break
    return rows


def flat(goals: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for goal in goals:
        yield goal
        yield from flat(goal["children"])


@pytest.mark.parametrize("rules", [Rules(), Rules(stamps="iso", children="brief")], ids=["default", "older"])
@pytest.mark.parametrize("stream", BetterworksDataset.streams)
def test_the_truth_fits_the_schema(stream: str, rules: Rules) -> None:
    assert_expected_records_fit_schema(
        BetterworksDataset(SandboxClock(), SMALL, rules=rules), "betterworks", stream, most=40
    )


def test_a_seed_makes_a_world_whatever_the_steps_of_time() -> None:
    dataset, other = (BetterworksDataset(SandboxClock(frozen=True), SMALL) for _ in range(2))
    before = dataset.expected_records("betterworks_goals")
    dataset.advance(days=2)
    for _ in range(4):
        other.advance(hours=12)
    for stream in dataset.streams:
        assert dataset.expected_records(stream) == other.expected_records(stream)
    after = dataset.expected_records("betterworks_goals")
    assert len(after) > len(before)
    assert any(after[key] != row for key, row in before.items())


def test_calls_want_the_token(vendor: Betterworks) -> None:
    assert get(vendor, "users").status_code == 200
    assert get(vendor, "users", "wrong").status_code == 401
    vendor.rules.accepted_privacy = False
    assert get(vendor, "users").status_code == 403


def test_slashes_do_not_matter(vendor: Betterworks) -> None:
    assert get(vendor, "users/").json() == {
        **get(vendor, "users").json(),
        "nextURL": f"{vendor.config()['url']}/users/?page=2",
    }
    assert get(vendor, "nonsense/").status_code == 404


def test_request_ids_come_back(vendor: Betterworks) -> None:
    url = vendor.config()["url"] + "/users/"
    assert requests.get(url, headers={"X-Request-Id": "mine-1"}, timeout=5).headers["X-Request-Id"] == "mine-1"
    assigned = [requests.get(url, timeout=5).headers["X-Request-Id"] for _ in range(2)]
    assert len(set(assigned)) == 2


def test_a_page_holds_at_most_a_hundred(vendor: Betterworks) -> None:
    assert len(get(vendor, "users").json()["results"]) == 30
    assert get(vendor, "users", size=100).json()["more"] is False
    assert get(vendor, "users", size=101).status_code == 400
    vendor.rules.oversize = "clamp"
    assert get(vendor, "users", size=101).status_code == 200
    assert get(vendor, "users", page=99).json() == {"results": [], "more": False, "nextURL": None}


def test_lists_have_several_shapes(vendor: Betterworks) -> None:
    url = vendor.config()["url"] + "/users/?size=20&page=2"
    assert get(vendor, "users/", size=20).json()["nextURL"] == url
    vendor.rules.next_form = "relative"
    assert get(vendor, "users/", size=20).json()["nextURL"] == "/api/v1/users/?size=20&page=2"
    vendor.rules.next_keeps = False
    vendor.rules.envelope = "next"
    answer = get(vendor, "users/", size=20).json()
    assert (answer["next"], answer["count"]) == ("/api/v1/users/?page=2", 41)
    vendor.rules.envelope = "data"
    assert set(get(vendor, "users/").json()) == {"data", "next_url"}
    vendor.rules.envelope = "list"
    assert len(get(vendor, "users/", size=20).json()) == 20


def test_goals_hold_milestones_and_aligned_goals(vendor: Betterworks) -> None:
    truth = vendor.dataset.expected_records("betterworks_goals")
    top = walk(vendor, "goals/filter/")
    assert not any(goal["is_key_result"] for goal in top)
    below = list(flat(top))
    assert {(goal["id"],) for goal in below} == set(truth)
    places = [goal["id"] for goal in below]
    assert len(places) > len(set(places))
    assert {frozenset(goal["owner"]) for goal in below} == {frozenset({"user", "user_id"}), frozenset({"group"})}
    for goal in below:
        parent_id = truth[goal["id"],]["parent_id"]
        assert parent_id == (goal["parent"]["id"] if goal["parent"] else None)
    vendor.rules.children = "brief"
    child = next(goal for goal in walk(vendor, "goals/filter/") if goal["children"])["children"][0]
    assert "start" not in child


def test_goals_can_be_had_by_owner_only(vendor: Betterworks) -> None:
    truth = vendor.dataset.expected_records("betterworks_goals")
    vendor.rules.needs_owner = True
    assert get(vendor, "goals/filter/").status_code == 400
    found = {
        goal["id"] for user in walk(vendor, "users/") for goal in flat(walk(vendor, "goals/filter/", owner=user["id"]))
    }
    assert {(number,) for number in found} == set(truth)


@pytest.mark.parametrize(("stamps", "kind"), [("epoch", int), ("iso", str)])
def test_stamps_have_two_forms(vendor: Betterworks, stamps: Any, kind: type) -> None:  # noqa: ANN401
    vendor.rules.stamps = stamps
    assert type(get(vendor, "goals/filter/").json()["results"][0]["updated"]) is kind
    recognition = get(vendor, "recognition/").json()["results"][0]
    assert type(recognition["created"]) is kind
    assert type(recognition["created_on"]) is str
    assert type(recognition["shoutout"]["created"]) is kind


def test_conversations_come_by_deployment(vendor: Betterworks) -> None:
    assert get(vendor, "conversations/").status_code == 400
    templates = get(vendor, "conversation_templates/").json()["results"]
    numbers = [deployment["id"] for template in templates for deployment in template["deployments"]]
    assert len(numbers) == 6
    rows = {
        row["id"]: str(number) for number in numbers for row in walk(vendor, "conversations/", deployment_id=number)
    }
    truth = vendor.dataset.expected_records("betterworks_conversations")
    assert {(str(number),): deployment for number, deployment in rows.items()} == {
        key: row["deployment_id"] for key, row in truth.items()
    }
    vendor.rules.deployments_key = "deployment"
    vendor.rules.deployment_id_key = "deployment_id"
    template = get(vendor, "conversation_templates/").json()["results"][0]
    assert "deployment_id" in template["deployment"][0]


def test_most_lists_are_for_administrators(vendor: Betterworks) -> None:
    vendor.rules.administrator = False
    for stream, path in PATHS.items():
        answer = get(vendor, path + "/", deployment_id="4001")
        assert answer.status_code == (200 if stream in {"betterworks_users", "betterworks_goals"} else 403)
        assert answer.headers["Content-Type"] == "application/json"


def test_lists_can_be_elsewhere(vendor: Betterworks) -> None:
    vendor.rules.paths["betterworks_recognition"] = "recognitions/all"
    assert get(vendor, "recognition/").status_code == 404
    assert get(vendor, "recognitions/all/").status_code == 200


def test_one_person_and_one_goal_can_be_had(vendor: Betterworks) -> None:
    user = get(vendor, "users/").json()["results"][0]
    assert get(vendor, f"users/{user['email']}/").json() == user
    goal = get(vendor, "goals/filter/").json()["results"][0]
    assert get(vendor, f"goals/{goal['id']}/").json() == goal
