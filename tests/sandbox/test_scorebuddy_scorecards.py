"""The simulated scorecards, in both dialects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.scorebuddy_client import WINDOW, Client, client, vendor

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy import Scorebuddy

__all__ = ["client", "vendor"]  # fixtures


def test_scorecards_hide_what_is_not_asked_for(vendor: Scorebuddy, client: Client) -> None:
    def numbers(**query: str) -> set[int]:
        return {row["scorecard_id"] for row in client.walk("/scorecards", "scorecards", **query)}

    assert numbers() == {70, 71, 72}
    assert numbers(locked="true") == {73}
    assert numbers(archived="true") == {74}
    assert numbers(locked="1", archived="1") == {76}
    assert client.get("/scorecards", locked="maybe").status_code == 400
    vendor.rules.hides_scorecards = False
    assert len(numbers()) == 8
    vendor.rules.scorecards_key = "scorecard"
    assert "scorecard" in client.get("/scorecards").json()


def test_a_version_holds_at_most_a_hundred_questions(client: Client) -> None:
    card = client.get("/scorecards/73").json()["scorecard"]
    assert "settings" in card
    version = client.get("/scorecards/73/versions/1").json()["version"]
    assert (len(version["questions"]), version["number_of_questions"]) == (100, 112)
    questions = client.walk("/scorecards/73/versions/1/questions", "questions")
    assert [question["question_number"] for question in questions] == list(range(1, 113))
    base = f"/scorecards/73/versions/1/questions/{questions[0]['question_id']}"
    assert client.get(base + "/answers").json()["answers"] == questions[0]["answers"]
    assert client.get(base + "/causes").json()["causes"] == questions[0]["causes"]
    assert client.get("/scorecards/73/versions/9").status_code == 404
    assert client.get("/scorecards/999/versions").status_code == 404


def test_the_newer_document_has_other_names(vendor: Scorebuddy, client: Client) -> None:
    vendor.rules.dialect = "openapi"
    row = client.get("/export/questions", **WINDOW).json()["export"][0]
    assert {"free_text_comments", "custom_text_field"} < set(row)
    assert not {"answer_comments", "custom_fields"} & set(row)
    card = client.get("/scorecards").json()["scorecards"][0]
    assert "archieved" in card
    assert "version_id" in card["versions"][0]
    question = card["versions"][0]["questions"][0]
    assert "fail_all" in question
    assert "point_of_failure" not in question["answers"][0]
    assert "version_number" in client.get("/scores").json()["scores"][0]
