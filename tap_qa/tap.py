"""The tap: reads settings, finds vendors, runs their streams one by one and says how it went."""

from __future__ import annotations

import contextlib
import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk import Tap
from singer_sdk.exceptions import (
    AbortedSyncFailedException,
    AbortedSyncPausedException,
    ConfigValidationError,
    MapExpressionError,
    StreamMapConfigError,
)
from singer_sdk.singerlib import StateMessage
from typing_extensions import override

from tap_qa import bookmarks, input_files, settings
from tap_qa.catalogs import for_mapping
from tap_qa.clock import Clock, SystemClock
from tap_qa.command_line import one_line_failures
from tap_qa.errors import SettingsError, SyncFailedError
from tap_qa.http.surroundings import surroundings
from tap_qa.messages import LineWriter
from tap_qa.redaction import Redactor, secrets_of
from tap_qa.streams.base import QAStream
from tap_qa.summary import Outcome, failure_line, tell
from tap_qa.vendor import find_vendors

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

    import click
    from singer_sdk import Stream

    from tap_qa.http.surroundings import Surroundings
    from tap_qa.vendor import Vendor

VENDORS = find_vendors()
_LONGEST_WAIT = 3600.0
logger = logging.getLogger("tap-qa")
_INVALID = "Config validation failed"


class TapQA(Tap):
    """Reads contact-centre quality assurance: evaluations, scorecards, people and goals.

    One tap for Scorebuddy, MaestroQA (Rippit), NICE CXone, Betterworks and Canary Speech: configure the vendors that
    you use, pick streams with `--discover`, and load them with any Singer target.
    """

    name = "tap-qa"
    config_jsonschema: ClassVar[dict[str, Any]] = settings.schema(VENDORS)
    message_writer_class = LineWriter
    clock: Clock = SystemClock()

    # Settings and state

    @override
    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        """Check the settings and tell all that is wrong with them, never a value: the SDK would print secrets."""
        self._config = settings.without_nulls(self._config, VENDORS)
        self._redactor = Redactor(secrets_of(self.config, self.config_jsonschema))
        self._redactor.attach()
        self.append_builtin_config(self.config_jsonschema)
        if raise_errors:
            found = list(settings.problems(dict(self.config), self.config_jsonschema, VENDORS, self.clock.now()))
            if "start_date" not in self.config:
                found.insert(0, "start_date is missing; it is required.")
            if not self._configured():
                names = ", ".join(vendor.name for vendor in VENDORS)
                found.append(f"No vendor is configured; give the settings of at least one of: {names}.")
            if found:
                raise ConfigValidationError(_INVALID, errors=found)
        super()._validate_config(raise_errors=False)  # fills in defaults
        return []

    def _configured(self) -> list[str]:
        return [vendor.name for vendor in VENDORS if self.config.get(vendor.name)]

    @override
    def setup_mapper(self) -> None:
        super(Tap, self).setup_mapper()
        keys = {name: list(stream.primary_keys) for name, stream in self.streams.items()}
        try:
            self.mapper.register_raw_streams_from_catalog(for_mapping(self.catalog, keys))
        except (MapExpressionError, StreamMapConfigError) as error:
            raise SettingsError("stream_maps", str(error)) from error

    @override
    def load_state(self, state: dict[str, Any]) -> None:
        super().load_state(bookmarks.checked(state))

    # Streams

    @override
    def discover_streams(self) -> list[QAStream]:
        return [stream(self) for vendor in VENDORS for stream in vendor.streams]

    @cached_property
    def around(self) -> Surroundings:
        """What the clients of all vendors share."""
        return surroundings(self.config, product=self.name, clock=self.clock, hide=self._redactor.hide)

    @cached_property
    def _connections(self) -> dict[str, Any]:
        return {}

    def connection(self, vendor_name: str) -> Any:  # noqa: ANN401 - each vendor's own class
        """Return what the streams of a vendor share in this run."""
        if vendor_name not in self._connections:
            vendor = next(found for found in VENDORS if found.name == vendor_name)
            read = frozenset(stream.name for stream in self._wanted() if stream.vendor == vendor_name)
            self._connections[vendor_name] = vendor.connect(self.config[vendor_name], self.around, read)
        return self._connections[vendor_name]

    @cached_property
    def version(self) -> int:
        """The version of full tables that this run reads: Unix milliseconds, so that it grows from run to run."""
        return int(self.clock.now().timestamp() * 1000)

    def _wanted(self) -> list[QAStream]:
        """Return the streams to read: selected, and of a vendor that is configured; in the vendors' order."""
        configured = self._configured()
        return [
            stream
            for vendor in VENDORS
            if vendor.name in configured
            for stream in self._streams_of(vendor)
            if stream.selected
        ]

    def _streams_of(self, vendor: Vendor) -> list[QAStream]:
        """Return a vendor's streams in the order that it declares."""
        own = [
            stream for stream in self.streams.values() if isinstance(stream, QAStream) and stream.vendor == vendor.name
        ]
        return sorted(own, key=lambda stream: vendor.streams.index(type(stream)))

    # A run

    @override  # type: ignore[misc] # final to type checkers only; one failure must not end a run
    def sync_all(self) -> None:
        """Read all wanted streams; a failure of one leaves the others alone.

        Raises:
            SyncFailedError: Some streams failed, each of which was told.
        """
        self._reset_state_progress_markers()
        wanted = self._wanted()
        self._tell_what_is_skipped()
        outcomes = {stream.name: Outcome(stream.tally) for stream in wanted}
        try:
            with self.around.progress.told():
                self._run(wanted, outcomes)
        finally:
            # Some targets print the state only if it is the last line.
            self.write_state()
        tell(outcomes.values())

    def _run(self, wanted: list[QAStream], outcomes: dict[str, Outcome]) -> None:
        for stream in wanted:
            self._guarded(stream, outcomes, stream.look_ahead)
        bundles: dict[str, list[QAStream]] = {}
        for stream in wanted:
            bundles.setdefault(stream.bundle or stream.name, []).append(stream)
        # What is cooking elsewhere is read last.
        for bundle in sorted(bundles.values(), key=lambda streams: streams[0].bundle is not None):
            turns = list(bundle)
            while turns:
                stream = self._next_of(turns)
                turns.remove(stream)
                if self._turn(stream, outcomes):
                    turns.append(stream)

    def _next_of(self, turns: list[QAStream]) -> QAStream:
        """Return the first stream that need not wait for its vendor, once there is one."""
        if len(turns) > 1:
            self.around.waiter.until(lambda: any(stream.ready for stream in turns), _LONGEST_WAIT, "the vendors' jobs")
        return next((stream for stream in turns if stream.ready), turns[0])

    def _turn(self, stream: QAStream, outcomes: dict[str, Outcome]) -> bool:
        """Give a stream a turn; return whether it wants another."""
        return self._guarded(stream, outcomes, stream.sync) and stream.unfinished

    def _guarded(self, stream: QAStream, outcomes: dict[str, Outcome], step: Any) -> bool:  # noqa: ANN401
        """Run a step of a stream; keep its failure to itself."""
        outcome = outcomes[stream.name]
        if outcome.failure is not None:
            return False
        started = self.clock.monotonic()
        stream.tally.started = stream.tally.started or started
        try:
            self.around.progress.tally = stream.tally
            self.connection(stream.vendor).count_for(stream.tally)
            step()
        except Exception as failure:
            outcome.failure = failure
            logger.debug("%s failed", stream.name, exc_info=failure)
            stream.abandon()
            return False
        finally:
            self.around.progress.tally = None
            outcome.seconds += self.clock.monotonic() - started
        return True

    def _tell_what_is_skipped(self) -> None:
        configured = self._configured()
        for vendor in VENDORS:
            skipped = [stream for stream in self._streams_of(vendor) if stream.selected]
            if skipped and vendor.name not in configured:
                logger.info("%s is not configured; its %d selected streams are skipped.", vendor.title, len(skipped))
        for name in sorted(set(self.config) - set(self.config_jsonschema["properties"])):
            logger.warning("%.80s is not a setting of tap-qa and is ignored; is it misspelt?", name)
        for name in settings.Dates.of(self.config).naive:
            logger.warning("%s has no zone and is taken as UTC; write it as 2024-01-01T00:00:00Z to be sure.", name)

    def write_state(self) -> None:
        """Write the state, also if nothing in it changed: each finished window is followed by a STATE message."""
        self.write_message(StateMessage(value=self.state))

    # The command line

    @override
    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        """End with the status that shells and orchestrators expect of a process that a signal ended."""
        writer = self.message_writer
        status = 128 + signum
        if not isinstance(writer, LineWriter):
            raise SystemExit(status)
        writer.end(status)  # which returns if a line has to be finished first

    @classmethod
    @override
    def invoke(cls, **options: Any) -> None:
        with one_line_failures():
            options["state"] = input_files.checked_state(options.get("state"))
            options["catalog"] = input_files.checked_catalog(options.get("catalog"))
            super().invoke(**options)

    @classmethod
    @override
    def cb_config(cls, ctx: click.Context, param: click.Option, value: tuple[str, ...]) -> Any:
        with one_line_failures():
            input_files.check_configs(value)
        return super().cb_config(ctx, param, value)

    @classmethod
    @override
    def cb_test(cls, ctx: click.Context, param: click.Option, value: str) -> None:
        with one_line_failures():
            super().cb_test(ctx, param, value)

    @override  # type: ignore[misc] # as sync_all
    def run_sync_dry_run(self, dry_run_record_limit: int | None = 1, streams: Iterable[Stream] | None = None) -> bool:
        """Read a little of each stream of the configured vendors, and tell of every failure before failing."""
        configured = self._configured()
        failures = []
        for stream in streams or self.streams.values():
            if not isinstance(stream, QAStream) or stream.vendor not in configured:
                continue
            stream.ABORT_AT_RECORD_COUNT = dry_run_record_limit
            stream.selected = True
            try:
                with contextlib.suppress(AbortedSyncFailedException, AbortedSyncPausedException):
                    stream.sync()
            except Exception as failure:
                logger.debug("%s failed", stream.name, exc_info=failure)
                # A list whose path is a guess may well not be there; who doesn't ask for it must not be stopped by it.
                log = logger.error if stream.selected_by_default else logger.warning
                log("%s", failure_line(stream.name, failure))
                if stream.selected_by_default:
                    failures.append(stream.name)
            else:
                logger.info("%s: the vendor answers", stream.name)
        if failures:
            raise SyncFailedError("tap-qa", f"the test of {', '.join(failures)} failed.")
        return True
