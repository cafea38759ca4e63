"""Finds the simulated vendors."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import qa_sandbox.vendors

if TYPE_CHECKING:
    from qa_sandbox.vendor import SimulatedVendor


def vendor_types() -> dict[str, type[SimulatedVendor]]:
    """Return the `VENDOR` of each package in `qa_sandbox.vendors`, by name."""
    packages = (found.name for found in iter_modules(qa_sandbox.vendors.__path__) if found.ispkg)
    found: list[type[SimulatedVendor]] = [
        import_module(f"{qa_sandbox.vendors.__name__}.{name}").VENDOR for name in packages
    ]
    return {vendor.name: vendor for vendor in sorted(found, key=lambda vendor: vendor.name)}
