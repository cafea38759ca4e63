"""What a vendor package declares, and how the packages are found."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from singer_sdk import typing as th

    from tap_qa.http.surroundings import Surroundings
    from tap_qa.streams.base import QAStream

    Config = Mapping[str, Any]


@dataclass(frozen=True)
class Vendor:
    """One vendor: its settings, its streams and how to reach it."""

    name: str
    """The key of its object in the settings and the prefix of its streams."""

    title: str
    """Its name as people write it."""

    settings: tuple[th.Property[Any], ...]
    """The settings of its object."""

    streams: tuple[type[QAStream], ...]
    """Its streams, in the order in which they are read."""

    connect: Callable[[Config, Surroundings, frozenset[str]], Any]
    """Makes what all its streams of a run share, from its settings and the names of the streams that will be read."""

    problems: Callable[[Config], Iterable[str]] = lambda _config: ()
    """Finds what a schema can't: each problem starts with the name of the setting, without the vendor's."""


def find_vendors() -> tuple[Vendor, ...]:
    """Return all vendors that have a package in `tap_qa.vendors`, by name."""
    package = importlib.import_module("tap_qa.vendors")
    modules = (
        importlib.import_module(f"{package.__name__}.{found.name}") for found in pkgutil.iter_modules(package.__path__)
    )
    return tuple(sorted((module.VENDOR for module in modules), key=lambda vendor: vendor.name))
