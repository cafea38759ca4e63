"""What a record can become at a vendor."""

from __future__ import annotations

import abc
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from singer_sdk import typing as th

    from tap_qa.http.call import Call
    from tap_qa.http.surroundings import Surroundings
    from tap_qa.progress import Tally
    from target_qa.fields import Field, Values

RECORD = "the record"
"""What is to blame where no field is known to be."""


class Outcome(enum.Enum):
    """What became of a record."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    THERE_ALREADY = "there already"
    REFUSED = "refused"
    SHOWN = "shown"
    """By a dry run."""


class Connection(Protocol):
    """What all destinations of a vendor share in a run."""

    def count_for(self, tally: Tally | None) -> None:
        """Count the requests from now on for this tally."""
        ...


class Destination(abc.ABC):
    """A kind of thing that a vendor takes. Subclasses declare what it is made of and implement how it gets there."""

    name: ClassVar[str]
    """The sink's name; a stream of this name needs no mapping."""

    fields: ClassVar[tuple[Field, ...]]

    blames: ClassVar[Mapping[int, str]] = {400: RECORD, 409: RECORD, 413: RECORD, 422: RECORD}
    """The HTTP statuses that tell of a record that won't do, and the field that is to blame, if one can be named."""

    def __init__(self, connection: Any, around: Surroundings) -> None:  # noqa: ANN401 - each vendor's own class
        """Prepare for a run.

        Args:
            connection: What the vendor's destinations share.
            around: Clock, patience and the like.
        """
        self.connection = connection
        self.around = around

    @classmethod
    def asked(cls, columns: Mapping[str, str], record: Mapping[str, Any]) -> tuple[Field, ...]:  # noqa: ARG003
        """Return the fields that count for a record: all, usually."""
        return cls.fields

    @classmethod
    def least(cls, columns: Mapping[str, str]) -> tuple[Field, ...]:  # noqa: ARG003
        """Return the fields that a stream must have columns for."""
        return tuple(field for field in cls.fields if field.required)

    @classmethod
    def composed(cls, values: Values) -> Values:
        """Return the values as they are sent, where they depend on each other.

        Raises:
            Refusal: They don't fit each other.
        """
        return values

    @classmethod
    @abc.abstractmethod
    def call(cls, values: Values, mark: str) -> Call:
        """Return the call that is made first, which is also what a dry run shows."""

    @abc.abstractmethod
    def deliver(self, values: Values, mark: str) -> Outcome:
        """Send one thing. Returns when the vendor has confirmed it.

        Raises:
            Refusal: The vendor does not take it.
        """


@dataclass(frozen=True)
class VendorSinks:
    """One vendor as a target sees it."""

    name: str
    """The key of its object in the settings."""

    title: str
    """Its name as people write it."""

    settings: tuple[th.Property[Any], ...]
    destinations: tuple[type[Destination], ...]
    connect: Callable[[Mapping[str, Any], Surroundings], Connection]
