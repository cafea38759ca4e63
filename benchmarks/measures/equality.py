"""Whether competitors that write records wrote the same ones."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    Records = Mapping[str, list[dict[str, Any]]]


class DifferentError(AssertionError):
    """Two competitors wrote different records."""


def records(output: Path) -> Records:
    """Read the records of each stream out of Singer or Airbyte messages; numbers are exact.

    What tap-qa makes itself (columns that start with an underscore) is left out, and so is null: some competitors
    write a null column, some leave it out.
    """
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with output.open(encoding="utf-8") as lines:
        for line in lines:
            message = json.loads(line, parse_float=Decimal)
            if message["type"] == "RECORD":
                record = message["record"]
                found[message.get("stream") or record["stream"]].append(_bare(record.get("data", record)))
    return found


def compare(one: Records, other: Records, *, of: str) -> int:
    """Compare record by record; return how many there are.

    Raises:
        DifferentError: They are not the same, in the same order.
    """
    if one.keys() != other.keys():
        message = f"{of}: streams {sorted(one)} and {sorted(other)}"
        raise DifferentError(message)
    for stream, rows in one.items():
        if len(rows) != len(other[stream]):
            message = f"{of}: {len(rows)} and {len(other[stream])} records of {stream}"
            raise DifferentError(message)
        for number, (row, same) in enumerate(zip(rows, other[stream], strict=True)):
            if row != same:
                message = f"{of}: record {number} of {stream} differs in {sorted(_differing(row, same))}"
                raise DifferentError(message)
    return sum(map(len, one.values()))


def _bare(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None and not name.startswith("_")}


def _differing(row: Mapping[str, Any], same: Mapping[str, Any]) -> Iterable[str]:
    return (name for name in {*row, *same} if row.get(name) != same.get(name))
