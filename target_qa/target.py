"""The target as the SDK sees it: settings, messages, and the command line."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk import Target
from singer_sdk.helpers.capabilities import PluginCapabilities
from typing_extensions import override

from tap_qa.config.json_object import shown
from tap_qa.config.properties import config_schema
from tap_qa.config.stream_maps import check_maps, guard_expressions, is_for, map_errors
from tap_qa.plugin import QAPlugin
from tap_qa.runtime.exit_status import exit_on_error, exit_on_output_error
from target_qa import settings
from target_qa.delivery.deliveries import Deliveries, SinkHost
from target_qa.delivery.sink_stats import log_summary, raise_if_rejected
from target_qa.errors import InputError
from target_qa.lines import LineReader
from target_qa.sink import QASink
from target_qa.vendors import VENDORS

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from types import FrameType
    from typing import IO


class TargetQA(QAPlugin, SinkHost):
    """Writes contact-centre quality assurance back: scores, tickets and goals' check-ins.

    Takes the records of any Singer tap. A stream named like a sink goes there; others are sent by the setting
    `mapping`, or by stream maps.
    """

    name = "target-qa"
    package_name = "tap-qa"
    vendors = VENDORS
    config_jsonschema: ClassVar[dict[str, Any]] = config_schema(
        settings.SHARED, VENDORS, "Access to {title}; leave the object out if you send it nothing."
    )
    capabilities: ClassVar[list[Any]] = [
        PluginCapabilities.ABOUT,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.STRUCTURED_LOGGING,
    ]
    default_sink_class = QASink
    message_reader_class = LineReader

    # Settings

    @override
    def config_problems(self) -> Iterator[str]:
        return settings.problems(dict(self.config), self.config_jsonschema, VENDORS)

    @classmethod
    @override
    def append_builtin_config(cls, config_jsonschema: dict[str, Any]) -> None:
        """Leave out what targets of databases have: load methods, batch sizes, metadata columns."""
        super(Target, cls).append_builtin_config(config_jsonschema)

    @cached_property
    @override
    def deliveries(self) -> Deliveries:
        return Deliveries(self.config, VENDORS, self.run_context)

    # A run

    @property  # type: ignore[misc] # it is never set
    @override
    def max_parallelism(self) -> int:
        """Keep records in their order: a later one may change what an earlier one made."""
        return 1

    @override
    def _assert_sink_exists(self, stream_name: str) -> None:
        if not self.sink_exists(stream_name):
            what = f"a record of {stream_name} comes before its schema."
            raise InputError("input", what, "Check the tap that it comes from.")

    @override
    def _process_schema_message(self, message_dict: dict[str, Any]) -> None:
        """Accept a schema, once its stream maps are known to do what they say."""
        stream, maps = message_dict["stream"], self.config.get("stream_maps") or {}
        self._mapped |= {key for key in maps if is_for(key, maps[key], stream)}
        check_maps(maps, {stream: message_dict["schema"]["properties"]}, are_all=False)
        with map_errors():
            super()._process_schema_message(message_dict)
        guard_expressions({stream: self.mapper.stream_maps[stream]})

    @cached_property
    def _mapped(self) -> set[str]:
        """The stream maps whose stream came."""
        return set()

    @override
    def _process_state_message(self, message_dict: dict[str, Any]) -> None:
        """Pass a state on at once: all records before it were confirmed, or refused and written down."""
        before = self._latest_state
        super()._process_state_message(message_dict)
        if self._latest_state != before:
            self.drain_all()

    @override
    def _process_activate_version_message(self, message_dict: dict[str, Any]) -> None:
        """Leave rows alone that vanished from the source, be its schema known or not."""

    @override
    def _process_batch_message(self, message_dict: dict[str, Any]) -> None:
        raise InputError(
            str(message_dict.get("stream")), "the tap sends BATCH files.", "Remove batch_config from its settings."
        )

    @override
    def _write_state_message(self, state: dict[str, Any]) -> None:
        """Confirm a state, but never one of a dry run, whose records would then not be sent by the next."""
        if not self.config["dry_run"]:
            with exit_on_output_error(self.name):
                super()._write_state_message(state)

    @override  # type: ignore[misc] # final to type checkers only
    def process_lines(self, file_input: IO[str] | None) -> Counter[str]:
        """Process all messages; log the progress and, at the end, a summary."""
        try:
            with self.run_context.progress.logged_periodically():
                return super().process_lines(file_input)
        finally:
            log_summary(self.deliveries.all_stats)

    @override
    def process_endofpipe(self) -> None:
        """End the run, as a failed one if records were rejected."""
        super().process_endofpipe()
        for key in sorted({key for key in self.config.get("stream_maps") or () if key[:2] != "__"} - self._mapped):
            self.logger.warning("stream_maps.%s: no stream of this name came in.", shown(key))
        raise_if_rejected(self.deliveries.all_stats, self.deliveries.dead_letters.path)

    # The command line

    @override
    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        """End at once, with the status that shells and orchestrators expect; nothing waits to be sent."""
        sys.exit(128 + signum)

    @classmethod
    @override
    def invoke(cls, **options: Any) -> None:
        with exit_on_error(cls.name):
            super().invoke(**options)
