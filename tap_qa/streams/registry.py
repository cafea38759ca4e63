"""All streams, by vendor. A stream registers itself when its class is defined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_STREAMS: dict[str, list[type[Any]]] = {}


def register(stream: type[Any], *, declared: Iterable[str]) -> None:
    """Add a stream to those of its vendor. The order of definition is the order of reading.

    Args:
        stream: The class.
        declared: The class attributes that it must have.

    Raises:
        TypeError: An attribute is missing, the name has not the vendor's prefix, or another stream has it.
    """
    missing = [name for name in declared if not hasattr(stream, name)]
    if missing:
        message = f"{stream.__qualname__} does not declare {', '.join(missing)}."
        raise TypeError(message)
    if not stream.name.startswith(f"{stream.vendor}_"):
        message = f"{stream.__qualname__}: {stream.name} does not start with {stream.vendor}_."
        raise TypeError(message)
    others = _STREAMS.setdefault(stream.vendor, [])
    if any(other.name == stream.name for other in others):
        message = f"{stream.__qualname__}: there is another stream {stream.name}."
        raise TypeError(message)
    others.append(stream)


def streams_of(vendor: str) -> tuple[type[Any], ...]:
    """Return the streams of a vendor, in the order in which they are read."""
    return tuple(_STREAMS.get(vendor, ()))


def forget(vendor: str) -> None:
    """Drop the streams of a vendor; for vendors that exist in tests only."""
    _STREAMS.pop(vendor, None)
