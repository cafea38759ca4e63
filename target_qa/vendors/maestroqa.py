"""MaestroQA (Rippit): tickets, by its help article "MaestroQA API".

Newer editions call `gradable_id` `ticket_id`, take `attributes` and need no `link`; each name goes out as it came in. A
ticket's id is the caller's own, so sending it twice does no harm: a second creation is refused (409) and becomes an
update, a second deletion finds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from typing_extensions import override

from tap_qa.errors import PermissionDeniedError, RequestRejectedError
from tap_qa.http.rate_limit import RateLimiter
from tap_qa.http.request import Request, Response, path_segment
from tap_qa.http.server_clock import ServerClock
from tap_qa.vendors.maestroqa.client import open_client
from tap_qa.vendors.maestroqa.jobs import STANDARD_LIMITS
from tap_qa.vendors.maestroqa.settings import ACCESS, TITLE
from target_qa.resources.deletion import DELETED
from target_qa.resources.fields import (
    Field,
    RecordRejectedError,
    Values,
    comma_separated,
    instant,
    json_object,
    number,
    path_id,
    text,
    text_list,
)
from target_qa.resources.resource import Resource, VendorSinks, WriteResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.runtime.context import RunContext
    from tap_qa.runtime.progress import StreamStats


_IDS = ("gradable_id", "ticket_id")


class MaestroQA:
    """One account, for writing."""

    def __init__(self, config: Mapping[str, Any], run_context: RunContext) -> None:
        """Prepare; nothing is sent yet."""
        self.rate_limiter = RateLimiter(*STANDARD_LIMITS)
        self.client = open_client(config, run_context, ServerClock(TITLE, run_context.clock))

    def track_requests(self, stats: StreamStats | None) -> None:
        """Count requests for this stream."""
        self.client.stats = stats


class Tickets(Resource):
    """Tickets that agents are graded on."""

    name = "maestroqa_tickets"
    fields = (
        Field("gradable_id", path_id, "an id", required=False),
        Field("ticket_id", path_id, "an id", required=False),
        Field("type", text, "a text"),
        Field("subject", text, "a text"),
        Field("agents", text_list, "a list of agents' ids"),
        Field("link", text, "a text", required=False),
        Field("body", text, "a text"),
        Field("tags", comma_separated, "a list of texts without commas", required=False),
        Field("status", text, "a text", required=False),
        Field("csat_score", number, "a number", required=False),
        Field("first_seen", instant, "a date and time", required=False),
        Field("last_seen", instant, "a date and time", required=False),
        Field("attributes", json_object, "a JSON object", required=False),
    )
    identifiers = _IDS
    can_delete = True
    connection: MaestroQA

    @classmethod
    @override
    def first_request(cls, values: Values, mark: str) -> Request:
        return _delete(values) if values.get(DELETED) else _create(values)

    @override
    def write(self, values: Values, mark: str) -> WriteResult:
        if values.get(DELETED):
            return self._modify(values, _delete(values), WriteResult.DELETED, absent=WriteResult.ALREADY_EXISTS)
        try:
            self._send(_create(values))
        except RequestRejectedError as rejection:
            if rejection.status != requests.codes.conflict:
                raise
            return self._modify(values, _update(values), WriteResult.UPDATED)
        return WriteResult.CREATED

    def _modify(
        self, values: Values, request: Request, outcome: WriteResult, *, absent: WriteResult | None = None
    ) -> WriteResult:
        """Make a request about a ticket that is there, or was; one that a help desk keeps can't be changed."""
        name = _id_name(values)
        try:
            self._send(request)
        except RequestRejectedError as rejection:
            if rejection.status == requests.codes.not_found and absent is not None:
                return absent
            raise RecordRejectedError(name, _read_only_reason(rejection.status)) from rejection
        except PermissionDeniedError as rejection:
            raise RecordRejectedError(name, _read_only_reason(requests.codes.forbidden)) from rejection
        return outcome

    def _send(self, request: Request) -> None:
        paced = Request(
            request.path,
            method=request.method,
            json=request.json,
            description=request.description,
            rate_limiter=self.connection.rate_limiter,
        )
        self.connection.client.send(paced, _done)


def _read_only_reason(status: int) -> str:
    return f"names a ticket that can't be changed (HTTP {status}); those synced from a help desk can't"


def _body(values: Values) -> Values:
    """Return a ticket's fields; an optional one is sent only with a value, since the API takes no empty ones."""
    return {name: value for name, value in values.items() if name != DELETED}


def _create(values: Values) -> Request:
    return Request("tickets", method="POST", json=_body(values), description="creating a ticket")


def _update(values: Values) -> Request:
    body = {name: value for name, value in _body(values).items() if name not in _IDS}
    return Request(_path(values), method="PATCH", json=body, description="updating a ticket")


def _delete(values: Values) -> Request:
    return Request(_path(values), method="DELETE", description="deleting a ticket")


def _path(values: Values) -> str:
    return f"tickets/{path_segment(TITLE, values[_id_name(values)])}"


def _id_name(values: Values) -> str:
    return next(name for name in _IDS if name in values)


def _done(_answer: Response) -> None:
    """Take any success for a confirmation: the article shows no body for all of them."""


MAESTROQA = VendorSinks(name="maestroqa", title=TITLE, settings=ACCESS, resources=(Tickets,), connect=MaestroQA)

__all__ = ["MAESTROQA"]
