"""What a stream may use of its tap."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any

from singer_sdk import Tap

if TYPE_CHECKING:
    from tap_qa.errors import UnavailableError
    from tap_qa.runtime.clock import Clock
    from tap_qa.runtime.context import RunContext


class StreamHost(Tap, abc.ABC):
    """A tap that runs QA streams."""

    clock: Clock
    storage_outage: UnavailableError | None = None
    """Why the place of BATCH files was out of reach when a stream tried it, if it was."""

    @property
    @abc.abstractmethod
    def run_context(self) -> RunContext:
        """What the clients of all vendors share in this run."""

    @property
    @abc.abstractmethod
    def table_version(self) -> int:
        """The version of full tables that this run reads: Unix milliseconds, so that it grows from run to run."""

    @abc.abstractmethod
    def connection(self, vendor_name: str) -> Any:  # noqa: ANN401 - each vendor's own class
        """Return what the streams of a vendor share in this run."""

    @abc.abstractmethod
    def write_state(self) -> None:
        """Write a STATE message, also if the state has not changed."""
