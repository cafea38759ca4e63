"""MaestroQA (Rippit): tickets, by its help article "MaestroQA API".

A ticket's id is the caller's own, so sending it twice does no harm: a second creation is refused (409) and becomes an
update, a second deletion finds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests
from typing_extensions import override

from tap_qa.errors import PermissionMissingError, RequestRefusedError
from tap_qa.http.call import Answer, Call
from tap_qa.http.pacing import Pacer
from tap_qa.vendor_clock import VendorClock
from tap_qa.vendors.maestroqa.account import TITLE, open_client
from tap_qa.vendors.maestroqa.api import EASY
from tap_qa.vendors.maestroqa.settings import ACCESS
from target_qa.destination import Destination, Outcome, VendorSinks
from target_qa.fields import Field, Refusal, Values, comma_separated, instant, mark_set, number, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.http.surroundings import Surroundings
    from tap_qa.progress import Tally


class MaestroQA:
    """One account, for writing."""

    def __init__(self, config: Mapping[str, Any], around: Surroundings) -> None:
        """Prepare; nothing is sent yet."""
        self.pacer = Pacer(*EASY)
        self.client = open_client(config, around, VendorClock(TITLE, around.clock))

    def count_for(self, tally: Tally | None) -> None:
        """Count requests for this stream."""
        self.client.tally = tally


class Tickets(Destination):
    """Tickets that agents are graded on."""

    name = "maestroqa_tickets"
    fields = (
        Field("gradable_id", text, "a text"),
        Field("type", text, "a text"),
        Field("subject", text, "a text"),
        Field("agents", texts, "a list of agents' ids"),
        Field("link", text, "a text"),
        Field("body", text, "a text"),
        Field("tags", comma_separated, "a list of texts", required=False),
        Field("status", text, "a text", required=False),
        Field("csat_score", number, "a number", required=False),
        Field("first_seen", instant, "a date and time", required=False),
        Field("last_seen", instant, "a date and time", required=False),
        Field("deleted", mark_set, "a truth value or a time", required=False, aliases=("_sdc_deleted_at",)),
    )
    connection: MaestroQA

    @classmethod
    @override
    def asked(cls, columns: Mapping[str, str], record: Mapping[str, Any]) -> tuple[Field, ...]:
        """Return all fields, but of a ticket to delete only what says which."""
        deleted = record.get(columns.get("deleted", ""))
        if deleted is not None and mark_set(deleted):
            return tuple(field for field in cls.fields if field.name in {"gradable_id", "deleted"})
        return cls.fields

    @classmethod
    @override
    def least(cls, columns: Mapping[str, str]) -> tuple[Field, ...]:
        return cls.fields[:1] if "deleted" in columns else super().least(columns)

    @classmethod
    @override
    def call(cls, values: Values, mark: str) -> Call:
        return _delete(values) if values.get("deleted") else _create(values)

    @override
    def deliver(self, values: Values, mark: str) -> Outcome:
        if values.get("deleted"):
            return self._change(_delete(values), Outcome.DELETED, absent=Outcome.THERE_ALREADY)
        try:
            self._send(_create(values))
        except RequestRefusedError as refusal:
            if refusal.status != requests.codes.conflict:
                raise
            return self._change(_update(values), Outcome.UPDATED)
        return Outcome.CREATED

    def _change(self, call: Call, outcome: Outcome, *, absent: Outcome | None = None) -> Outcome:
        """Make a call about a ticket that is there, or was; one that a help desk keeps can't be changed."""
        try:
            self._send(call)
        except RequestRefusedError as refusal:
            if refusal.status == requests.codes.not_found and absent is not None:
                return absent
            raise Refusal("gradable_id", _not_ours(refusal.status)) from refusal
        except PermissionMissingError as refusal:
            raise Refusal("gradable_id", _not_ours(requests.codes.forbidden)) from refusal
        return outcome

    def _send(self, call: Call) -> None:
        paced = Call(call.path, method=call.method, json=call.json, purpose=call.purpose, pacer=self.connection.pacer)
        self.connection.client.call(paced, _done)


def _not_ours(status: int) -> str:
    return f"names a ticket that can't be changed (HTTP {status}); those synced from a help desk can't"


def _body(values: Values) -> Values:
    """Return a ticket's fields; an optional one is sent only with a value, since the API takes no empty ones."""
    return {name: value for name, value in values.items() if name != "deleted"}


def _create(values: Values) -> Call:
    return Call("tickets", method="POST", json=_body(values), purpose="creating a ticket")


def _update(values: Values) -> Call:
    body = {name: value for name, value in _body(values).items() if name != "gradable_id"}
    return Call(_path(values), method="PATCH", json=body, purpose="updating a ticket")


def _delete(values: Values) -> Call:
    return Call(_path(values), method="DELETE", purpose="deleting a ticket")


def _path(values: Values) -> str:
    return f"tickets/{quote(values['gradable_id'], safe='')}"


def _done(_answer: Answer) -> None:
    """Take any success for a confirmation: the article shows no body for all of them."""


MAESTROQA = VendorSinks(name="maestroqa", title=TITLE, settings=ACCESS, destinations=(Tickets,), connect=MaestroQA)

__all__ = ["MAESTROQA"]
