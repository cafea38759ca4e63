"""One CXone tenant in one run: what its streams share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.downloads import Downloads
from tap_qa.http.client import Client
from tap_qa.http.explanations import Hints
from tap_qa.jobs.model import Request
from tap_qa.jobs.plan import Plan
from tap_qa.jobs.queue import JobQueue
from tap_qa.vendor_clock import VendorClock
from tap_qa.vendors.cxone.api import FORBIDDEN, ExtractionJobs
from tap_qa.vendors.cxone.tokens import TITLE, UNAUTHORISED, Tokens
from tap_qa.windows import DAY, cut_days

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tap_qa.http.surroundings import Surroundings
    from tap_qa.progress import Tally
    from tap_qa.windows import Window


def connect(config: Mapping[str, Any], around: Surroundings, _read: frozenset[str]) -> Tenant:
    """Prepare for a tenant; nothing is sent yet."""
    return Tenant(config, around)


class Tenant:
    """Its tokens, its client and its jobs."""

    def __init__(self, config: Mapping[str, Any], around: Surroundings) -> None:
        """Prepare.

        Args:
            config: The settings of the vendor.
            around: What all clients share.
        """
        self.config = config
        self.vendor_clock = VendorClock(TITLE, around.clock)
        self._tokens = Tokens(config, around, self.vendor_clock)
        self.client = Client(
            TITLE,
            config["url"],
            auth=self._tokens.auth,
            around=around,
            vendor_clock=self.vendor_clock,
            hints=Hints(unauthorised=UNAUTHORISED, forbidden=FORBIDDEN, not_found="Check cxone.url."),
        )
        jobs = ExtractionJobs(self.client, config)
        self._queue = JobQueue(jobs, Downloads(TITLE, config["url"], around), around)

    def greet(self) -> None:
        """Learn the vendor's time from the answer that holds the token."""
        if not self.vendor_clock.is_known:
            self._tokens.greet()

    def count_for(self, tally: Tally | None) -> None:
        """Count requests for this stream."""
        self.client.tally = tally

    def extraction(self, stream: str, entity: str) -> Plan:
        """Return the plan of an entity's jobs, in windows of whole UTC days, which its one stream reads.

        Neighbours share their border day, since no document says whether a job's end date is within it.
        """
        version = self.config[f"{entity.replace('-', '_')}_version"]

        def compose(window: Window | None, _left: Collection[str]) -> Request:
            assert window is not None  # noqa: S101 - every extraction has one
            days = {"startDate": window.start.date().isoformat(), "endDate": window.end.date().isoformat()}
            body = {"entityName": entity, "version": version, **days}
            return Request(f"the extraction of {entity}", window, body)

        days = self.config["window_days"]
        plan = Plan(self._queue, readers=[stream], compose=compose, cut=lambda whole: cut_days(whole, days), least=DAY)
        self._queue.add(plan)
        return plan
