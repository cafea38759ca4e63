"""One CXone tenant in one run: what its streams share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.files.download import Downloads
from tap_qa.http.client import Client
from tap_qa.http.hints import Hints
from tap_qa.http.server_clock import ServerClock
from tap_qa.jobs.api import ExportRequest
from tap_qa.jobs.export import Export
from tap_qa.jobs.scheduler import JobScheduler
from tap_qa.state.windows import DAY, split_into_days
from tap_qa.vendors.cxone.auth import UNAUTHORISED, Tokens
from tap_qa.vendors.cxone.entities import version_of
from tap_qa.vendors.cxone.jobs import FORBIDDEN, ExtractionJobs
from tap_qa.vendors.cxone.settings import TITLE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tap_qa.runtime.context import RunContext
    from tap_qa.runtime.progress import StreamStats
    from tap_qa.state.windows import Window


class Tenant:
    """The tokens, the client and the jobs of a tenant."""

    def __init__(
        self, config: Mapping[str, Any], run_context: RunContext, _streams: Collection[type[Any]] = ()
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            config: The settings of the vendor.
            run_context: What all clients share.
        """
        self.config = config
        self.server_clock = ServerClock(TITLE, run_context.clock)
        self._tokens = Tokens(config, run_context, self.server_clock)
        self.client = Client(
            TITLE,
            config["url"],
            auth=self._tokens.auth,
            run_context=run_context,
            server_clock=self.server_clock,
            hints=Hints(unauthorised=UNAUTHORISED, forbidden=FORBIDDEN, not_found="Check cxone.url."),
        )
        self.exports = ExtractionJobs(self.client, config)
        self._scheduler = JobScheduler(self.exports, Downloads(TITLE, config["url"], run_context), run_context)

    def ensure_server_time(self) -> None:
        """Take the vendor's time from the response that holds the token."""
        if not self.server_clock.is_known:
            self._tokens.ensure_server_time()

    def track_requests(self, stats: StreamStats | None) -> None:
        """Count requests for this stream."""
        self.client.stats = stats

    def export_for(self, stream: str, entity: str) -> Export:
        """Return the export of an entity, in windows of whole UTC days, which its one stream reads.

        Neighbours share their border day, since no document says whether a job's end date is within it.
        """
        version = version_of(entity, self.config)

        def build_request(window: Window | None, _subscribers: Collection[str]) -> ExportRequest:
            assert window is not None  # noqa: S101 - every extraction has one
            days = {"startDate": window.start.date().isoformat(), "endDate": window.end.date().isoformat()}
            body = {"entityName": entity, "version": version, **days}
            return ExportRequest(f"the extraction of {entity}", window, body)

        days = self.config["window_days"]
        export = Export(
            self._scheduler,
            subscribers=[stream],
            build_request=build_request,
            cut=lambda date_range: split_into_days(date_range, days),
            min_width=DAY,
        )
        self._scheduler.add(export)
        return export
