"""The repository's own Meltano project, run so that the checkout stays as it is.

Meltano reads the checkout's `meltano.yml`; everything it writes goes to a temporary folder, but for the plugins'
virtual environments, which are kept inside the running one and so vanish with it. The caller's settings for the tap and
its targets, in the environment or in `.env`, are kept out: a demo must never reach a real vendor.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

KEPT_OUT = ("MELTANO_", "TAP_", "TARGET_", "SINGER_SDK_", "DBT_", "QA_", "PG")
PLUGIN_KINDS = ("extractors", "loaders", "utilities")
POSTGRES_PLUGINS = ("tap-qa", "target-postgres", "tap-postgres", "target-qa")
SECONDS_BETWEEN_LOOKS = 5.0
SECONDS_TO_STOP = 10.0
LAST_LINES = 15


class PipelineError(RuntimeError):
    """A Meltano command failed; the message names its log and holds the log's last lines."""


class Pipeline:
    """Meltano on the checkout's `meltano.yml`, with settings and state of its own.

    Args:
        checkout: The folder that holds `meltano.yml`.
        folder: An existing temporary folder for Meltano's files and logs.
        variables: Settings, as environment variables (`tap_variables` makes the tap's).
        watch: Called every few seconds while a command runs.
    """

    def __init__(
        self, checkout: Path, folder: Path, variables: Mapping[str, str], watch: Callable[[], None] = lambda: None
    ) -> None:
        self._checkout = checkout
        self._folder = folder
        self._watch = watch
        plugins = plugin_folder(checkout)
        self._plugins = plugins
        system = folder / "meltano"
        system.mkdir()
        for kind in PLUGIN_KINDS:
            (plugins / kind).mkdir(parents=True, exist_ok=True)
            (system / kind).symlink_to(plugins / kind)
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(KEPT_OUT)},
            "MELTANO_SYS_DIR_ROOT": str(system),
            "MELTANO_SEND_ANONYMOUS_USAGE_STATS": "false",
            "MELTANO_CLI_DISABLE_VERSION_CHECK": "true",
            "XDG_STATE_HOME": str(folder / "state"),
            "TMPDIR": str(folder),
            "NO_COLOR": "1",
            # Meltano imports for seconds without compiled modules, so they are kept, but not in the checkout.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(plugins / "bytecode"),
            "DBT_TARGET_PATH": str(folder / "dbt"),
            "DBT_LOG_PATH": str(folder / "dbt"),
            **variables,
        }

    def missing(self, *plugins: str) -> list[str]:
        """Return those plugins that no earlier run installed."""
        return [name for name in plugins if not self._marker(name).exists()]

    def install(self, *plugins: str) -> None:
        """Install plugins, but those that an earlier run installed; without a name, those that work with PostgreSQL.

        Raises:
            PipelineError: Meltano or the installer failed.
        """
        with (self._plugins / "lock").open("w") as lock:
            # Another demo of this environment may be installing them: its virtual environments are these.
            fcntl.flock(lock, fcntl.LOCK_EX)
            missing = self.missing(*(plugins or POSTGRES_PLUGINS))
            if missing:
                self._meltano("install", "install", *missing, log=self._folder / "install.log")
            for name in missing:
                self._marker(name).touch()

    def _marker(self, plugin: str) -> Path:
        return self._plugins / f"{plugin}.installed"

    def run(self, *blocks: str, name: str = "run", **variables: str) -> list[dict[str, Any]]:
        """Run the blocks (`tap-qa`, `target-postgres`) and return what was logged, one object a line.

        Args:
            blocks: Extractor and loader.
            name: Of the log, and in messages.
            variables: More settings, for this run.

        Raises:
            PipelineError: A plugin or Meltano failed.
        """
        log = self._folder / f"{name}.log"
        self._meltano(name, "run", *blocks, log=log, variables=variables)
        return list(events(log.read_text(encoding="utf-8").splitlines()))

    def load(self, messages: Path, loader: str) -> None:
        """Let a loader read a file of Singer messages.

        Raises:
            PipelineError: The loader or Meltano failed.
        """
        with messages.open("rb") as stdin:
            self._meltano(loader, "invoke", loader, log=self._folder / f"{loader}.log", stdin=stdin)

    def _meltano(
        self,
        name: str,
        *arguments: str,
        log: Path,
        variables: Mapping[str, str] | None = None,
        stdin: IO[bytes] | None = None,
    ) -> None:
        program = Path(sys.executable).with_name("meltano")
        no_env_file = self._folder / "no.env"
        command = [str(program), "--log-format=json", f"--env-file={no_env_file}", *arguments]
        with log.open("wb") as stream:
            process = subprocess.Popen(  # noqa: S603
                command,
                cwd=self._checkout,
                env={**self._environment, **(variables or {})},
                stdin=stdin or subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                # A group of its own, so that everything Meltano started can be ended with it.
                start_new_session=True,
            )
            try:
                status = self._wait(process)
            except BaseException:
                _end_group(process)
                raise
        if status:
            last = last_lines(log.read_text(encoding="utf-8").splitlines())
            msg = "\n".join(
                [f"`meltano {' '.join(arguments)}` ({name}) ended with status {status}", *last, f"Log: {log}"]
            )
            raise PipelineError(msg)

    def _wait(self, process: subprocess.Popen[bytes]) -> int:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(SECONDS_BETWEEN_LOOKS)
            self._watch()


def plugin_folder(checkout: Path) -> Path:
    """Return where this environment keeps the checkout's plugins: elsewhere once what they are made of has changed."""
    recipe = hashlib.sha256(str(checkout).encode())
    for name in ("pyproject.toml", "meltano.yml"):
        recipe.update((checkout / name).read_bytes())
    plugins = Path(sys.prefix) / "meltano-plugins"
    current = plugins / recipe.hexdigest()[:12]
    if plugins.exists():
        for other in plugins.iterdir():
            if other != current:
                shutil.rmtree(other, ignore_errors=True)
    return current


def tap_variables(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the tap's config as the environment variables that Meltano makes it from."""
    flat = {
        f"{name}.{inner}" if isinstance(value, dict) else name: inner_value
        for name, value in config.items()
        for inner, inner_value in (value.items() if isinstance(value, dict) else [("", value)])
    }
    return {
        f"TAP_QA_{name.replace('.', '_').upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in flat.items()
    }


def events(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the lines of a log that are JSON objects; Meltano's first lines and stray output are not."""
    for line in lines:
        with contextlib.suppress(json.JSONDecodeError):
            event = json.loads(line)
            if isinstance(event, dict):
                yield event


def last_lines(lines: list[str]) -> list[str]:
    """Return what a person wants to see of the end of a log."""
    shown = []
    for line in lines:
        found = next(events([line]), None)
        text = line if found is None else f"{found.get('name', 'meltano')}: {found.get('event', '')}"
        shown.append(f"  {text.rstrip()[:300]}")
    return shown[-LAST_LINES:]


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and all it started: ask first, then insist."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_STOP)
