"""Validates hub/ against the schemas in a clone of the Hub: `uv run python -m tools.docs.hub_check path/to/hub`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

from tools.docs.hub import FOLDER


def problems(hub: Path, root: Path) -> list[str]:
    """Return a line for everything in our definitions that the Hub's schemas do not allow.

    Args:
        hub: A clone of the Hub.
        root: Our own checkout.
    """
    texts = {path.as_uri(): path.read_text(encoding="utf-8") for path in (hub / "schemas").rglob("*.schema.json")}
    resources = {uri: DRAFT7.create_resource({**json.loads(text), "$id": uri}) for uri, text in texts.items()}
    registry: Registry[Any] = Registry().with_resources(resources.items())
    found = []
    for path in sorted((root / FOLDER / "_data").rglob("*.yml")):
        kind = path.parents[1].name
        uri = (hub / "schemas" / "plugin_definitions" / f"{kind}.schema.json").as_uri()
        validator = Draft7Validator({"$ref": uri}, registry=registry)
        definition = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [f"{path.name}: {error.json_path}: {error.message}" for error in validator.iter_errors(definition)]
    return found


if __name__ == "__main__":
    sys.exit("\n".join(problems(Path(sys.argv[1]).resolve(), Path.cwd())) or 0)
