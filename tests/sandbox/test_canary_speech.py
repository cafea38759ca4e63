"""The Canary Speech sandbox holds to what the vendor's pages say."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import requests

from qa_sandbox.clock import SandboxClock
from qa_sandbox.vendors.canary_speech import CanarySpeech

if TYPE_CHECKING:
    from collections.abc import Iterator

SCORE = {"dateRecorded": "2026-06-14T12:00:00Z", "scoreId": "x", "scoreType": "number", "scoreData": {"value": 1.5}}


@pytest.fixture
def vendor() -> Iterator[CanarySpeech]:
    vendor = CanarySpeech(SandboxClock(frozen=True))
    vendor.start()
    yield vendor
    vendor.close()


@pytest.fixture
def headers(vendor: CanarySpeech) -> dict[str, str]:
    return {"Authorization": f"Bearer {log_in(vendor, vendor.api_key).json()['accessToken']}"}


def log_in(vendor: CanarySpeech, key: str) -> requests.Response:
    return requests.post(vendor.urls["api"] + "/v3/auth/tokens/get", headers={"Csc-Api-Key": key}, timeout=5)


def query(vendor: CanarySpeech, headers: dict[str, str], **parameters: str) -> requests.Response:
    subject = vendor.dataset.subjects[0]
    url = f"{vendor.urls['api']}/v2/data/query-subject-scores/{subject.id}"
    return requests.get(url, params={"surveyId": subject.survey_id, **parameters}, headers=headers, timeout=5)


def put(vendor: CanarySpeech, headers: dict[str, str], body: object) -> requests.Response:
    url = f"{vendor.urls['api']}/v2/org/assessment/{vendor.dataset.watched[0]}/put-score"
    return requests.put(url, json=body, headers=headers, timeout=5)


def test_tokens_say_when_they_end_and_end_then(vendor: CanarySpeech, headers: dict[str, str]) -> None:
    assert log_in(vendor, "guess").status_code == 401
    claims = headers["Authorization"].split(".")[1]
    ends = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"]
    assert ends == int((vendor.clock.now() + timedelta(hours=1)).timestamp())
    assert query(vendor, headers).status_code == 200
    vendor.clock.advance(timedelta(hours=1))
    assert query(vendor, headers).status_code == 401


def test_queries_give_at_most_100_scores_in_order_of_time(vendor: CanarySpeech, headers: dict[str, str]) -> None:
    scores = query(vendor, headers).json()["scores"]
    dates = [score["dateRecorded"] for score in scores]
    assert len(scores) == 100
    assert dates == sorted(dates)
    assert len(set(dates)) < len(dates)
    later = query(vendor, headers, start=dates[-1]).json()["scores"]
    assert later[0]["dateRecorded"] == dates[-1]
    vendor.start_inclusive = False
    assert query(vendor, headers, start=dates[-1]).json()["scores"][0]["dateRecorded"] > dates[-1]


@pytest.mark.parametrize("wrong", [{"start": "yesterday"}, {"end": "2026-06-14T12:00:00"}])
def test_refuses_what_is_no_instant(vendor: CanarySpeech, headers: dict[str, str], wrong: dict[str, str]) -> None:
    assert query(vendor, headers, **wrong).status_code == 400


def test_scores_of_an_assessment(vendor: CanarySpeech, headers: dict[str, str]) -> None:
    assessment = vendor.dataset.watched[0]
    root = f"{vendor.urls['api']}/v2/org/assessment"
    scores = requests.get(f"{root}/{assessment}/get-scores", headers=headers, timeout=5).json()["scores"]
    truth = vendor.dataset.expected_records("canary_speech_assessment_scores")
    assert {(assessment, score["uuid"]) for score in scores} == {key for key in truth if key[0] == assessment}
    assert requests.get(f"{root}/nobody/get-scores", headers=headers, timeout=5).status_code == 404


def test_every_put_makes_a_new_score(vendor: CanarySpeech, headers: dict[str, str]) -> None:
    first, second = (put(vendor, headers, SCORE).json()["uuid"] for _ in range(2))
    assert first != second
    assert {(first,), (second,)} <= vendor.dataset.expected_records("canary_speech_scores").keys()


@pytest.mark.parametrize("field", SCORE)
def test_put_needs_its_fields(vendor: CanarySpeech, headers: dict[str, str], field: str) -> None:
    without: dict[str, Any] = {name: value for name, value in SCORE.items() if name != field}
    assert put(vendor, headers, without).status_code == 422
    assert put(vendor, headers, {**SCORE, field: None}).status_code == 422
