"""MaestroQA's API (now Rippit's), by the help page "MaestroQA API": exports are asked for, polled and downloaded."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import requests

from tap_qa.errors import RequestRefusedError
from tap_qa.http.answers import decode_json
from tap_qa.http.call import Answer, Call
from tap_qa.http.failures import TransientError, UnreadableError
from tap_qa.http.pacing import Pacer, Rate
from tap_qa.jobs.client_jobs import ClientJobs
from tap_qa.jobs.model import State, Status, Terms, scrubbed
from tap_qa.jobs.reading import job_id, link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.http.client import Client
    from tap_qa.jobs.model import Request

EASY = (Rate(10, 1), Rate(100, 60))
"""How often the help page allows a call that asks for no export."""

LEAST_WINDOW = timedelta(hours=1)
_STATES = {
    "requested": State.RUNNING,
    "in_progress": State.RUNNING,
    "complete": State.DONE,
    "errored": State.FAILED,
}
_MESSAGES = ("error", "message", "errorMessage")
_NO_EXPORT = "tap-qa-connection-test"


class Exports(ClientJobs):
    """Asks for exports and looks after them.

    "Demanding" calls, which ask for an export, are allowed once a second and 30 times a minute; "easy" ones, which
    poll, 10 times a second and 100 times a minute.
    """

    def __init__(self, client: Client, config: Mapping[str, Any]) -> None:
        """Prepare.

        Args:
            client: For the calls.
            config: The settings of the vendor.
        """
        super().__init__(client)
        self.terms = Terms(
            poll_seconds=config["poll_seconds"],
            job_timeout_seconds=config["job_timeout_minutes"] * 60,
            timeout_setting="maestroqa.job_timeout_minutes",
            ahead=2,
            refusals=client.around.patience.tries,
        )
        self._demanding = Pacer(Rate(1, 1), Rate(30, 60))
        self.easy = Pacer(*EASY)
        self._poll = self._poll_by_header

    def delay(self, request: Request) -> float:
        """Return how many seconds the pace makes the next request wait."""
        return self.client.delay(self._call(request))

    def request(self, request: Request) -> str:
        """Ask for an export; return its id."""
        return self.client.attempt(self._call(request), job_id)

    def status(self, job_id: str) -> Status:
        """Look how an export is.

        The help page polls `/get-export-data` with the id in a header; its newer edition, `/export-data/{id}`. Which
        of them an account's host has shows at the first poll.
        """
        try:
            return self.client.attempt(self._poll(job_id), _status)
        except RequestRefusedError as refusal:
            if refusal.status != requests.codes.not_found:
                raise
            other = self._poll_by_path if self._poll == self._poll_by_header else self._poll_by_header
            status = self.client.attempt(other(job_id), _status)
            self._poll = other
            return status

    def knock(self) -> None:
        """See whether the token is good, by asking for an export that there is not.

        Raises:
            TapQAError: It is not, or the vendor can't be reached.
        """
        call = self._poll_by_header(_NO_EXPORT)
        with contextlib.suppress(RequestRefusedError):
            try:
                self.client.attempt(call, lambda _answer: None)
            except TransientError as failure:
                # Some servers stumble over an id that they don't know; the token has passed by then.
                if failure.status != requests.codes.server_error:
                    self.client.call(call, lambda _answer: None)

    def _call(self, request: Request) -> Call:
        return Call(
            request.path,
            method="POST",
            json=dict(request.body),
            pacer=self._demanding,
            repeatable=False,
            purpose=request.what,
        )

    def _poll_by_header(self, job_id: str) -> Call:
        return Call("get-export-data", headers={"exportId": job_id}, pacer=self.easy, purpose="the state of an export")

    def _poll_by_path(self, job_id: str) -> Call:
        return Call(f"export-data/{job_id}", pacer=self.easy, purpose="the state of an export")


def learn_time(client: Client) -> None:
    """Learn the vendor's time from the cheapest call there is: by this machine's clock, rows might be passed over.

    Raises:
        UnavailableError: There is no answer.
    """
    client.hear(Call("", method="HEAD", authorised=False, purpose="the time"))


def _status(answer: Answer) -> Status:
    body = decode_json(answer)
    word = body.get("status") if isinstance(body, dict) else None
    if not isinstance(word, str):
        message = "an answer without a status"
        raise UnreadableError(message)
    state = _STATES.get(word.strip().lower(), State.UNKNOWN)
    return Status(
        state,
        word,
        url=link(body) if state is State.DONE else None,
        message=next(filter(None, (scrubbed(body.get(name)) for name in _MESSAGES)), ""),
    )
