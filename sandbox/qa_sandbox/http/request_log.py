"""What came in: every request that reached a vendor's servers, for tests that assert counts, pacing and secrecy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


@dataclass
class ReceivedRequest:
    """One request, as it arrived.

    Attributes:
        server: Which of the vendor's servers took it: `api`, or another that the vendor names.
        method: In capitals.
        path: Decoded, without the query.
        query_string: As sent, still encoded.
        headers: By lower-case name. They hold secrets, so they are left out of the `repr`.
        body: As sent; left out of the `repr`, too.
        at: The sandbox's time of its arrival.
        monotonic: The machine's monotonic clock at its arrival, in seconds.
        status: What it was answered with; None if it got no complete answer.
    """

    server: str
    method: str
    path: str
    query_string: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    at: datetime
    monotonic: float
    status: int | None = None

    @property
    def query(self) -> dict[str, str]:
        """The decoded parameters; of a repeated one the last."""
        return dict(self.query_items)

    @property
    def query_items(self) -> list[tuple[str, str]]:
        """The decoded parameters in the order sent, repeated ones included."""
        return parse_qsl(self.query_string, keep_blank_values=True)


class RequestLog:
    """The calls so far, oldest first; iterable, sized, indexable."""

    def __init__(self) -> None:
        """Start with none."""
        self._calls: list[ReceivedRequest] = []

    def __iter__(self) -> Iterator[ReceivedRequest]:
        """Iterate over the calls so far."""
        return iter(tuple(self._calls))

    def __len__(self) -> int:
        """Count the calls so far."""
        return len(self._calls)

    def __getitem__(self, index: int) -> ReceivedRequest:
        """Return one call."""
        return self._calls[index]

    def add(self, call: ReceivedRequest) -> None:
        """Notes one more."""
        self._calls.append(call)

    def clear(self) -> None:
        """Forgets all."""
        self._calls.clear()

    def matching(
        self, path: str = "", *, method: str | None = None, server: str | None = None
    ) -> list[ReceivedRequest]:
        """The calls whose path the regular expression finds, and whose method and server are these where given."""
        return [
            call
            for call in self
            if re.search(path, call.path) and method in {None, call.method} and server in {None, call.server}
        ]
