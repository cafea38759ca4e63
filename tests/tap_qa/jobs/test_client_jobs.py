"""What jobs over HTTP have in common."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tap_qa.errors import PermissionDeniedError, TapQAError, UnavailableError
from tap_qa.http.attempt_errors import TransientError
from tap_qa.http.hints import Hints
from tap_qa.jobs.client_jobs import ClientJobs

OUTAGES: list[TransientError] = []
CLIENT: Any = SimpleNamespace(
    vendor="fake",
    hints=Hints(forbidden="Ask for more."),
    retry_delay=lambda failure, usual: (failure, usual),
    remember_outage=OUTAGES.append,
)


@pytest.mark.parametrize(
    ("failure", "kind", "text"),
    [
        (
            TransientError("HTTP 403", status=403),
            PermissionDeniedError,
            "fake: HTTP 403, again and again: the export. Ask for more.",
        ),
        (
            TransientError("HTTP 500", status=500),
            UnavailableError,
            "fake: no use asking again for the export: HTTP 500. Run again later; nothing that was read is lost.",
        ),
    ],
)
def test_giving_up_says_why(failure: TransientError, kind: type[TapQAError], text: str) -> None:
    error = ClientJobs(CLIENT).retries_exhausted_error(failure, "the export")
    assert type(error) is kind
    assert str(error) == text
    assert OUTAGES.pop() is failure


def test_waits_are_the_clients_business() -> None:
    failure = TransientError("HTTP 429", 5)
    waited: object = ClientJobs(CLIENT).retry_delay(failure, 7)
    assert waited == (failure, 7)


def test_nothing_is_known_of_other_jobs() -> None:
    assert ClientJobs(CLIENT).has_running_job() is False
