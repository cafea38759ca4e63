"""One trial: a vendor that lives on, a tap that is killed, faulty and run again, and what arrived in the end."""

from __future__ import annotations

import copy
import dataclasses
import io
import logging
import sys
import threading
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cached_property, partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

from typing_extensions import override

from qa_sandbox.plausible_data import seeded_rng
from tap_qa.errors import SyncFailedError
from tap_qa.http import client
from tap_qa.http import prefetch as ahead
from tap_qa.http.backoff import backoffs
from tap_qa.runtime.progress import Progress
from tap_qa.tap import TapQA
from tests.e2e.destination import Destination
from tests.model.clocks import TapClock, VendorTime
from tests.model.intercepted_request import Asked, Handler, KilledError, Reply, session_to
from tests.model.network_faults import NetworkFaults
from tests.model.oracle import Oracle
from tests.model.vendors import MODELS
from tests.model.vendors.base import VendorBehaviour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests

    from tap_qa.runtime.context import RunContext
    from tap_qa.streams.base import QAStream
    from tests.e2e.destination import Row
    from tests.model.vendors.base import VendorModel

HOUR = timedelta(hours=1)
MAX_REQUESTS = 2000
"""Within one sync; one that asks more often does not get anywhere."""

MAX_CHANGES = 250
"""Within one sync: longer lists take more requests, during which they would grow longer still."""

BEGINNINGS = (
    datetime(2026, 6, 15, 6, 0, tzinfo=timezone.utc),
    datetime(2026, 10, 24, 23, 20, tzinfo=timezone.utc),  # clocks are set back in Dublin within hours
    datetime(2026, 3, 28, 22, 10, tzinfo=timezone.utc),  # … and forward
    datetime(2027, 1, 1, 0, 0, 30, tzinfo=timezone.utc),
)


class Output(io.RawIOBase):
    """The tap's standard output: it feeds the destination, up to a byte at which the process dies."""

    def __init__(self, destination: Destination, kill_at: int | None) -> None:
        """Take what to feed, and when to die."""
        super().__init__()
        self.buffer = self
        self.is_dead = False
        self._destination = destination
        self._left = kill_at

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, data: Any, /) -> int:
        if self.is_dead:
            raise KilledError
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                self.is_dead = True
                self._destination.feed(bytes(data)[: self._left])
                raise KilledError
        self._destination.feed(bytes(data))
        return len(data)


@contextmanager
def standard_output(output: Output) -> Iterator[None]:
    """Let the tap write there."""
    before = sys.stdout
    sys.stdout = output  # its buffer is all that the tap uses
    try:
        yield
    finally:
        sys.stdout = before


@dataclass
class Setting:
    """Where a tap of a trial runs."""

    clock: TapClock
    new_session: Callable[[], requests.Session]
    streams: list[type[QAStream]]


class TrialTap(TapQA):
    """The tap with another clock, other connections and only some streams, which makes it quick to set up."""

    def __init__(self, setting: Setting, config: Row, state: Row) -> None:
        """Set up as the command line would."""
        self.setting = setting
        self.clock = setting.clock
        super().__init__(config=config, state=state, parse_env_config=False)

    @override
    def discover_streams(self) -> list[QAStream]:
        return [stream(self) for stream in self.setting.streams]

    @cached_property
    @override
    def run_context(self) -> RunContext:
        return dataclasses.replace(super().run_context, new_session=self.setting.new_session)


class AtOnce:
    """Stands for a thread, and does its work when it is started."""

    def __init__(self, target: Callable[..., None], args: tuple[Any, ...], *, name: str, daemon: bool) -> None:
        """Take the work."""
        del name, daemon
        self.start = partial(target, *args)


class Unforeseen(logging.Handler):
    """Notes failures that the tap does not explain."""

    def __init__(self) -> None:
        """Start with none."""
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if "unforeseen" in message:
            self.lines.append(message)


@dataclass
class Scenario:
    """A vendor, a destination, and the seed that decides all that happens."""

    vendor: str
    seed: int
    url: str = "http://127.0.0.1:9"
    serve: Callable[[Handler], Callable[[], requests.Session]] = session_to
    """Makes a handler reachable at the URL, and returns what opens sessions to it."""

    replays: int = 0
    """From how many of the states that were written to continue, too."""

    rush: bool = False
    """Whether a long list of new edits is read while it changes all the time, and nothing else goes wrong."""

    outcomes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Let the vendor come to be."""
        self.rng = seeded_rng("reliability", self.vendor, self.seed)
        self.time = VendorTime(self.rng.choice(BEGINNINGS) + timedelta(seconds=self.rng.random() * 3600))
        # Either the tap runs often and the vendor may show edits late, or it runs seldom and they show within a second.
        self.is_frequent = self.rush or self.rng.random() < 0.5
        self.model: VendorModel = MODELS[self.vendor](
            self.rng,
            self.time,
            VendorBehaviour(
                latest_showing=timedelta(minutes=55) if self.is_frequent else timedelta(seconds=1),
                history=timedelta(hours=self.rng.randrange(1, 24 * self.rng.choice((1, 3, 8)))),
                # In a rush one row leaves while another enters: with more changes than that, totals tell of them.
                churn=0.3 if self.rush else self.rng.choice((0.0, 0.2, 0.5)),
            ),
        )
        if self.rush:
            self.model.wanted, self.model.page_size, self.model.order = [next(iter(self.model.streams))], 2, "id"
        self.weather = NetworkFaults(self.model, self.rng, self.time, lies=self.model.lists_can_be_proved)
        self.asked = self._asked_before = 0
        self.kill_at_request: int | None = None
        self.new_session = self.serve(self._handle)
        self.destination = Destination()
        self.oracle = Oracle(self.model)
        self.destination.on_commit = self._judge
        self.states: list[Destination] = []
        self._output = Output(self.destination, None)

    def run(self) -> list[str]:
        """Carry it out; return what is wrong in the end."""
        rate = 0.0 if self.rush else self.rng.choice((0.0, 0.0, 0.05, 0.3))
        for _ in range(self.rng.randrange(1, 5)):
            self.faulty_sync(rate)
            gap = HOUR * (self.rng.uniform(0.1, 5) if self.is_frequent else self.rng.uniform(8, 100))
            self.model.pass_time(gap, self.rng.randrange(10))
        self.clean_sync(self.destination)
        self.oracle.judge_end(self.destination, "in the end")
        end = self.time.now
        for number in sorted(self.rng.sample(range(len(self.states)), min(self.replays, len(self.states)))):
            # Each is another way in which it might have gone on from there, so time begins again.
            self.model.rewind(end)
            then = self.states[number]
            self.clean_sync(then)
            self.oracle.judge_end(then, f"from state {number}")
        return self.oracle.wrong

    def faulty_sync(self, rate: float) -> None:
        """Sync while the vendor lives on, in bad network faults, and perhaps be killed."""
        self.weather.set_rate(rate)
        self.model.churn, self.model.trouble = self.model.temper.churn, rate
        self.model.changes_left = MAX_CHANGES
        if self.rng.random() < 0.8:
            self.model.ledger.edit_randomly()
        self.oracle.begin_run()
        kill_at = None
        if self.rush:
            pass
        elif self.rng.random() < 0.5:
            kill_at = self.rng.randrange(60_000)
        elif self.rng.random() < 0.3:
            self.kill_at_request = self.asked + self.rng.randrange(30)
        outcome = self._sync(self.destination, kill_at)
        self.kill_at_request = None
        self.outcomes.append(outcome)

    def clean_sync(self, destination: Destination) -> None:
        """Sync once all is shown, nothing changes and nothing fails: that must succeed."""
        self.weather.set_rate()
        self.model.churn = self.model.trouble = 0.0
        self.time.advance(max(self.model.temper.latest_showing, self.model.shown_after) + timedelta(seconds=5))
        self.oracle.begin_run()
        outcome = self._sync(destination, None)
        if outcome != "complete":
            self.oracle.wrong.append(f"the last sync: {outcome}")

    def _sync(self, destination: Destination, kill_at: int | None) -> str:
        """Run the tap once; return how it ended."""
        skew = timedelta(seconds=self.rng.choice((0, 0, 20, -20, 700, -1800, 86_400)))
        setting = Setting(
            TapClock(self.time, skew), self.new_session, [self.model.streams[name] for name in self.model.wanted]
        )
        unforeseen = Unforeseen()
        logging.getLogger("tap-qa").addHandler(unforeseen)
        self._output = output = Output(destination, kill_at)
        self._asked_before = self.asked
        try:
            with standard_output(output), self._by_the_dice():
                tap = TrialTap(setting, self._config(), copy.deepcopy(destination.state))
                tap.sync_all()
            outcome = "complete"
        except SyncFailedError:
            outcome = "failed"
        except KilledError:
            outcome = "killed"
        finally:
            destination.crash()
            logging.getLogger("tap-qa").removeHandler(unforeseen)
        self.oracle.wrong += unforeseen.lines
        return outcome

    @contextmanager
    def _by_the_dice(self) -> Iterator[None]:
        """Leave nothing to chance but the rng: neither the length of waits nor the order of threads."""
        at_once = SimpleNamespace(Thread=AtOnce) if self.serve is session_to else threading
        with (
            mock.patch.object(client, "backoffs", partial(backoffs, self.rng)),
            mock.patch.object(ahead, "threading", at_once),
            # Nobody reads how it goes, and a thread for each sync takes its time.
            mock.patch.object(Progress, "logged_periodically", nullcontext),
        ):
            yield

    def _config(self) -> Row:
        return {"start_date": self.model.start_date.isoformat(), self.vendor: self.model.config(self.url)}

    def _judge(self, destination: Destination) -> None:
        self.oracle.judge_state(destination)
        if self.replays:
            self.states.append(destination.copy())

    def _handle(self, asked: Asked) -> Reply:
        self.asked += 1
        if self.asked - self._asked_before > MAX_REQUESTS:
            self.oracle.wrong.append("a sync without an end")
            self.kill_at_request = self.asked
        if self.kill_at_request is not None and self.asked >= self.kill_at_request:
            self._output.is_dead = True
            raise KilledError
        return self.weather(asked)
