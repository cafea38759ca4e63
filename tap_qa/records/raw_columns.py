"""Columns that the typed path leaves as they were written, since a vendor does not always send what their schema says.

Their values are fitted one by one, as `RecordConformer` does it, and what does not fit goes to `_unmapped`; all other
columns of the row stay in C.
"""

from __future__ import annotations

from collections import deque
from itertools import compress, repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from tap_qa import json_codec
from tap_qa.records.convert import InvalidValueError
from tap_qa.records.drift_log import Lost, Reason, add_unmapped, below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tap_qa.records.column_converters import ColumnConverter

    Fit = Callable[[Any, list[Lost]], Any]
    Notes = list[tuple[str, Sequence[Lost]]]

REFUSALS = (*json_codec.UNREADABLE, InvalidValueError)


class TypedColumn:
    """What the schema of a column makes of many values at once, if all of them are as it says."""

    def __init__(self, declared: Any, finish: ColumnConverter | None, starts: bytes) -> None:  # noqa: ANN401 - a type
        """Prepare.

        Args:
            declared: What a value decodes as, null included.
            finish: What finishes the decoded values.
            starts: The first letters that their JSON texts may have.
        """
        self.starts = starts
        self._decode = msgspec.json.Decoder(list[declared]).decode
        self._finish = finish

    def values(self, raws: Sequence[Any]) -> Sequence[Any]:
        """Return the values of JSON texts; raises one of REFUSALS if any is not as the schema says."""
        values: list[Any] = self._decode(b"[" + b",".join(raws) + b"]")
        made = None if self._finish is None else self._finish(values)
        return values if made is None else made


class RawColumn:
    """A column that is fitted value by value where need be."""

    def __init__(self, name: str, field: str, typed: TypedColumn, fit: Fit, *, is_key: bool) -> None:
        """Prepare.

        Args:
            name: The column.
            field: Where a structure holds it, as a raw value.
            typed: What most values are as.
            fit: What makes a value of any other; for its arguments see `compile_converter`.
            is_key: Whether it is never null.
        """
        self._name = name
        self._field = field
        self._read = attrgetter(field)
        self._typed = typed
        self._fit = fit
        self._is_key = is_key

    def finish(self, structures: Sequence[Any], notes: Notes) -> None:
        """Finish the column in all structures.

        Args:
            structures: They; what does not fit goes to their `unmapped`.
            notes: Takes the name and what was lost, for each value of which something was.
        """
        raws = list(map(bytes, map(self._read, structures)))
        try:
            values = self._typed.values(raws)
        except REFUSALS:
            values = self._apart(structures, raws, notes)
        if self._is_key and None in values:
            raise InvalidValueError
        deque(map(setattr, structures, repeat(self._field), values), maxlen=0)

    def _apart(self, structures: Sequence[Any], raws: Sequence[bytes], notes: Notes) -> Sequence[Any]:
        """Return the values where only some can be as the schema says."""
        starts = self._typed.starts
        likely = [raw[0] in starts for raw in raws]
        try:
            usual = iter(self._typed.values(list(compress(raws, likely))))
        except REFUSALS:
            return list(self._fitted(structures, raws, notes))
        others = [not one for one in likely]
        fitted = self._fitted(compress(structures, others), list(compress(raws, others)), notes)
        return [next(usual) if one else next(fitted) for one in likely]

    def _fitted(self, structures: Iterable[Any], raws: Sequence[bytes], notes: Notes) -> Iterator[Any]:
        fit = self._fit
        lost: list[Lost] = []
        for structure, value in zip(structures, _decoded(raws), strict=True):
            result = None
            if value is not None:
                try:
                    result = fit(value, lost)
                except InvalidValueError:
                    lost.append(Lost("", value))
                if lost:
                    below(self._name, lost, 0)
                    notes.append((self._name, lost))
                    _put_aside(structure, lost)
                    lost = []
            yield result


class ExtraField:
    """A field that the schema does not know, and that a vendor sends again and again."""

    def __init__(self, name: str, field: str) -> None:
        """Prepare; for the arguments see `RawColumn`."""
        self._name = name
        self._field = field
        self._read = attrgetter(field)

    def finish(self, structures: Sequence[Any], notes: Notes) -> None:
        """Move the field to `unmapped` in all structures; for the arguments see `RawColumn.finish`."""
        having = [one for one in structures if self._read(one) is not UNSET]
        for structure, value in zip(having, _decoded(list(map(self._read, having))), strict=True):
            _put_aside(structure, [Lost(self._name, value)])
        if having:
            notes.append((self._name, [Lost(self._name, None, Reason.UNKNOWN, self._name)]))
            deque(map(setattr, having, repeat(self._field), repeat(UNSET)), maxlen=0)


def _decoded(raws: Sequence[Any]) -> list[Any]:
    try:
        values: list[Any] = json_codec.decode(b"[" + b",".join(raws) + b"]")
    except json_codec.BodyError:
        raise InvalidValueError from None
    return values


def _put_aside(structure: Any, lost: Sequence[Lost]) -> None:  # noqa: ANN401
    if structure.unmapped is None:
        structure.unmapped = {}
    for one in lost:
        add_unmapped(structure.unmapped, one.path, json_codec.bounded(one.value))
