"""How tap-qa itself is installed and started, as it is in this checkout."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.field import CACHE, HERE, uv

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.cases import Case

TAP = "tap-qa"
HOME = CACHE / TAP


def install() -> None:
    """Install the checkout into an environment of its own."""
    python = HOME / "bin" / "python"
    if not python.exists():
        uv("venv", "--python", sys.executable, str(HOME))
    options = ("--compile-bytecode", "--python", str(python), "--reinstall-package", TAP, "--refresh-package", TAP)
    uv("pip", "install", *options, str(HERE.parent))


def tap_command(case: Case, root: str, folder: Path) -> list[str]:
    """Return the command that reads the data of a case with tap-qa.

    Args:
        case: What is read.
        root: The vendor's address.
        folder: Where the config and the catalog can be left.
    """
    config_file, catalog_file = folder / f"{case.name}.config.json", folder / f"{case.name}.catalog.json"
    config_file.write_text(json.dumps(case.config(root)), encoding="utf-8")
    catalog_file.write_text(json.dumps(_catalog(case)), encoding="utf-8")
    return [str(HOME / "bin" / TAP), "--config", str(config_file), "--catalog", str(catalog_file)]


def _catalog(case: Case) -> dict[str, Any]:
    command = [str(HOME / "bin" / TAP), "--discover"]
    discovered = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - our own command
    catalog: dict[str, Any] = json.loads(discovered)
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            if not entry["breadcrumb"]:
                entry["metadata"]["selected"] = stream["tap_stream_id"] in case.streams
    return catalog
