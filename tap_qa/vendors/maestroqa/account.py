"""One MaestroQA account in one run: what its streams share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tap_qa.downloads import Downloads
from tap_qa.http.auth import StaticHeader
from tap_qa.http.client import Client
from tap_qa.http.explanations import Hints
from tap_qa.jobs.model import Request
from tap_qa.jobs.plan import Plan
from tap_qa.jobs.queue import JobQueue
from tap_qa.vendor_clock import VendorClock
from tap_qa.vendors.maestroqa.api import LEAST_WINDOW, Exports, learn_time
from tap_qa.windows import SECOND, cut

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tap_qa.http.surroundings import Surroundings
    from tap_qa.progress import Tally
    from tap_qa.windows import Window

TITLE = "MaestroQA"
PREFIX = "maestroqa_"


def connect(config: Mapping[str, Any], around: Surroundings, read: frozenset[str]) -> Account:
    """Prepare for an account; nothing is sent yet."""
    return Account(config, around, read)


def open_client(config: Mapping[str, Any], around: Surroundings, vendor_clock: VendorClock) -> Client:
    """Return what makes the calls of an account, for reading as for writing."""
    return Client(
        TITLE,
        config["url"],
        auth=StaticHeader("apitoken", config["api_token"]),
        around=around,
        vendor_clock=vendor_clock,
        hints=Hints(
            unauthorised="The API token was refused. Tokens expire after 90 days by default: make a new one under "
            "Settings > Other Settings > API Tokens and set maestroqa.api_token.",
            forbidden="The API token must be made by an admin.",
            not_found="Check maestroqa.url.",
        ),
    )


class Account:
    """Its client, its export jobs, and the plans by which streams share them."""

    def __init__(self, config: Mapping[str, Any], around: Surroundings, read: frozenset[str]) -> None:
        """Prepare.

        Args:
            config: The settings of the vendor.
            around: What all clients share.
            read: The names of the vendor's streams that will be read.
        """
        self.config = config
        self.vendor_clock = VendorClock(TITLE, around.clock)
        self.client = open_client(config, around, self.vendor_clock)
        self.exports = Exports(self.client, config)
        self._queue = JobQueue(self.exports, Downloads(TITLE, config["url"], around), around)
        self._read = read
        self._plans: dict[str, Plan] = {}
        self._greeted = False

    def greet(self) -> None:
        """Learn the vendor's time, once."""
        if not self._greeted and not self.vendor_clock.is_known:
            learn_time(self.client)
        self._greeted = True

    def count_for(self, tally: Tally | None) -> None:
        """Count requests for this stream."""
        self.client.tally = tally

    # What can be exported

    def scores(self, reader: str, files: Collection[str]) -> Plan:
        """Return the plan of raw exports: one zip a window for all streams of scores, or one file if only one is left.

        Args:
            reader: The stream that asks.
            files: The vendor's names of the files of all such streams.
        """
        return self._plan("scores", reader, {PREFIX + file for file in files}, self._raw_export)

    def groups(self, reader: str, readers: Collection[str]) -> Plan:
        """Return the plan of the one agent groups export, which the streams `readers` read."""
        return self._plan("groups", reader, set(readers), self._groups_export)

    def audit_logs(self, reader: str) -> Plan:
        """Return the plan of audit log exports."""
        return self._plan("audit logs", reader, {reader}, self._audit_log_export)

    def _plan(self, kind: str, reader: str, readers: set[str], compose: Any) -> Plan:  # noqa: ANN401 - a function
        plan = self._plans.get(kind)
        if plan is None or not plan.is_open:
            expected = self._read & readers if plan is None else {reader}
            width = timedelta(days=self.config["window_days"])
            plan = Plan(
                self._queue, readers=expected, compose=compose, cut=lambda whole: cut(whole, width), least=LEAST_WINDOW
            )
            self._plans[kind] = plan
            self._queue.add(plan)
        return plan

    def _raw_export(self, window: Window | None, left: Collection[str]) -> Request:
        body: dict[str, Any] = {**_bounds(window), "name": _name("scores", window)}
        if self.config["include_calibrations"] != "none":
            body["includeCalibrations"] = self.config["include_calibrations"]
        if self.config["include_grader_qa"]:
            body["includeGraderQA"] = True
        if len(left) > 1:
            return Request("the export of scores", window, body, "request-raw-export", alone=False)
        [file] = (reader.removeprefix(PREFIX) for reader in left)
        body["singleFileExport"] = file
        return Request(f"the export of {file}", window, body, "request-raw-export")

    def _groups_export(self, _window: Window | None, _left: Collection[str]) -> Request:
        body = {"name": "tap-qa agent groups", "includeUnavailable": self.config["include_unavailable_agents"]}
        return Request("the export of agent groups", None, body, "request-groups-export")

    def _audit_log_export(self, window: Window | None, _left: Collection[str]) -> Request:
        body = {**_bounds(window), "name": _name("audit log", window)}
        return Request("the export of the audit log", window, body, "request-audit-log-export")


def _bounds(window: Window | None) -> dict[str, str]:
    """Return the bounds of an export, to the second.

    The help page says "after" and "before" and leaves it open whether the bounds themselves are in; so neighbours
    overlap by a second.
    """
    assert window is not None  # noqa: S101 - such exports have one
    end = window.end if window.end.microsecond == 0 else window.end.replace(microsecond=0) + SECOND
    return {"startDate": _stamp(window.start.replace(microsecond=0) - SECOND), "endDate": _stamp(end)}


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def _name(what: str, window: Window | None) -> str:
    """Name an export so that people recognise it in the application's list."""
    return f"tap-qa {what}, {window}"
