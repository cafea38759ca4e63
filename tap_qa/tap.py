"""The tap as the SDK sees it: settings, streams, and the command line."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import click
from singer_sdk import Tap
from singer_sdk.configuration._dict_config import merge_missing_config_jsonschema
from singer_sdk.helpers.capabilities import BATCH_CONFIG, PluginCapabilities
from singer_sdk.plugin_base import _ConfigInput
from singer_sdk.singerlib import StateMessage
from singer_sdk.tap_base import CliTestOptionValue
from typing_extensions import override

from tap_qa.config import input_files, properties, validation
from tap_qa.config.catalog_file import KnownStream, completed
from tap_qa.config.map_selection import fitted_maps
from tap_qa.config.stream_maps import check_maps, guard_expressions, map_errors
from tap_qa.errors import SyncFailedError
from tap_qa.plugin import QAPlugin
from tap_qa.runs.connection_check import check_streams, quick
from tap_qa.runs.plan import plan_as_json
from tap_qa.runs.sync import SyncRun
from tap_qa.runtime.exit_status import NEEDS_A_PERSON, exit_on_error, exit_on_output_error, print_text
from tap_qa.runtime.summary import RunSummary
from tap_qa.singer.catalog import for_mapping
from tap_qa.singer.message_writer import LineWriter
from tap_qa.singer.privacy import privacy_recipe, warn_about_example_seed
from tap_qa.singer.reader_watch import watch_reader
from tap_qa.state.bookmarks import validate_state
from tap_qa.state.date_range import DateSettings
from tap_qa.streams.base import QAStream
from tap_qa.streams.host import StreamHost
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
        columns = {name: each.schema["properties"] for name, each in self.streams.items()}
        check_maps(self.config.get("stream_maps"), columns)
        keys = {name: list(stream.primary_keys) for name, stream in self.streams.items()}
        with map_errors():
            super(Tap, self).setup_mapper()
            left_out = {each.name: each.left_out for each in self.selected_streams()}
            self.mapper.stream_maps_dict = fitted_maps(self.mapper.stream_maps_dict, left_out)
            self.mapper.register_raw_streams_from_catalog(for_mapping(self.catalog, keys))
        guard_expressions(self.mapper.stream_maps)

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
                known = {name: _known(stream) for name, stream in found.items()}
                self._input_catalog = completed(self._input_catalog, known)
                for stream in found.values():
                    stream.apply_catalog(self._input_catalog)
            self._streams = found
        return self._streams

    @override
    def discover_streams(self) -> list[QAStream]:
        found = [stream(self) for vendor in VENDORS for stream in vendor.streams]
        for vendor in VENDORS:
            own = self.config.get(vendor.name)
            found += vendor.further_streams(self, own) if isinstance(own, Mapping) else ()
        return found

    @cached_property
    def _connections(self) -> dict[str, Any]:
        return {}

    @override
    def connection(self, vendor_name: str) -> Any:
        if vendor_name not in self._connections:
            vendor = next(found for found in VENDORS if found.name == vendor_name)
            streams = [type(stream) for stream in self.selected_streams() if stream.vendor == vendor_name]
            self._connections[vendor_name] = vendor.connect(self.config[vendor_name], self.run_context, streams)
        return self._connections[vendor_name]

    @cached_property
    @override
    def table_version(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    def selected_streams(self) -> list[QAStream]:
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
        """Return a vendor's streams in the order that it declares, those of its settings last."""
        own = [
            stream for stream in self.streams.values() if isinstance(stream, QAStream) and stream.vendor == vendor.name
        ]
        places = {stream: place for place, stream in enumerate(vendor.streams)}
        return sorted(own, key=lambda stream: places.get(type(stream), len(places)))

    # A run

    @cached_property
    def summary(self) -> RunSummary:
        """What the run did."""
        return RunSummary(self.clock)

    @override  # type: ignore[misc] # final to type checkers only; one failure must not end a run
    def sync_all(self) -> None:
        """Read all selected streams; a failure of one leaves the others alone.

        Raises:
            SyncFailedError: Some streams failed; each failure was logged.
        """
        if isinstance(self.message_writer, LineWriter):
            watch_reader(self.message_writer.end_without_reader)
        self._reset_state_progress_markers()
        self._log_skipped_streams()
        run = SyncRun(self, self.selected_streams())
        self.summary.results = run.results
        run.run()

    def _log_skipped_streams(self) -> None:
        configured = self._configured()
        for vendor in VENDORS:
            skipped = [stream for stream in self._streams_of(vendor) if stream.selected]
            if skipped and vendor.name not in configured:
                logger.info("%s is not configured; its %d selected streams are skipped.", vendor.title, len(skipped))
        if not any(stream.selected for stream in self.streams.values()):
            logger.warning("The catalog selects no stream of tap-qa: nothing is read.")
        warn_about_example_seed(self.config)
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
        for option in command.params:
            if option.name == "test":  # else it would be run before the other options are known
                option.callback, option.expose_value = None, True
        plan = "Print, without asking a vendor, the parts in which the date range of the settings can be read, as JSON."
        command.params.append(click.Option(["--plan"], is_flag=True, help=plan))
        recipe = "Print the settings that hash who people are and empty what they wrote; needs no config."
        eager: dict[str, Any] = {"is_flag": True, "is_eager": True, "expose_value": False}
        option = click.Option(["--privacy-recipe"], help=recipe, callback=cls._print_privacy_recipe, **eager)
        command.params.append(option)
        return command

    @classmethod
    def _print_privacy_recipe(cls, ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001
        if value:
            schemas = {name: stream.schema for name, stream in cls(validate_config=False).streams.items()}
            print_text(json.dumps(privacy_recipe(schemas), indent=2), cls.name)
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
    def invoke(cls, *, about: bool = False, about_format: str | None = None, **options: Any) -> None:
        super(Tap, cls).invoke(about=about, about_format=about_format)
        cls.print_version(print_fn=cls.logger.info)
        if options["test"] != CliTestOptionValue.Disabled.value:
            with exit_on_error():
                tap = cls._open(options)
                if options["test"] == CliTestOptionValue.Schema.value:
                    tap.write_schemas()
                elif not tap.passes_connection_test():
                    sys.exit(NEEDS_A_PERSON)
            return
        if options["plan"]:
            with exit_on_error():
                tap = cls._open(options)
                print_text(plan_as_json(tap.selected_streams(), DateSettings.of(tap.config), cls.clock.now()), cls.name)
            return
        with RunSummary(cls.clock).written_last() as summary, exit_on_error():
            tap = cls._open(options)
            tap.summary = summary
            tap.sync_all()

    @classmethod
    def _open(cls, options: Mapping[str, Any]) -> TapQA:
        """Make the tap of a command line's options."""
        state, catalog = input_files.checked_state(options["state"]), input_files.checked_catalog(options["catalog"])
        config = options["config"] or _ConfigInput()
        return cls(
            config=config.config,
            state=None if state is None else json.load(state),
            catalog=None if catalog is None else json.load(catalog),
            parse_env_config=config.parse_env,
        )

    def passes_connection_test(self) -> bool:
        """Test the selected streams and log the verdicts, behind which nothing else is logged."""
        self._log_skipped_streams()
        try:
            return self.run_sync_dry_run(streams=self.selected_streams())
        except SyncFailedError:
            return False

    @override
    def run_discovery(self) -> str:
        with exit_on_output_error(self.name):
            return super().run_discovery()

    @override  # type: ignore[misc] # as sync_all
    def run_sync_dry_run(self, dry_run_record_limit: int | None = 1, streams: Iterable[Stream] | None = None) -> bool:
        """Read a few records of these streams, of all by default, and log each failure before failing."""
        self.run_context = replace(self.run_context, retry_policy=quick(self.run_context.retry_policy))
        titles = {vendor.name: vendor.title for vendor in VENDORS if vendor.name in self._configured()}
        given = self.streams.values() if streams is None else streams
        own = [stream for stream in given if isinstance(stream, QAStream) and stream.vendor in titles]
        check_streams(own, titles, dry_run_record_limit, self.run_context.unreachable_vendors)
        return True


def _known(stream: Stream) -> KnownStream:
    return KnownStream(stream.schema, stream.primary_keys, stream.replication_key, stream.selected_by_default)
