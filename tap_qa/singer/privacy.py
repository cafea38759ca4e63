"""The privacy recipe: stream maps for every column that a schema marks as personal data."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from tap_qa.singer.schemas import UNMAPPED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

logger = logging.getLogger("tap-qa")
MARK = "x-personal"
"""The keyword in schema files: `identity` says who somebody is, `content` is what somebody wrote or revealed."""

SEED = "replace this with a long random text, and keep it"


def privacy_recipe(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the settings that hash identities and empty contents.

    Args:
        schemas: The schema of each stream, by its name.

    Returns:
        `stream_maps` and `stream_map_config` for the config. An identity becomes a SHA-256 digest of the seed and the
        value without surrounding blanks and in lower case, so one address has one digest at every vendor. Contents
        become null, as do fields that no schema knows. No column vanishes and none changes its type.
    """
    maps = {name: dict(_column_maps(schema["properties"])) for name, schema in schemas.items()}
    return {"stream_maps": maps, "stream_map_config": {"hash_seed": SEED}}


def warn_about_example_seed(config: Mapping[str, Any]) -> None:
    """Warn if the seed is still the recipe's: whoever knows it can tell by a digest whose name it is."""
    if (config.get("stream_map_config") or {}).get("hash_seed") == SEED:
        logger.warning(
            "stream_map_config.hash_seed is the example's, which everybody knows: names can be guessed from their "
            "digests. Put a long random text in its place."
        )


def _column_maps(properties: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for name, schema in properties.items():
        expression = "None" if name == UNMAPPED else _expression(name, schema)
        if expression != name:
            yield name, expression


def _expression(value: str, schema: Mapping[str, Any], depth: int = 0) -> str:
    """Return what the value of an expression becomes; the expression itself if nothing in it is personal."""
    match schema.get(MARK):
        case "content":
            return "None"
        case "identity":
            return f"sha256(config['hash_seed'] + {value}.strip().lower()) if {value} else None"
    if "items" in schema:
        item = f"item{depth}"
        inner = _expression(item, schema["items"], depth + 1)
        return value if inner == item else f"[{inner} for {item} in {value}] if {value} else {value}"
    changed = {
        name: inner
        for name, field in schema.get("properties", {}).items()
        if (inner := _expression(f"{value}.get({name!r})", field, depth)) != f"{value}.get({name!r})"
    }
    if not changed:
        return value
    fields = ", ".join(f"{name!r}: ({inner})" for name, inner in changed.items())
    return f"{{**{value}, {fields}}} if {value} else {value}"
