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
BASELINE = "floor"


@dataclass(frozen=True)
class Competitor:
    """A program to compare with."""

    name: str
    title: str
    requirements: tuple[str, ...]
    kinds: frozenset[str] = frozenset({"json", "csv", "zip"})
    """What it can read."""

    one_stream: bool = False
    """Whether it makes one stream of all files in a zip."""

    program: str = ""
    """The file of its program, without ending, if that is not its name."""

    @property
    def home(self) -> Path:
        """Where its environment is."""
        return CACHE / self.name

    def install(self) -> None:
        """Make its environment, unless it is there with the very same versions."""
        pinned = self.home / "pinned.txt"
        wanted = "\n".join([sys.version, *self.requirements])
        if pinned.exists() and pinned.read_text(encoding="utf-8") == wanted:
            return
        shutil.rmtree(self.home, ignore_errors=True)
        uv("venv", "--python", sys.executable, str(self.home))
        uv("pip", "install", "--compile-bytecode", "--python", str(self.python), *self.requirements)
        pinned.write_text(wanted, encoding="utf-8")

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.home / "bin" / "python"

    def command(self, case: Case, url: str) -> list[str]:
        """Return the command that reads a case's data."""
        streams = [f"{name}={schema}" for name, schema in case.streams.items()]
        if self.one_stream:
            streams = streams[:1]
        name = [] if self.name == BASELINE and case.kind != "json" else [case.envelope]
        if self.name == BASELINE and case.kind == "json":
            streams = list(case.streams)
        return [
            str(self.python),
            str(HERE / "competitors" / f"{self.program or self.name}.py"),
            case.kind,
            url,
            *name,
            *streams,
        ]


FIELD = (
    Competitor(BASELINE, "floor", ("requests==2.34.2", "orjson==3.13.0", "msgspec==0.22.0"), program="baseline"),
    Competitor("plain_sdk", "plain SDK tap", ("singer-sdk==0.54.9",)),
    Competitor("dlt_extract", "dlt extract", ("dlt==1.31.0",)),
    Competitor("airbyte", "Airbyte CDK", ("airbyte-cdk==7.39.1",), one_stream=True),
    Competitor("msdk", "tap-rest-api-msdk", ("tap-rest-api-msdk==1.4.2", "setuptools<80"), kinds=frozenset({"json"})),
)


def uv(*arguments: str) -> None:
    """Run uv."""
    subprocess.run(["uv", "--quiet", *arguments], check=True)  # noqa: S603, S607 - uv from the PATH, as for all else
