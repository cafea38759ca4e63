"""Who takes part besides tap-qa, each in an environment of its own with pinned versions."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.cases import Case

HERE = Path(__file__).parent
CACHE = HERE.parent / ".cache" / "benchmarks"
TAP, FLOOR = "tap-qa", "floor"


@dataclass(frozen=True)
class Contestant:
    """A program to compare with."""

    name: str
    title: str
    requirements: tuple[str, ...]
    kinds: frozenset[str] = frozenset({"json", "csv", "zip"})
    """What it can read."""

    one_stream: bool = False
    """Whether it makes one stream of all files in a zip."""

    @property
    def home(self) -> Path:
        """Where its environment is."""
        return CACHE / self.name

    def install(self) -> None:
        """Make its environment, unless it is there with the very same versions."""
        if self.name == TAP:
            self._install_anew()
            return
        pinned = self.home / "pinned.txt"
        wanted = "\n".join([sys.version, *self.requirements])
        if pinned.exists() and pinned.read_text(encoding="utf-8") == wanted:
            return
        shutil.rmtree(self.home, ignore_errors=True)
        _uv("venv", "--python", sys.executable, str(self.home))
        _uv("pip", "install", "--compile-bytecode", "--python", str(self.python), *self.requirements)
        pinned.write_text(wanted, encoding="utf-8")

    def _install_anew(self) -> None:
        """Install tap-qa as it is in this checkout."""
        if not self.python.exists():
            _uv("venv", "--python", sys.executable, str(self.home))
        command = ("pip", "install", "--compile-bytecode", "--python", str(self.python))
        _uv(*command, "--reinstall-package", "tap-qa", "--refresh-package", "tap-qa", *self.requirements)

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.home / "bin" / "python"

    def command(self, case: Case, url: str) -> list[str]:
        """Return the command that reads a case's data."""
        streams = [f"{name}={schema}" for name, schema in case.streams.items()]
        if self.one_stream:
            streams = streams[:1]
        name = [] if self.name == FLOOR and case.kind != "json" else [case.envelope]
        if self.name == FLOOR and case.kind == "json":
            streams = list(case.streams)
        return [str(self.python), str(HERE / "contestants" / f"{self.name}.py"), case.kind, url, *name, *streams]


OWN = Contestant(TAP, TAP, (str(HERE.parent),))
FIELD = (
    Contestant(FLOOR, "floor", ("requests==2.34.2", "orjson==3.13.0", "msgspec==0.22.0")),
    Contestant("plain_sdk", "plain SDK tap", ("singer-sdk==0.54.9",)),
    Contestant("dlt_extract", "dlt extract", ("dlt==1.31.0",)),
    Contestant("airbyte", "Airbyte CDK", ("airbyte-cdk==7.39.1",), one_stream=True),
    Contestant("msdk", "tap-rest-api-msdk", ("tap-rest-api-msdk==1.4.2", "setuptools<80"), kinds=frozenset({"json"})),
)


def _uv(*arguments: str) -> None:
    subprocess.run(["uv", "--quiet", *arguments], check=True)  # noqa: S603, S607 - uv from the PATH, as for all else
