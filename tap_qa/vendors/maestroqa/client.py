"""One MaestroQA account in one run: what its streams share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tap_qa.files.download import Downloads
from tap_qa.http.auth import StaticHeader
from tap_qa.http.client import Client
from tap_qa.http.hints import Hints
from tap_qa.http.server_clock import ServerClock
from tap_qa.jobs.api import ExportRequest
from tap_qa.jobs.export import Export
from tap_qa.jobs.scheduler import JobScheduler
from tap_qa.records.timestamps import zulu
from tap_qa.state.windows import SECOND, shifted, split_into_windows
from tap_qa.vendors.maestroqa.jobs import MIN_WINDOW, Exports, fetch_server_time
from tap_qa.vendors.maestroqa.settings import TITLE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tap_qa.jobs.export import BuildRequest
    from tap_qa.runtime.context import RunContext
    from tap_qa.runtime.progress import StreamStats
    from tap_qa.state.windows import Window

PREFIX = "maestroqa_"


def open_client(config: Mapping[str, Any], run_context: RunContext, server_clock: ServerClock) -> Client:
    """Return what makes the requests of an account, for reading as for writing."""
    return Client(
        TITLE,
        config["url"],
        auth=StaticHeader("apitoken", config["api_token"]),
        run_context=run_context,
        server_clock=server_clock,
        hints=Hints(
            unauthorised="The API token was refused. Tokens expire after 90 days by default: make a new one under "
            "Settings > Other Settings > API Tokens and set maestroqa.api_token.",
            forbidden="The API token must be made by an admin.",
            not_found="Check maestroqa.url.",
        ),
    )


class Account:
    """The client and the export jobs of an account, and which streams share an export."""

    def __init__(self, config: Mapping[str, Any], run_context: RunContext, streams: Collection[type[Any]]) -> None:
        """Prepare; nothing is sent yet.

        Args:
            config: The settings of the vendor.
            run_context: What all clients share.
            streams: The classes of the streams that will be read.
        """
        self.config = config
        self.server_clock = ServerClock(TITLE, run_context.clock)
        self.client = open_client(config, run_context, self.server_clock)
        self.exports = Exports(self.client, config)
        self._scheduler = JobScheduler(self.exports, Downloads(TITLE, config["url"], run_context), run_context)
        self._read = frozenset(stream.name for stream in streams)
        self._shared_exports: dict[str, Export] = {}
        self._score_tables: tuple[str, ...] = ()
        self._has_server_time = False

    def ensure_server_time(self) -> None:
        """Fetch the vendor's time, once."""
        if not self._has_server_time and not self.server_clock.is_known:
            fetch_server_time(self.client)
        self._has_server_time = True

    def track_requests(self, stats: StreamStats | None) -> None:
        """Count requests for this stream."""
        self.client.stats = stats

    # The exports

    def scores(self, subscriber: str, files: Mapping[str, tuple[str, ...]]) -> Export:
        """Return the raw exports: for each window a zip for all streams of scores, or a file if only one is left.

        Args:
            subscriber: The stream that asks.
            files: The vendor's names of the files of all such streams, each with all names that it may have.
        """
        self._score_tables = tuple(name for names in files.values() for name in names)
        return self._shared_export("scores", subscriber, {PREFIX + file for file in files}, self._raw_export)

    def groups(self, subscriber: str, subscribers: Collection[str]) -> Export:
        """Return the agent groups export, which the streams `subscribers` read."""
        return self._shared_export("groups", subscriber, set(subscribers), self._groups_export)

    def audit_logs(self, subscriber: str) -> Export:
        """Return the audit log exports."""
        return self._shared_export("audit logs", subscriber, {subscriber}, self._audit_log_export)

    def _shared_export(self, kind: str, subscriber: str, subscribers: set[str], build_request: BuildRequest) -> Export:
        export = self._shared_exports.get(kind)
        if export is None or not export.is_open:
            expected = self._read & subscribers if export is None else {subscriber}
            width = timedelta(days=self.config["window_days"])
            export = Export(
                self._scheduler,
                subscribers=expected,
                build_request=build_request,
                cut=lambda date_range: split_into_windows(date_range, width),
                min_width=MIN_WINDOW,
            )
            self._shared_exports[kind] = export
            self._scheduler.add(export)
        return export

    def _raw_export(self, window: Window | None, subscribers: Collection[str]) -> ExportRequest:
        body: dict[str, Any] = {**_bounds(window), "name": _name("scores", window)}
        if self.config["include_calibrations"] != "none":
            body["includeCalibrations"] = self.config["include_calibrations"]
        if self.config["include_grader_qa"]:
            body["includeGraderQA"] = True
        if len(subscribers) > 1:
            what, path = "the export of scores", "request-raw-export"
            return ExportRequest(what, window, body, path, is_single_table=False, tables=self._score_tables)
        [file] = (subscriber.removeprefix(PREFIX) for subscriber in subscribers)
        body["singleFileExport"] = file
        return ExportRequest(f"the export of {file}", window, body, "request-raw-export")

    def _groups_export(self, _window: Window | None, _subscribers: Collection[str]) -> ExportRequest:
        body = {"name": "tap-qa agent groups", "includeUnavailable": self.config["include_unavailable_agents"]}
        return ExportRequest("the export of agent groups", None, body, "request-groups-export")

    def _audit_log_export(self, window: Window | None, _subscribers: Collection[str]) -> ExportRequest:
        body = {**_bounds(window), "name": _name("audit log", window)}
        return ExportRequest("the export of the audit log", window, body, "request-audit-log-export")


def _bounds(window: Window | None) -> dict[str, str]:
    """Return the bounds of an export, to the second.

    The help page says "after" and "before" and does not say whether the bounds belong to the export; so neighbours
    overlap by a second.
    """
    assert window is not None  # noqa: S101 - such exports have one
    end = window.end if window.end.microsecond == 0 else window.end.replace(microsecond=0) + SECOND
    return {"startDate": zulu(shifted(window.start.replace(microsecond=0), -SECOND)), "endDate": zulu(end)}


def _name(what: str, window: Window | None) -> str:
    """Name an export so that people recognise it in the application's list."""
    return f"tap-qa {what}, {window}"
