"""An environment of its own for each loader: its pins, on a Python that this machine has."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa_loaders.loaders import Loader


class InstallError(RuntimeError):
    """A loader can't be installed; the message says why in a line."""


@dataclass(frozen=True)
class Environment:
    """Where a loader is installed."""

    home: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.home / "bin" / "python"

    def program(self, name: str) -> Path:
        """One of its commands."""
        return self.home / "bin" / name

    def versions(self, names: tuple[str, ...]) -> dict[str, str]:
        """Return the versions of Python and of some packages, those that are installed."""
        listed = _run("uv", "pip", "list", "--format", "json", "--python", str(self.python))
        found = {each["name"].lower(): each["version"] for each in json.loads(listed)}
        python = _run(str(self.python), "-c", "import platform; print(platform.python_version())").strip()
        return {**{name: found[name] for name in names if name in found}, "Python": python}


def install(loader: Loader, folder: Path) -> Environment:
    """Make an environment of a loader.

    Raises:
        InstallError: It can't be made.
    """
    environment = Environment(folder / "environments" / loader.name)
    if not environment.program(loader.program).exists():
        _run("uv", "venv", "--quiet", "--clear", "--python", find_python(loader.python), str(environment.home))
        _run("uv", "pip", "install", "--quiet", "--python", str(environment.python), *loader.pins)
    return environment


@cache
def find_python(version: str) -> str:
    """Return an interpreter of this version; the version itself, which uv then fetches, if there is none."""
    if sys.version.startswith(f"{version}."):
        return sys.executable
    # Before the path, on which pyenv has a command of each version that it knows of, installed or not.
    places = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    return str(places[-1]) if places else shutil.which(f"python{version}") or version


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - uv, or a Python of it
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise InstallError(lines[0] if lines else f"status {done.returncode}")
    return done.stdout
