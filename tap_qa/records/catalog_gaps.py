"""What a catalog of an older version lacks inside of columns that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.records.drift_log import add_unmapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from singer_sdk.singerlib import SelectionMask
    from singer_sdk.singerlib.catalog import Breadcrumb

    Gaps = Mapping[str, "Gaps | None"]


def gaps(own: Mapping[str, Any], known: Mapping[str, Any], mask: SelectionMask, path: Breadcrumb = ()) -> Gaps:
    """Return the fields of a schema's objects that another schema lacks.

    Args:
        own: The schema.
        known: The other one; an object of which it names no field may hold any.
        mask: The selection: what is deselected is no gap.
        path: Where both stand in the stream's schema.

    Returns:
        None for each field that is lacking as a whole, else the gaps inside of it, by name.
    """
    found: dict[str, Gaps | None] = {}
    theirs = known.get("properties") or {}
    for name, field in own.get("properties", {}).items() if theirs else ():
        here = (*path, "properties", name)
        if not mask[here]:
            continue
        if name not in theirs:
            found[name] = None
        elif below := gaps(field.get("items", field), theirs[name].get("items", theirs[name]), mask, here):
            found[name] = below
    return found


def names_of(missing: Gaps, path: str = "") -> Iterator[str]:
    """Yield the dotted names of all gaps."""
    for name, below in missing.items():
        yield from [f"{path}{name}"] if below is None else names_of(below, f"{path}{name}.")


def without_gaps(value: Any, missing: Gaps, unmapped: dict[str, Any], path: str = "") -> Any:  # noqa: ANN401 - JSON
    """Return a value without the fields that are gaps; what they hold goes to `unmapped` under its dotted path."""
    if isinstance(value, list):
        return [without_gaps(item, missing, unmapped, f"{path[:-1]}[{place}].") for place, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, inner in value.items():
        below = missing.get(name)
        if name not in missing:
            kept[name] = inner
        elif below is not None:
            kept[name] = without_gaps(inner, below, unmapped, f"{path}{name}.")
        elif inner is not None:
            add_unmapped(unmapped, f"{path}{name}", inner)
    return kept
