"""Entities of the Data Extraction API: which version is asked for, and those that only the settings know."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tap_qa.records.row_key import Columns, canonical_text
from tap_qa.singer.schemas import with_unmapped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from tap_qa.records.row_key import Cells, ReadColumns, ReadValues, RowIdentity

SETTINGS_OF_VERSIONS = {"qm-workflows": "qm_workflows_version", "qm-questions": "qm_questions_version"}
"""Entities whose version has a setting of its own."""

DECLARED_VERSIONS = {"recording-interaction-metadata": "10"}
"""Entities with a schema, and the newest version that a public client seems to use; `entities` may name another."""

WINDOW_END = "_window_end"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_MAX_NAME_CHARS = 50  # with the vendor's, what databases take
_COLUMN = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def column_name(header: str) -> str:
    """Return the column for a header: `Start Date (UTC)` as `start_date_utc`."""
    return re.sub(r"[^0-9a-z]+", "_", header.replace("%", " percentage").lower()).strip("_")


@dataclass(frozen=True)
class Entity:
    """An entity that has no schema: its dates and its key are columns, all else goes to `_unmapped`."""

    name: str
    version: str
    date_field: str | None = None
    """The header of the date by which the vendor selects."""

    key_fields: tuple[str, ...] = ()
    """The headers that identify a row; if there are none, all of the row does."""

    @property
    def stream(self) -> str:
        """The stream's name."""
        return f"cxone_{self.name.replace('-', '_')}"

    @property
    def replication_key(self) -> str:
        """The date's column, or what stands for it."""
        return column_name(self.date_field) if self.date_field else WINDOW_END

    @property
    def identity(self) -> RowIdentity:
        """What identifies a row."""
        return Columns(tuple(map(column_name, self.key_fields))) if self.key_fields else WholeRow()

    @property
    def schema(self) -> dict[str, Any]:
        """The stream's schema."""
        by = ", ".join(f"`{column_name(field)}`" for field in self.key_fields) or "the whole row"
        end = "The end of the window whose file held the row."
        when = f"`{self.date_field}` in the file; read as UTC if it has no offset." if self.date_field else end
        date = {"type": ["string", "null"], "format": "date-time", "description": f"{when} The replication key."}
        keys = {
            column_name(field): {"type": ["string", "null"], "description": f"`{field}` in the file."}
            for field in self.key_fields
        }
        properties = {
            "_row_key": {"type": "string", "description": f"The row's key, made by the tap: a digest of {by}."},
            **keys,
            self.replication_key: date,
        }
        description = f"One row of the entity `{self.name}`, which the setting `cxone.entities` names."
        return with_unmapped({"type": "object", "description": description, "properties": properties})


@dataclass(frozen=True)
class WholeRow:
    """An identity of all cells, for files without a known identifier."""

    tiebreak_columns: tuple[str, ...] = ()

    def missing(self, present: Collection[str]) -> list[str]:
        """Return nothing: whatever a file has is enough."""
        del present
        return []

    def reader(self, cells: Cells) -> ReadValues:
        """Return the function that takes all values from a row."""
        del cells
        return lambda row: list(map(canonical_text, row))

    def column_reader(self, cells: Cells) -> ReadColumns:
        """Return the function that takes all values from many rows."""
        del cells

        def values(columns: Sequence[Sequence[str]]) -> list[list[str]]:
            return [list(map(canonical_text, column)) for column in columns]

        return values


def entities_of(config: Mapping[str, Any]) -> list[Entity]:
    """Return the entities that are configured and have no schema."""
    if not all(map(_is_well_typed, _given(config))) or any(entity_problems(config)):
        return []  # the check of the config reports it
    found = (
        Entity(given["name"], given["version"], given.get("date_field"), tuple(_key_fields(given)))
        for given in _given(config)
    )
    return [entity for entity in found if entity.name not in DECLARED_VERSIONS]


def version_of(entity: str, config: Mapping[str, Any]) -> str:
    """Return which version of an entity to ask for."""
    if entity in SETTINGS_OF_VERSIONS:
        return str(config[SETTINGS_OF_VERSIONS[entity]])
    given = {one["name"]: one["version"] for one in config.get("entities", ())}
    return str(given.get(entity, DECLARED_VERSIONS.get(entity)))


def version_setting(entity: str) -> str:
    """Return the setting that holds an entity's version."""
    own = SETTINGS_OF_VERSIONS.get(entity)
    return f"cxone.{own}" if own else f"its version in cxone.entities ({entity})"


def entity_problems(config: Mapping[str, Any]) -> Iterator[str]:
    """Find what is wrong with entities that are of the right types, a line each, which starts with the place."""
    given = [(place, one) for place, one in enumerate(_given(config)) if _is_well_typed(one)]
    names = Counter(one["name"] for _, one in given)
    for place, one in given:
        yield from (f"entities.{place}.{problem}" for problem in _problems(one, names[one["name"]]))


def _given(config: Mapping[str, Any]) -> Sequence[Any]:
    entities = config.get("entities")
    return entities if isinstance(entities, list) else ()


def _is_well_typed(entity: Any) -> bool:  # noqa: ANN401 - any JSON
    if not isinstance(entity, dict) or not isinstance(entity.get("key_fields") or [], list):
        return False
    optional = [entity.get("date_field"), *_key_fields(entity)]
    texts = [entity.get("name"), entity.get("version"), *(one for one in optional if one is not None)]
    return all(isinstance(text, str) for text in texts)


def _problems(entity: Mapping[str, Any], times: int) -> Iterator[str]:
    name = entity["name"]
    if _NAME.fullmatch(name) is None or len(name) > _MAX_NAME_CHARS:
        yield "name must be the name of an entity, as recording-interaction-metadata."
    elif name in SETTINGS_OF_VERSIONS:
        yield f"name is that of a stream that is always there; its version is cxone.{SETTINGS_OF_VERSIONS[name]}."
    elif times > 1:
        yield "name comes twice."
    if not entity["version"].strip():
        yield 'version must be a text that is not empty, as "10".'
    fields = [("date_field", entity.get("date_field")), *(("key_fields", one) for one in _key_fields(entity))]
    given = [(setting, header) for setting, header in fields if header is not None]
    if given and name in DECLARED_VERSIONS:
        yield f"{given[0][0]} is known of this entity: leave it out."
    columns = Counter(column_name(header) for _, header in given)
    for setting, header in given:
        if _COLUMN.fullmatch(column_name(header)) is None:
            yield f"{setting} must hold headers of the file, as Start Date."
    if any(times > 1 for times in columns.values()):
        yield f"{given[-1][0]} names a column that was named before; the date may change and can't be in the key."


def _key_fields(entity: Mapping[str, Any]) -> list[Any]:
    return entity.get("key_fields") or []
