"""What a record can become at a vendor."""

from __future__ import annotations

import abc
import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from tap_qa.config.properties import Config, VendorSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tap_qa.http.request import Request
    from tap_qa.runtime.context import RunContext
    from tap_qa.runtime.progress import StreamStats
    from target_qa.resources.fields import Field, Values

RECORD = "the record"
"""What is to blame where no field is known to be."""


class WriteResult(enum.Enum):
    """What became of a record."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    ALREADY_EXISTS = "there already"
    REJECTED = "refused"
    DELETED_AT_SOURCE = "deleted at source"
    """Passed over, since it can't be created for a row that is gone, nor deleted."""

    DRY_RUN = "shown"
    """By a dry run."""


class Connection(Protocol):
    """What all destinations of a vendor share in a run."""

    def track_requests(self, stats: StreamStats | None) -> None:
        """Count the requests from now on for this tally."""
        ...


class Resource(abc.ABC):
    """A kind of thing that a vendor takes. Subclasses declare what it is made of and implement how it gets there."""

    name: ClassVar[str]
    """The sink's name; a stream of this name needs no mapping."""

    fields: ClassVar[tuple[Field, ...]]

    identifiers: ClassVar[tuple[str, ...]] = ()
    """Fields of which a record needs one at least; a deletion needs no other."""

    can_delete: ClassVar[bool] = False

    rejection_statuses: ClassVar[Mapping[int, str]] = {400: RECORD, 409: RECORD, 413: RECORD, 422: RECORD}
    """The HTTP statuses that reject a record, and the field at fault, if one can be named."""

    def __init__(self, connection: Any, run_context: RunContext) -> None:  # noqa: ANN401 - each vendor's own class
        """Prepare for a run.

        Args:
            connection: What the vendor's destinations share.
            run_context: Clock, retry policy and the like.
        """
        self.connection = connection
        self.run_context = run_context

    @classmethod
    def prepare(cls, values: Values) -> Values:
        """Return the values as they are sent, where they depend on each other.

        Raises:
            Refusal: They don't fit each other.
        """
        return values

    @classmethod
    @abc.abstractmethod
    def first_request(cls, values: Values, mark: str) -> Request:
        """Return the request that is made first, which is also what a dry run shows."""

    @abc.abstractmethod
    def write(self, values: Values, mark: str) -> WriteResult:
        """Send one thing. Returns when the vendor has confirmed it.

        Raises:
            Refusal: The vendor does not take it.
        """


@dataclass(frozen=True)
class VendorSinks(VendorSettings):
    """One vendor as a target sees it: its settings, the resources it accepts and how to connect."""

    resources: tuple[type[Resource], ...] = field(kw_only=True)
    connect: Callable[[Config, RunContext], Connection] = field(kw_only=True)
