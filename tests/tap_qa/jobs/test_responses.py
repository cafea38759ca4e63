"""What vendors say of their jobs, in forms that differ from document to document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tap_qa.http.attempt_errors import UnreadableResponseError
from tap_qa.http.request import Response
from tap_qa.jobs.responses import job_id, link

ID = "20873a3f-b951-4481-b83b-f6fa1ebe0759"
URL = "https://files.example.com/x"


def answer(body: Any) -> Response:  # noqa: ANN401
    return Response(200, {}, body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.mark.parametrize(
    "body",
    [
        ID,
        ID.encode(),
        f"{ID}\n".encode(),
        {"jobId": ID},
        {"id": ID},
        {"job_id": ID},
        {"exportId": ID},
        {"export_id": ID},
        {"jobStatus": {"id": ID, "status": "RUNNING"}},
    ],
)
def test_a_job_s_id_is_found(body: Any) -> None:  # noqa: ANN401
    assert job_id(answer(body), inside="jobStatus") == ID


def test_a_number_is_an_id_too() -> None:
    assert job_id(answer({"exportId": 17})) == "17"


@pytest.mark.parametrize(
    "body", [{}, {"id": None}, {"id": ""}, {"id": " "}, [], None, True, b"<html>no</html>", b"", {"error": ID}]
)
def test_without_an_id_the_answer_is_not_readable(body: Any) -> None:  # noqa: ANN401
    with pytest.raises(UnreadableResponseError, match=r"JSON|without the id of a job"):
        job_id(answer(body))


@pytest.mark.parametrize(
    "places",
    [
        [{"dataUrl": URL}],
        [{"data_url": URL}],
        [{"url": URL}, {"status": "SUCCEEDED"}],
        [URL, {"status": "SUCCEEDED", "result": URL}],
        [None, {"status": "SUCCEEDED", "url": f" {URL} "}],
        [{"url": None}, {"url": URL}],
    ],
)
def test_a_link_is_found_wherever_it_is(places: list[Any]) -> None:
    assert link(*places) == URL


@pytest.mark.parametrize(
    "places",
    [[{"dataUrl": ""}], [{"dataUrl": None}], [{}], [None, {"status": "SUCCEEDED"}], [{"url": "", "help": URL}]],
)
def test_without_a_link_there_are_no_rows(places: list[Any]) -> None:
    assert not link(*places)


def test_a_link_by_another_name_does_not_pass_for_no_rows() -> None:
    with pytest.raises(UnreadableResponseError, match="fileLocation") as caught:
        link({"status": "complete", "fileLocation": URL})
    assert URL not in str(caught.value)
