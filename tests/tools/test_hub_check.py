"""Definitions for Meltano's Hub are checked by the schemas of a clone of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.docs.hub_check import problems

if TYPE_CHECKING:
    from pathlib import Path


def test_what_the_hubs_schemas_do_not_allow_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "hub" / "schemas" / "plugin_definitions"
    folder.mkdir(parents=True)
    common = folder.parent / "common.schema.json"
    common.write_text('{"properties": {"name": {"type": "string"}}}')
    folder.joinpath("loaders.schema.json").write_text('{"allOf": [{"$ref": "../common.schema.json"}]}')
    definition = tmp_path / "checkout" / "hub" / "_data" / "meltano" / "loaders" / "target-acme" / "acme.yml"
    definition.parent.mkdir(parents=True)
    definition.write_text("name: target-acme")
    assert problems(tmp_path / "hub", tmp_path / "checkout") == []
    definition.write_text("name: 1")
    assert problems(tmp_path / "hub", tmp_path / "checkout") == ["acme.yml: $.name: 1 is not of type 'string'"]
