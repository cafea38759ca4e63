"""Finds the vendor packages."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import tap_qa.vendors

if TYPE_CHECKING:
    from tap_qa.vendor import Vendor


def find_vendors() -> tuple[Vendor, ...]:
    """Return the `VENDOR` of each package in `tap_qa.vendors`, by name."""
    packages = (found.name for found in pkgutil.iter_modules(tap_qa.vendors.__path__) if found.ispkg)
    modules = (importlib.import_module(f"{tap_qa.vendors.__name__}.{name}") for name in packages)
    return tuple(sorted((module.VENDOR for module in modules), key=lambda vendor: vendor.name))
