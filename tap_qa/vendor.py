"""What a vendor package declares."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tap_qa.config.properties import Config, VendorSettings
from tap_qa.streams.registry import streams_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from tap_qa.probes.probe import Probe
    from tap_qa.runtime.context import RunContext
    from tap_qa.streams.base import QAStream
    from tap_qa.streams.host import StreamHost

    Connect = Callable[[Config, RunContext, Collection[type[QAStream]]], Any]


@dataclass(frozen=True)
class Vendor(VendorSettings):
    """One vendor: its settings, its streams and how to connect."""

    connect: Connect = field(kw_only=True)
    """Makes what its streams share in a run, from its settings and the classes of the streams that will be read."""

    further_streams: Callable[[StreamHost, Config], Iterable[QAStream]] = lambda _tap, _config: ()
    """Makes the streams of a tap that only the vendor's settings, whatever is wrong with them, know."""

    @property
    def streams(self) -> tuple[type[QAStream], ...]:
        """Its streams, in the order in which they are read."""
        return streams_of(self.name)

    @property
    def probes(self) -> Sequence[Probe]:
        """What `tap-qa-doctor` asks its accounts, by the package's module `probes`, which a sync never imports."""
        found: Sequence[Probe] = import_module(f"tap_qa.vendors.{self.name}.probes").PROBES
        return found
