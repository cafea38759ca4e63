"""What a run needs of a catalog beside the selection."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from singer_sdk.singerlib import Catalog
from singer_sdk.singerlib.catalog import MetadataMapping, StreamMetadata

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def for_mapping(catalog: Catalog, keys: Mapping[str, Sequence[str]]) -> Catalog:
    """Return the catalog from which the SDK makes SCHEMA messages.

    Args:
        catalog: As it was given or discovered; it stays as it is.
        keys: The primary keys of all streams: some tools lose them, and a target would then append instead of update.

    Returns:
        A copy in which each stream has its keys and is selected, deselected columns apart: the SDK makes the SCHEMA
        messages in advance, and a connection test selects streams afterwards.
    """
    copy = Catalog()
    for name, entry in catalog.items():
        metadata = MetadataMapping(entry.metadata)
        root = metadata.get(())
        metadata[()] = (
            replace(root, selected=True) if isinstance(root, StreamMetadata) else StreamMetadata(selected=True)
        )
        copy[name] = replace(entry, metadata=metadata, key_properties=keys.get(name, entry.key_properties))
    return copy
