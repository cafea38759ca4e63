"""Reading only the key out of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence


def key_reader(columns: Sequence[str], renames: Mapping[str, str]) -> Callable[[msgspec.Raw], Hashable]:
    """Make a function that reads what makes a row distinct.

    Args:
        columns: The key's columns.
        renames: A vendor's other names for columns, each with the column.
    """
    names = [*columns, *(name for name, column in renames.items() if column in columns)]
    fields = [(f"f{position}", Any, None) for position in range(len(names))]
    key_type = msgspec.defstruct(
        "Key", fields, rename={f"f{position}": name for position, name in enumerate(names)}, frozen=True, gc=False
    )
    decode = msgspec.json.Decoder(key_type).decode

    def read(row: msgspec.Raw) -> Hashable:
        key: Hashable = decode(row)
        return key

    return read
