"""Reading only the key out of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence


# A lone surrogate in a text, say; what becomes of such a row is for others to decide.
_UNREADABLE = (msgspec.DecodeError, RecursionError)


def key_reader(columns: Sequence[str], renames: Mapping[str, str]) -> Callable[[msgspec.Raw], Hashable]:
    """Make a function that reads what makes a row distinct.

    Args:
        columns: The key's columns.
        renames: A vendor's other names for columns, each with the column.

    Returns:
        A function that takes a row; of one without a usable key it returns all of it.
    """
    names = [*columns, *(name for name, column in renames.items() if column in columns)]
    fields = [(f"f{position}", str | int | float | bool | None, None) for position in range(len(names))]
    key_type = msgspec.defstruct(
        "Key", fields, rename={f"f{position}": name for position, name in enumerate(names)}, frozen=True, gc=False
    )
    decode = msgspec.json.Decoder(key_type).decode
    no_key = key_type()

    def read(row: msgspec.Raw) -> Hashable:
        try:
            key: Hashable = decode(row)
        except _UNREADABLE:
            return bytes(row)
        return bytes(row) if key == no_key else key

    return read
