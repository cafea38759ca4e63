"""The requests that probes declare, and the responses that they read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tap_qa.http.request import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class Asked:
    """A kind of request that a probe may send."""

    method: str
    path: str
    """Below the vendor's URL; `{}` stands for an id."""

    params: frozenset[str] = frozenset()
    """Names in the query, or in the body of a POST."""

    def allows(self, method: str, path: str, params: Iterable[str]) -> bool:
        """Return whether a request is of this kind."""
        pattern = re.escape(self.path).replace(re.escape("{}"), "[^/]+")
        return method == self.method and re.fullmatch(pattern, path) is not None and set(params) <= self.params

    def __str__(self) -> str:
        names = ", ".join(sorted(self.params))
        return f"{self.method} {self.path}" + (f" ({names})" if names else "")


def get(path: str, *params: str) -> Asked:
    """Declare a GET with some of these parameters."""
    return Asked("GET", path, frozenset(params))


def post(path: str, *params: str) -> Asked:
    """Declare a POST whose body has some of these fields."""
    return Asked("POST", path, frozenset(params))


FILE = "(the file of the export)"
DOWNLOAD, LOOK_AT_FILE = Asked("GET", FILE), Asked("HEAD", FILE)
"""Its address comes from the vendor."""


@dataclass(frozen=True)
class Reply:
    """A response of any status."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the vendor gave what was asked for."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the success class

    @property
    def is_refused(self) -> bool:
        """Whether the vendor says that this account may not ask so."""
        return self.status in {401, 403}

    @cached_property
    def body(self) -> Any:  # noqa: ANN401 - JSON
        """The body as JSON; None if it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None

    @property
    def fields(self) -> Mapping[str, Any]:
        """The body that is an object; an empty one if it is none."""
        return self.body if isinstance(self.body, dict) else {}

    @property
    def response(self) -> Response:
        """What the tap's own readers of responses take."""
        return Response(self.status, self.headers, self.text.encode())

    def rows(self, *names: str) -> list[dict[str, Any]]:
        """Return the array of one of these names, or the body that is an array itself; no rows if there is neither."""
        found = self.body if isinstance(self.body, list) else None
        return objects(next((self.fields[name] for name in names if isinstance(self.fields.get(name), list)), found))


def objects(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    """Return the objects of an array; none if it is no array."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
