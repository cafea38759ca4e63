"""What the sinks of a run share: field mappings, connections, statistics and the dead-letter file."""

from __future__ import annotations

import abc
from functools import cached_property
from typing import TYPE_CHECKING, Any

from singer_sdk import Target

from tap_qa.errors import SettingsError
from target_qa.delivery.dead_letters import DeadLetters
from target_qa.delivery.field_mapping import FieldMapping, resolve_mapping
from target_qa.delivery.sink_stats import SinkStats

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tap_qa.runtime.clock import Clock
    from tap_qa.runtime.context import RunContext
    from tap_qa.runtime.progress import StreamStats
    from target_qa.resources.resource import Connection, Resource, VendorSinks


class Deliveries:
    """Everything that leaves in one run."""

    def __init__(self, config: Mapping[str, Any], vendors: tuple[VendorSinks, ...], run_context: RunContext) -> None:
        """Prepare; nothing is opened or sent yet."""
        self._config = config
        self._vendors = vendors
        self.run_context = run_context
        self._stats: dict[str, SinkStats] = {}
        self._connections: dict[str, Connection] = {}
        self._resources: dict[str, Resource] = {}

    @cached_property
    def dead_letters(self) -> DeadLetters:
        """Where rejected records go."""
        return DeadLetters(self._config["dead_letter_path"])

    @property
    def all_stats(self) -> Iterable[SinkStats]:
        """The statistics of all streams."""
        return self._stats.values()

    def stats(self, stream: str) -> SinkStats:
        """Return the statistics of a stream."""
        return self._stats.setdefault(stream, SinkStats(stream))

    def mapping(self, stream: str, schemas: Mapping[str, Any]) -> FieldMapping:
        """Return the field mapping of a stream with these columns.

        Raises:
            SettingsError: There is none, or its vendor is not configured.
        """
        found = resolve_mapping(stream, schemas, self._config["mapping"], self._vendors)
        if not self._config.get(found.vendor.name):
            raise SettingsError(
                stream, f"it goes to {found.vendor.title}, which is not configured.", f"Set {found.vendor.name}."
            )
        _ = self.dead_letters  # fails now if the file can't be written, not at the first rejected record
        return found

    def resource(self, mapping: FieldMapping, stats: StreamStats) -> Resource:
        """Return what sends the records of a mapping, and count its requests in these stats."""
        vendor, kind = mapping.vendor, mapping.resource
        if vendor.name not in self._connections:
            self._connections[vendor.name] = vendor.connect(self._config[vendor.name], self.run_context)
        connection = self._connections[vendor.name]
        connection.track_requests(stats)
        if kind.name not in self._resources:
            self._resources[kind.name] = kind(connection, self.run_context)
        return self._resources[kind.name]


class SinkHost(Target, abc.ABC):
    """A target that runs QA sinks."""

    clock: Clock

    @property
    @abc.abstractmethod
    def deliveries(self) -> Deliveries:
        """What its sinks share."""
