"""Reads only the keys out of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tap_qa.json_codec import split_array

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

# A lone surrogate in a text, say; what becomes of such a row is for others to decide.
_UNREADABLE = (msgspec.DecodeError, RecursionError)


class KeyReader:
    """Reads what makes rows distinct; of a row without a usable key, that is all of it."""

    def __init__(self, columns: Sequence[str], renames: Mapping[str, str]) -> None:
        """Prepare.

        Args:
            columns: The key's columns.
            renames: A vendor's other names for columns, each with the column.
        """
        names = [*columns, *(name for name, column in renames.items() if column in columns)]
        fields = [(f"f{position}", str | int | float | bool | None, None) for position in range(len(names))]
        key_type = msgspec.defstruct(
            "Key", fields, rename={f"f{position}": name for position, name in enumerate(names)}, frozen=True, gc=False
        )
        self._decode = msgspec.json.Decoder(key_type).decode
        self._decode_all = msgspec.json.Decoder(list[key_type]).decode  # type: ignore[valid-type] # made at run time
        self._no_key = key_type()

    def read_key(self, row: msgspec.Raw) -> Hashable:
        """Return the key of a row, a JSON object."""
        try:
            key: Hashable = self._decode(row)
        except _UNREADABLE:
            return bytes(row)
        return bytes(row) if key == self._no_key else key

    def read_keys(self, rows: msgspec.Raw) -> Sequence[Hashable]:
        """Return the keys of rows, a JSON array of objects; for nearly all arrays, in one go."""
        try:
            keys: Sequence[Hashable] = self._decode_all(rows)
        except _UNREADABLE:
            keys = ()
        return keys if keys and self._no_key not in keys else [self.read_key(row) for row in split_array(rows)]
