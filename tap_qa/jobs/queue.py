"""Working on the jobs of one vendor, a little at a time, whenever there is time."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tap_qa.downloads import BrokenDownloadError, LinkExpiredError, TooLargeError
from tap_qa.errors import JobError, JobTimeoutError, RequestRefusedError
from tap_qa.http.failures import DoubtfulError, TransientError, UnreadableError
from tap_qa.jobs.model import State
from tap_qa.jobs.order import Phase
from tap_qa.tables.archive import DamagedFileError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tap_qa.downloads import Downloads
    from tap_qa.http.surroundings import Surroundings
    from tap_qa.jobs.model import JobApi, Status
    from tap_qa.jobs.order import Order
    from tap_qa.jobs.plan import Plan

logger = logging.getLogger("tap-qa.jobs")
_LONGEST_REST_SECONDS = 60.0
_NOT_FOUND = 404
_CONFLICT = 409
_WORTH_ANOTHER_LINK = (LinkExpiredError, BrokenDownloadError, DamagedFileError)


class JobQueue:
    """Asks for jobs within the vendor's pace and budget, looks after them and fetches their files at once.

    A failure stays with the order that it befell; its readers learn of it when they take that order.
    """

    def __init__(self, api: JobApi, downloads: Downloads, around: Surroundings) -> None:
        """Prepare, and work from now on whenever anybody waits.

        Args:
            api: The vendor's calls.
            downloads: Fetches its files.
            around: The clock and what waits.
        """
        self._api = api
        self._downloads = downloads
        self._around = around
        self._plans: list[Plan] = []
        self._running: list[tuple[Plan, Order]] = []
        self._held_until = 0.0
        self._unknown_words: set[str] = set()
        around.waiter.meanwhile(self.work)

    def add(self, plan: Plan) -> None:
        """Work on a plan, too."""
        self._plans.append(plan)

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Work, and let others work, until something is so."""
        longest = self._api.terms.job_timeout_seconds
        while not done():
            self._around.waiter.until(done, longest, f"{self._api.vendor}'s job: {what}")

    def work(self) -> float:
        """Do what is due; return the seconds until something will be."""
        for plan, order in list(self._running):
            if order.due <= self._now():
                self._keeping_failures(self._look, plan, order)
        self._running = [(plan, order) for plan, order in self._running if order.occupies_vendor]
        while (rest := self._ask_for_next()) == 0:
            pass
        return min([rest, *(order.due - self._now() for _, order in self._running)])

    @staticmethod
    def _keeping_failures(step: Callable[[Plan, Order], None], plan: Plan, order: Order) -> None:
        """Do a step; whatever fails is a matter of the order, not of whoever waits just now."""
        try:
            step(plan, order)
        except Exception as failure:  # noqa: BLE001 - whatever it is
            order.settle(failure=failure)

    # Asking for jobs

    def _ask_for_next(self) -> float:
        """Ask for one more job if one may run; return 0 if it was, else the seconds until that makes sense."""
        terms = self._api.terms
        if sum(order.occupies_vendor for _, order in self._running) >= terms.ahead:
            return _LONGEST_REST_SECONDS
        rests = [_LONGEST_REST_SECONDS]
        # What a stream waits for comes first.
        for plan in sorted(self._plans, key=lambda plan: plan.awaited is None):
            order = plan.next_due(terms.ahead)
            if order is None:
                continue
            order.request = plan.request_for(order)
            rest = max(order.due - self._now(), self._held_until - self._now(), self._api.delay(order.request))
            if rest <= 0:
                self._keeping_failures(self._ask, plan, order)
                return 0
            rests.append(rest)
        return min(rests)

    def _ask(self, plan: Plan, order: Order) -> None:
        assert order.request is not None  # noqa: S101 - for the type checker
        try:
            order.job_id = self._api.request(order.request)
        except DoubtfulError:
            self._doubt(plan, order)
        except TransientError as failure:
            self._refused(order, failure)
        except RequestRefusedError as refusal:
            if refusal.status not in self._api.terms.busy_statuses:
                raise
            self._refused(order, refusal)
        else:
            logger.info("%s: job %s is on its way: %s", self._api.vendor, order.job_id, order.request)
            self._run(plan, order)

    def _run(self, plan: Plan, order: Order) -> None:
        order.phase = Phase.RUNNING
        order.refusals = 0
        order.due = self._now() + self._api.terms.poll_seconds
        order.deadline = self._now() + self._api.terms.job_timeout_seconds
        self._running.append((plan, order))

    def _refused(self, order: Order, failure: TransientError | RequestRefusedError) -> None:
        """Wait and ask again later: the vendor throttles, is broken, or is busy with another job."""
        # An answer that can't be read may have been a job, which then keeps the vendor busy: that is nobody else's.
        if not isinstance(failure, UnreadableError) and self._busy():
            self._outwait(order)
        else:
            order.deadline = None
            order.refusals += 1
            if isinstance(failure, RequestRefusedError):
                if failure.status != _CONFLICT or order.refusals >= self._api.terms.refusals:
                    raise failure
            elif order.refusals >= self._api.terms.refusals:
                raise self._api.gave_up(failure, str(order.request))
        # Whatever the vendor minds would befall its other requests, too.
        self._held_until = order.due = self._now() + self._pause(order, failure)

    def _pause(self, order: Order, failure: Exception) -> float:
        """Return how long to wait after a failed call: longer each time, and no less than the vendor demands."""
        least = self._api.terms.refusal_wait_seconds
        usual = max(least, min(least * 2 ** max(order.refusals - 1, 0), _LONGEST_REST_SECONDS))
        return max(least, self._api.wait_for(failure, usual)) if isinstance(failure, TransientError) else usual

    def _busy(self) -> bool:
        try:
            return self._api.busy()
        except TransientError:
            return False

    def _outwait(self, order: Order) -> None:
        """Wait for somebody else's job, but not for ever."""
        terms = self._api.terms
        if order.deadline is None:
            order.deadline = self._now() + terms.job_timeout_seconds
            logger.info("%s: another job is running; waiting for its end: %s", self._api.vendor, order.request)
        if self._now() >= order.deadline:
            raise JobTimeoutError(
                self._api.vendor,
                f"another job kept it busy for {terms.job_timeout_seconds / 60:.0f} minutes: {order.request}.",
                f"Find out who else exports at that time, or raise {terms.timeout_setting}.",
            )

    def _doubt(self, plan: Plan, order: Order) -> None:
        """A request broke off: see whether a job came of it before asking again."""
        logger.info("%s: a request broke off; looking whether a job came of it: %s", self._api.vendor, order.request)
        order.doubts += 1
        if order.doubts >= self._api.terms.tries:
            raise self._api.gave_up(TransientError("no answer in time"), str(order.request))
        order.phase = Phase.DOUBTFUL
        order.due = self._now() + self._api.terms.refusal_wait_seconds
        order.deadline = self._now() + self._api.terms.job_timeout_seconds
        self._running.append((plan, order))

    # Looking after them

    def _look(self, plan: Plan, order: Order) -> None:
        order.due = self._now() + self._api.terms.poll_seconds
        if order.phase is Phase.DOUBTFUL:
            self._look_for_doubtful(order)
            return
        try:
            status = self._api.status(order.job_id)
        except TransientError as failure:
            order.refusals += 1
            if order.refusals >= self._api.terms.refusals:
                raise self._api.gave_up(failure, f"the state of job {order.job_id}") from failure
            order.due = self._now() + max(self._pause(order, failure), self._api.terms.poll_seconds)
        except RequestRefusedError as refusal:
            if refusal.status != _NOT_FOUND:
                raise
            self._job_failed(plan, order, "the vendor does not know the job any more")
        else:
            order.refusals = 0
            self._take_in(plan, order, status)

    def _look_for_doubtful(self, order: Order) -> None:
        try:
            busy = self._api.busy()
        except TransientError:
            busy = True
        order.due = self._now() + self._api.terms.refusal_wait_seconds
        if not busy or (order.deadline is not None and self._now() >= order.deadline):
            order.phase = Phase.PLANNED
            order.deadline = None

    def _take_in(self, plan: Plan, order: Order, status: Status) -> None:
        if status.state is State.FAILED:
            self._job_failed(plan, order, status.message or f"the vendor calls it {status.word}")
        elif status.state is State.DONE:
            self._done(plan, order, status)
        else:
            if status.state is State.UNKNOWN and status.word not in self._unknown_words:
                self._unknown_words.add(status.word)
                logger.warning(
                    "%s: a job is in a state that is not documented, taken for running: %.60s",
                    self._api.vendor,
                    status.word,
                )
            self._check_time(order)

    def _check_time(self, order: Order) -> None:
        terms = self._api.terms
        if order.deadline is not None and self._now() >= order.deadline:
            raise JobTimeoutError(
                self._api.vendor,
                f"job {order.job_id} was not done after {terms.job_timeout_seconds / 60:.0f} minutes: {order.request}.",
                f"Raise {terms.timeout_setting}, or ask the vendor about the job.",
            )

    def _job_failed(self, plan: Plan, order: Order, why: str) -> None:
        """Ask anew, then in halves, then give up."""
        order.jobs_failed += 1
        if order.jobs_failed < self._api.terms.tries:
            logger.info("%s: job %s failed (%s); asking anew: %s", self._api.vendor, order.job_id, why, order.request)
            order.anew()
            order.due = self._now() + self._api.terms.poll_seconds * order.jobs_failed
        elif plan.split(order):
            logger.info(
                "%s: job %s failed (%s); asking in halves: %s", self._api.vendor, order.job_id, why, order.request
            )
            order.settle()
        else:
            raise JobError(
                self._api.vendor,
                f"job {order.job_id} failed, the last of {order.jobs_failed}: {order.request}; {why}.",
                "Run again later; if it fails again, ask the vendor about the job.",
            )

    # Fetching files

    def _done(self, plan: Plan, order: Order, status: Status) -> None:
        if not order.left:
            order.settle()
        elif not status.url:
            order.empty_looks += 1
            if order.empty_looks >= self._api.terms.looks_for_link:
                order.settle()
        else:
            self._fetch(plan, order, status.url)

    def _fetch(self, plan: Plan, order: Order, url: str) -> None:
        terms = self._api.terms
        try:
            download = self._downloads.fetch(url, str(order.request))
            parcel = plan.open(order, download, last_try=order.links_failed + 1 >= terms.tries)
        except _WORTH_ANOTHER_LINK as failure:
            order.links_failed += 1
            if order.links_failed < terms.tries:
                logger.info("%s: %s Asking job %s for a fresh link.", self._api.vendor, failure.what, order.job_id)
                return
            if order.jobs_failed + 1 >= terms.tries:
                raise
            self._job_failed(plan, order, failure.what)
        except TooLargeError:
            if not plan.split(order):
                raise
            order.settle()
        else:
            order.settle(parcel=parcel)

    def _now(self) -> float:
        return self._around.clock.monotonic()
