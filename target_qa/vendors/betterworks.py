"""Betterworks: check-ins of goals, by which a measured value becomes a goal's progress.

The vendor's reference is not public. A public client sends `POST /goals/{id}/checkin/` with a `value`, in version
`beta` of the API; goals are read by the vendor's own sample, `GET /goals/{id}/`. A check-in has no id of the caller's,
but a goal shows when it was last checked in: what was measured before that is in effect already, or out of date.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.config.properties import text as text_setting
from tap_qa.http.attempt_errors import UnreadableResponseError
from tap_qa.http.request import Request, Response, path_segment
from tap_qa.http.response import decode_json
from tap_qa.records.convert import InvalidValueError
from tap_qa.records.timestamps import TimestampParser, parse_instant
from tap_qa.vendors.betterworks.client import Betterworks as Account
from tap_qa.vendors.betterworks.settings import ACCESS, TITLE
from target_qa.resources.fields import Field, RecordRejectedError, Values, instant, number, path_id
from target_qa.resources.idempotent_creator import IdempotentCreator, Listed
from target_qa.resources.resource import RECORD, Resource, VendorSinks, WriteResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tap_qa.runtime.context import RunContext

SETTINGS = (
    *ACCESS,
    text_setting(
        "checkin_version",
        "Version of the API that takes check-ins; the only public client that makes them uses beta.",
        title="Version for check-ins",
        default="beta",
        options=["beta", "v1"],
    ),
)


class Betterworks(Account):
    """One account, for writing."""

    def __init__(self, config: Mapping[str, Any], run_context: RunContext) -> None:
        """Prepare; nothing is sent yet."""
        super().__init__(config, run_context)
        self.checkin_url = f"{config['url'].rstrip('/').rpartition('/')[0]}/{config['checkin_version']}"


@dataclass
class _Attempt:
    """The check-in that is under way."""

    goal_id: str
    measured_at: datetime
    before: datetime | None = None
    """When the goal was last checked in before it."""

    was_read: bool = False


class Checkins(Resource):
    """Measured values of goals and milestones."""

    name = "betterworks_checkins"
    fields = (
        Field("goal_id", path_id, "the id of a goal"),
        Field("value", number, "a number"),
        Field("measured_at", instant, "a date and time"),
    )
    rejection_statuses: ClassVar[Mapping[int, str]] = {400: "value", 404: "goal_id", 409: RECORD, 422: "value"}
    connection: Betterworks

    def __init__(self, connection: Betterworks, run_context: RunContext) -> None:
        """Prepare for an account."""
        super().__init__(connection, run_context)
        self._once = IdempotentCreator(connection.client, self._in_effect)
        self._sent: dict[str, datetime] = {}
        self._attempt: _Attempt | None = None
        self._instants = TimestampParser()

    @classmethod
    @override
    def first_request(cls, values: Values, mark: str) -> Request:
        path = f"goals/{path_segment(TITLE, values['goal_id'])}/checkin/"
        return Request(path, method="POST", json={"value": values["value"]}, description="a check-in")

    @override
    def write(self, values: Values, mark: str) -> WriteResult:
        attempt = self._attempt = _Attempt(values["goal_id"], parse_instant(values["measured_at"]))
        if attempt.measured_at > self.run_context.clock.now():
            raise RecordRejectedError("measured_at", "lies in the future, so no check-in would ever be later")
        request = self.first_request(values, mark)
        request = replace(request, path=f"{self.connection.checkin_url}/{request.path}", is_absolute_url=True)
        if not self._once.create(mark, mark, request, _done):
            return WriteResult.ALREADY_EXISTS
        self._sent[attempt.goal_id] = attempt.measured_at
        return WriteResult.UPDATED

    def _in_effect(self, mark: str) -> Listed:
        """Read the goal: is it checked in since the value was measured, or since the check-in was sent?"""
        attempt = self._attempt
        assert attempt is not None  # noqa: S101 - set by write
        seen = self._last_checkin(attempt.goal_id)
        if attempt.was_read:
            done = seen is not None and (attempt.before is None or seen > attempt.before)
        else:
            attempt.before, attempt.was_read = seen, True
            # A later value of this run goes out although the goal was just checked in, by an earlier one.
            latest = self._sent.get(attempt.goal_id, seen)
            done = latest is not None and latest >= attempt.measured_at
        return Listed({mark} if done else set(), int(done))

    def _last_checkin(self, goal_id: str) -> datetime | None:
        def parse(response: Response) -> datetime | None:
            body = decode_json(response)
            if not isinstance(body, dict) or "last_checkedin" not in body:
                message = "a goal that does not show when it was last checked in"
                raise UnreadableResponseError(message)
            seen = body["last_checkedin"]
            try:
                written = None if seen is None else self._instants(seen)
            except InvalidValueError:
                message = "a goal whose last check-in is no time"
                raise UnreadableResponseError(message) from None
            return None if written is None else parse_instant(written)

        request = Request(f"goals/{path_segment(TITLE, goal_id)}/", description="a goal's last check-in")
        return self.connection.client.send(request, parse)


def _done(_answer: Response) -> None:
    """Take any success for a confirmation: no source shows a body."""


BETTERWORKS = VendorSinks(
    name="betterworks", title=TITLE, settings=SETTINGS, resources=(Checkins,), connect=Betterworks
)

__all__ = ["BETTERWORKS"]
