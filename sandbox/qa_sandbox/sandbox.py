"""All vendors together, on one clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from typing_extensions import Self

from qa_sandbox.clock import SandboxClock
from qa_sandbox.vendor import Rows, SimulatedVendor
from qa_sandbox.vendors.discovery import vendor_types

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from types import TracebackType

V = TypeVar("V", bound=SimulatedVendor)


class Sandbox:
    """Vendors' servers on loopback, while it is open (`with Sandbox() as sandbox:`).

    Attributes:
        clock: The vendors' clock.
        vendors: By name.
    """

    def __init__(
        self,
        vendors: Iterable[SimulatedVendor | str] | None = None,
        *,
        clock: SandboxClock | None = None,
        first_port: int = 0,
    ) -> None:
        """Gather vendors; `start` opens their servers.

        Args:
            vendors: Vendors made beforehand, on `clock`; or names; default all there are.
            clock: Their clock; default one that starts at `DEFAULT_START` and runs.
            first_port: The first server's port, the others follow; 0 takes any free ones.
        """
        self.clock = clock or SandboxClock()
        types = vendor_types()
        chosen = list(types) if vendors is None else vendors
        made = [types[vendor](self.clock) if isinstance(vendor, str) else vendor for vendor in chosen]
        self.vendors: dict[str, SimulatedVendor] = {vendor.name: vendor for vendor in made}
        self._first_port = first_port

    def vendor(self, kind: type[V]) -> V:
        """The vendor of this type."""
        vendor = self.vendors[kind.name]
        if not isinstance(vendor, kind):
            raise TypeError(kind)
        return vendor

    def config(self) -> dict[str, Any]:
        """The tap's config for all vendors, from the beginning of their histories."""
        return {
            "start_date": self.history_start.isoformat(),
            **{name: vendor.config() for name, vendor in self.vendors.items()},
        }

    @property
    def history_start(self) -> datetime:
        """The instant before which nothing happened."""
        longest = max((vendor.dataset.history_days for vendor in self.vendors.values()), default=0)
        return self.clock.start - timedelta(days=longest)

    def expected_records(self, stream: str) -> Rows:
        """The rows that a right tap has delivered of a stream; see `World.truth`."""
        for name, vendor in self.vendors.items():
            if stream.startswith(f"{name}_"):
                return vendor.dataset.expected_records(stream)
        raise KeyError(stream)

    @property
    def streams(self) -> list[str]:
        """The streams that the open vendors hold the expected records of."""
        return [stream for vendor in self.vendors.values() for stream in vendor.dataset.streams]

    def pass_time(self, *, days: float = 0, hours: float = 0) -> None:
        """Moves the clock on and lets things happen at every vendor."""
        self.clock.advance(timedelta(days=days, hours=hours))
        for vendor in self.vendors.values():
            vendor.dataset.advance()

    def start(self) -> Self:
        """Opens all servers."""
        port = self._first_port
        for vendor in self.vendors.values():
            ports = dict(zip(vendor.servers, range(port, port + len(vendor.servers)), strict=True)) if port else None
            vendor.start(ports)
            port += len(vendor.servers) if port else 0
        return self

    def close(self) -> None:
        """Closes all servers. Safe to call twice."""
        for vendor in self.vendors.values():
            vendor.close()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()
