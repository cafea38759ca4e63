"""The tap as the SDK sees it: settings, streams, and the command line."""

from __future__ import annotations

import contextlib
import json
import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import click
from singer_sdk import Tap
from singer_sdk.configuration._dict_config import merge_missing_config_jsonschema
from singer_sdk.exceptions import (
    AbortedSyncFailedException,
    AbortedSyncPausedException,
    MapExpressionError,
    StreamMapConfigError,
)
from singer_sdk.helpers.capabilities import BATCH_CONFIG, PluginCapabilities
from singer_sdk.singerlib import StateMessage
from typing_extensions import override

from tap_qa.config import input_files, properties, validation
from tap_qa.config.catalog_file import KnownStream, completed
from tap_qa.errors import SettingsError, SyncFailedError
from tap_qa.plugin import QAPlugin
from tap_qa.runtime.exit_status import exit_on_error
from tap_qa.runtime.summary import format_failure
from tap_qa.singer.catalog import for_mapping
from tap_qa.singer.message_writer import LineWriter
from tap_qa.singer.privacy import privacy_recipe
from tap_qa.state.bookmarks import validate_state
from tap_qa.state.date_range import DateSettings
from tap_qa.streams.base import QAStream
from tap_qa.streams.host import StreamHost
from tap_qa.sync import SyncRun
from tap_qa.vendors.discovery import find_vendors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from singer_sdk import Stream

    from tap_qa.vendor import Vendor

VENDORS = find_vendors()
logger = logging.getLogger("tap-qa")


class TapQA(QAPlugin, StreamHost):
    """Reads contact-centre quality assurance: evaluations, scorecards, people and goals.

    One tap for Scorebuddy, MaestroQA (Rippit), NICE CXone, Betterworks and Canary Speech: configure the vendors that
    you use, pick streams with `--discover`, and load them with any Singer target.
    """

    name = "tap-qa"
    vendors = VENDORS
    config_jsonschema: ClassVar[dict[str, Any]] = properties.config_schema(
        properties.SHARED, VENDORS, "Settings of {title}; leave the object out if you don't use it."
    )
    # All of the SDK's but flattening, which changes its schemas and not the records that are written here.
    capabilities: ClassVar[list[Any]] = [each for each in Tap.capabilities if each is not PluginCapabilities.FLATTENING]
    message_writer_class = LineWriter

    # Settings and state

    @classmethod
    @override
    def append_builtin_config(cls, config_jsonschema: dict[str, Any]) -> None:
        """Add the SDK's settings of the capabilities above; its own method for taps adds all."""
        super(Tap, cls).append_builtin_config(config_jsonschema)
        merge_missing_config_jsonschema(BATCH_CONFIG, config_jsonschema)

    @override
    def config_problems(self) -> Iterator[str]:
        if "start_date" not in self.config:
            yield "start_date is missing; it is required."
        yield from validation.config_errors(dict(self.config), self.config_jsonschema, VENDORS, self.clock.now())
        if not self._configured():
            names = ", ".join(vendor.name for vendor in VENDORS)
            yield f"No vendor is configured; give the settings of at least one of: {names}."

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
        super().load_state(validate_state(state))

    # Streams

    @property
    @override
    def streams(self) -> dict[str, Stream]:
        """All streams by name; a catalog that was given is completed first, and then applied to them."""
        if self._streams is None:
            found = {stream.name: stream for stream in self.load_streams()}
            if self._input_catalog is not None:
                known = {
                    name: KnownStream(
                        stream.schema, stream.primary_keys, stream.replication_key, stream.selected_by_default
                    )
                    for name, stream in found.items()
                }
                self._input_catalog = completed(self._input_catalog, known)
                for stream in found.values():
                    stream.apply_catalog(self._input_catalog)
            self._streams = found
        return self._streams

    @override
    def discover_streams(self) -> list[QAStream]:
        return [stream(self) for vendor in VENDORS for stream in vendor.streams]

    @cached_property
    def _connections(self) -> dict[str, Any]:
        return {}

    @override
    def connection(self, vendor_name: str) -> Any:
        if vendor_name not in self._connections:
            vendor = next(found for found in VENDORS if found.name == vendor_name)
            streams = [type(stream) for stream in self._selected_streams() if stream.vendor == vendor_name]
            self._connections[vendor_name] = vendor.connect(self.config[vendor_name], self.run_context, streams)
        return self._connections[vendor_name]

    @cached_property
    @override
    def table_version(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    def _selected_streams(self) -> list[QAStream]:
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
        """Read all selected streams; a failure of one leaves the others alone.

        Raises:
            SyncFailedError: Some streams failed; each failure was logged.
        """
        self._reset_state_progress_markers()
        self._log_skipped_streams()
        SyncRun(self, self._selected_streams()).run()

    def _log_skipped_streams(self) -> None:
        configured = self._configured()
        for vendor in VENDORS:
            skipped = [stream for stream in self._streams_of(vendor) if stream.selected]
            if skipped and vendor.name not in configured:
                logger.info("%s is not configured; its %d selected streams are skipped.", vendor.title, len(skipped))
        if not any(stream.selected for stream in self.streams.values()):
            logger.warning("The catalog selects no stream of tap-qa: nothing is read.")
        for name in DateSettings.of(self.config).naive:
            logger.warning("%s has no zone and is taken as UTC; write it as 2024-01-01T00:00:00Z to be sure.", name)

    @override
    def write_state(self) -> None:
        """Write a STATE message, also if the state has not changed: one follows each completed window."""
        self.write_message(StateMessage(value=self.state))

    # The command line

    @classmethod
    @override
    def get_singer_command(cls) -> click.Command:
        command = super().get_singer_command()
        command.params.append(
            click.Option(
                ["--privacy-recipe"],
                is_flag=True,
                help="Print the settings that hash who people are and empty what they wrote; needs no config.",
                callback=cls._print_privacy_recipe,
                expose_value=False,
                is_eager=True,
            )
        )
        return command

    @classmethod
    def _print_privacy_recipe(cls, ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001
        if value:
            streams = cls(validate_config=False).streams
            click.echo(json.dumps(privacy_recipe({name: stream.schema for name, stream in streams.items()}), indent=2))
            ctx.exit()

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
        with exit_on_error():
            options["state"] = input_files.checked_state(options.get("state"))
            options["catalog"] = input_files.checked_catalog(options.get("catalog"))
            super().invoke(**options)

    @classmethod
    @override
    def cb_test(cls, ctx: click.Context, param: click.Option, value: str) -> None:
        with exit_on_error():
            super().cb_test(ctx, param, value)

    @override  # type: ignore[misc] # as sync_all
    def run_sync_dry_run(self, dry_run_record_limit: int | None = 1, streams: Iterable[Stream] | None = None) -> bool:
        """Read a few records of each stream of the configured vendors, and log every failure before failing."""
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
                # A list whose path is a guess may not exist; it must not stop a user who has not selected it.
                log = logger.error if stream.selected_by_default else logger.warning
                log("%s", format_failure(stream.name, failure))
                if stream.selected_by_default:
                    failures.append(stream.name)
            else:
                logger.info("%s: connection test passed", stream.name)
        if failures:
            raise SyncFailedError("tap-qa", f"the test of {', '.join(failures)} failed.")
        return True


def _known(stream: Stream) -> KnownStream:
    return KnownStream(stream.schema, stream.primary_keys, stream.replication_key, stream.selected_by_default)
