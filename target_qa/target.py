"""The target: takes a Singer stream and sends its records to the vendors, each once."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk import Target
from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.helpers.capabilities import PluginCapabilities
from typing_extensions import override

from tap_qa.clock import Clock, SystemClock
from tap_qa.command_line import one_line_failures
from tap_qa.errors import SettingsError
from tap_qa.http.surroundings import surroundings
from tap_qa.redaction import Redactor, secrets_of
from target_qa import report, routes, settings
from target_qa.dead_letters import DeadLetters
from target_qa.errors import InputError
from target_qa.lines import LineReader
from target_qa.sink import QASink
from target_qa.vendors import VENDORS

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable
    from types import FrameType
    from typing import IO

    from tap_qa.http.surroundings import Surroundings
    from tap_qa.progress import Tally
    from target_qa.destination import Connection, Destination
    from target_qa.report import Report
    from target_qa.routes import Route

_INVALID = "Config validation failed"


class TargetQA(Target):
    """Writes contact-centre quality assurance back: scores to Canary Speech, tickets to MaestroQA (Rippit).

    Takes the records of any Singer tap. A stream called like a sink goes there; others are sent by the setting
    `mapping`, or by stream maps.
    """

    name = "target-qa"
    package_name = "tap-qa"
    config_jsonschema: ClassVar[dict[str, Any]] = settings.schema(VENDORS)
    capabilities: ClassVar[list[Any]] = [
        PluginCapabilities.ABOUT,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.STRUCTURED_LOGGING,
    ]
    default_sink_class = QASink
    message_reader_class = LineReader
    clock: Clock = SystemClock()

    # Settings

    @override
    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        """Check the settings and tell all that is wrong with them, never a value: the SDK would print secrets."""
        self._redactor = Redactor(secrets_of(self.config, self.config_jsonschema))
        self._redactor.attach()
        if raise_errors:
            found = list(settings.problems(dict(self.config), self.config_jsonschema, VENDORS))
            if found:
                raise ConfigValidationError(_INVALID, errors=found)
        super()._validate_config(raise_errors=False)  # fills in defaults
        return []

    @classmethod
    @override
    def append_builtin_config(cls, config_jsonschema: dict[str, Any]) -> None:
        """Leave out what targets of databases have: load methods, batch sizes, metadata columns."""
        super(Target, cls).append_builtin_config(config_jsonschema)

    # What sinks ask for

    @cached_property
    def around(self) -> Surroundings:
        """What the clients of all vendors share."""
        return surroundings(self.config, product=self.name, clock=self.clock, hide=self._redactor.hide)

    @cached_property
    def dead_letters(self) -> DeadLetters:
        """Where refused records go."""
        return DeadLetters(self.config["dead_letter_path"])

    @cached_property
    def _reports(self) -> dict[str, Report]:
        return {}

    @cached_property
    def _connections(self) -> dict[str, Connection]:
        return {}

    @cached_property
    def _destinations(self) -> dict[str, Destination]:
        return {}

    def report(self, stream: str) -> Report:
        """Return where the fate of a stream's records is noted."""
        return self._reports.setdefault(stream, report.Report(stream))

    def route(self, stream: str, columns: Iterable[str]) -> Route:
        """Return the way of a stream.

        Raises:
            SettingsError: There is none, or its vendor is not configured.
        """
        found = routes.route(stream, columns, self.config["mapping"], VENDORS)
        if not self.config.get(found.vendor.name):
            raise SettingsError(
                stream, f"it goes to {found.vendor.title}, which is not configured.", f"Set {found.vendor.name}."
            )
        _ = self.dead_letters  # can a refusal be written down? Better known now than at the first one
        return found

    def destination(self, route: Route, tally: Tally) -> Destination:
        """Return what sends the records of a route, and count its requests for this tally."""
        vendor, kind = route.vendor, route.destination
        if vendor.name not in self._connections:
            self._connections[vendor.name] = vendor.connect(self.config[vendor.name], self.around)
        connection = self._connections[vendor.name]
        connection.count_for(tally)
        if kind.name not in self._destinations:
            self._destinations[kind.name] = kind(connection, self.around)
        return self._destinations[kind.name]

    # A run

    @property  # type: ignore[misc] # nobody sets it
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
    def _process_state_message(self, message_dict: dict[str, Any]) -> None:
        """Pass a state on at once: all records before it were confirmed, or refused and written down."""
        before = self._latest_state
        super()._process_state_message(message_dict)
        if self._latest_state != before:
            self.drain_all()

    @override
    def _process_batch_message(self, message_dict: dict[str, Any]) -> None:
        raise InputError(
            str(message_dict.get("stream")), "the tap sends BATCH files.", "Remove batch_config from its settings."
        )

    @override
    def _write_state_message(self, state: dict[str, Any]) -> None:
        """Confirm a state, but never one of a dry run, whose records would then not be sent by the next."""
        if not self.config["dry_run"]:
            super()._write_state_message(state)

    @override  # type: ignore[misc] # final to type checkers only
    def process_lines(self, file_input: IO[str] | None) -> Counter[str]:
        """Take in all messages, and say from time to time and at the end how it goes."""
        try:
            with self.around.progress.told():
                return super().process_lines(file_input)
        finally:
            report.tell(self._reports.values())

    @override
    def process_endofpipe(self) -> None:
        """End the run, as a failed one if records were refused."""
        super().process_endofpipe()
        report.fail_if_refused(self._reports.values(), self.dead_letters.path)

    # The command line

    @override
    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        """End at once, with the status that shells and orchestrators expect; nothing waits to be sent."""
        sys.exit(128 + signum)

    @classmethod
    @override
    def invoke(cls, **options: Any) -> None:
        with one_line_failures(cls.name):
            super().invoke(**options)
