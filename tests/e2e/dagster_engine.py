"""Dagster as it runs on several machines: a daemon, and on each machine a code server that starts its own workers.

They share PostgreSQL and nothing else: each has a folder that, where this system lets it, the others can't see.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import yaml

from qa_sandbox.demo.postgres import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from random import Random

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0
_KILLED_IN_A_WINDOW = 0.7
_SECONDS_TO_END = 15
_UNFINISHED = "status not in ('SUCCESS', 'FAILURE', 'CANCELED')"
_HIDE_OTHERS = 'for other in $OTHERS; do mount -t tmpfs tmpfs "$other"; done; exec "$@"'
_LAUNCH = """
    mutation($params: LaunchBackfillParams!) {
      launchPartitionBackfill(backfillParams: $params) {
        __typename
        ... on LaunchBackfillSuccess { backfillId }
        ... on PythonError { message }
      }
    }
"""


def alone() -> list[str]:
    """Return what starts a program in a mount namespace of its own, if this user may."""
    command = ["unshare", "--mount"]
    try:
        subprocess.run([*command, "true"], check=True, capture_output=True)  # noqa: S603 - our own
    except (OSError, subprocess.CalledProcessError):
        return []
    return [*command, "sh", "-c", _HIDE_OTHERS, "sh"]


@dataclass
class Machine:
    """A folder, and what runs there."""

    name: str
    folder: Path
    variables: dict[str, str]
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def workers(self) -> list[psutil.Process]:
        """Return the workers that execute runs now."""
        if self.process is None:
            return []
        found = []
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    if "spawn_main" in " ".join(child.cmdline()):
                        found.append(child)
        return found

    def orphans(self) -> list[psutil.Process]:
        """Return the taps whose worker is gone. A worker that ends may have another one's tap beside it."""
        found = []
        for tap in self.taps():
            with contextlib.suppress(psutil.NoSuchProcess):
                if tap.ppid() not in {worker.pid for worker in self.workers()}:
                    found.append(tap)
        return found

    def taps(self) -> list[psutil.Process]:
        """Return the taps that read windows now, whoever their parents are."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                line = " ".join(process.cmdline())
                if (
                    "tap-qa" in line
                    and "--catalog" in line
                    and process.environ().get("DAGSTER_HOME") == str(self.folder)
                ):
                    found.append(process)
        return found


@dataclass
class Engine:
    """Machines, the daemon, and what PostgreSQL knows of their runs.

    Attributes:
        environment: The folder of the Python environment that has Dagster.
        folder: For the machines' folders.
        url: Of PostgreSQL.
        machines: By name; each is a code location.
    """

    environment: Path
    folder: Path
    url: str
    machines: dict[str, Machine] = field(default_factory=dict)
    killed: int = 0
    killed_with_a_tap: int = 0
    daemons_killed: int = 0
    left_alive: list[str] = field(default_factory=list)
    """Taps that outlived their worker."""

    def __post_init__(self) -> None:
        """Give the daemon its place."""
        self._alone = alone()
        self.daemon = self._machine("daemon", {})

    def _machine(self, name: str, variables: Mapping[str, str]) -> Machine:
        folder = self.folder / name
        (folder / "tmp").mkdir(parents=True)
        settings = yaml.safe_load((ROOT / "orchestrate" / "dagster.yaml").read_text(encoding="utf-8"))
        settings["storage"] = {"postgres": {"postgres_url": {"env": "QA_ENGINE_URL"}}}
        (folder / "dagster.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        own = {"DAGSTER_HOME": str(folder), "TMPDIR": str(folder / "tmp"), "QA_ENGINE_URL": self.url}
        return Machine(name, folder, {**own, **variables})

    def add(self, name: str, files: Mapping[str, Any], variables: Mapping[str, str]) -> None:
        """Set up a machine.

        Args:
            name: Its name, and that of its code location.
            files: What lies in its folder, as JSON; `{folder}` in a variable stands for it.
            variables: Of its environment.
        """
        machine = self._machine(name, {})
        for file, content in files.items():
            (machine.folder / file).write_text(json.dumps(content), encoding="utf-8")
        machine.variables |= {key: value.format(folder=machine.folder) for key, value in variables.items()}
        machine.port = free_port()
        self.machines[name] = machine

    # Processes

    @contextlib.contextmanager
    def running(self) -> Iterator[Engine]:
        """Run all machines and the daemon; end them, and what they started, afterwards."""
        # The first of all makes the tables; two at once would both try, and one would fail.
        self._run("dagster", "instance", "info")
        try:
            for machine in self.machines.values():
                server = ["api", "grpc", "-h", "127.0.0.1", "-p", str(machine.port), "-m", "qa_dagster.definitions"]
                self._start(machine, "dagster", *server)
            places = [
                {"grpc_server": {"host": "127.0.0.1", "port": machine.port, "location_name": machine.name}}
                for machine in self.machines.values()
            ]
            (self.daemon.folder / "workspace.yaml").write_text(yaml.safe_dump({"load_from": places}), encoding="utf-8")
            for machine in self.machines.values():
                self.wait(partial(self._answers, machine), f"the code server of {machine.name}")
            self.start_daemon()
            yield self
        finally:
            for machine in (self.daemon, *self.machines.values()):
                _end(machine)

    def start_daemon(self) -> None:
        """Start the daemon, as whatever supervises it does when it is gone."""
        self._start(self.daemon, "dagster-daemon", "run", "-w", str(self.daemon.folder / "workspace.yaml"))

    def _start(self, machine: Machine, program: str, *arguments: str) -> None:
        others = [each.folder for each in (self.daemon, *self.machines.values()) if each is not machine]
        variables = {**os.environ, **machine.variables, "OTHERS": " ".join(map(str, others))}
        command = [*self._alone, str(self.environment / "bin" / program), *arguments]
        with (machine.folder / "log").open("ab") as log:
            machine.process = subprocess.Popen(  # noqa: S603 - our own
                command, cwd=ROOT / "orchestrate", env=variables, stdout=log, stderr=log
            )

    def _answers(self, machine: Machine) -> bool:
        assert machine.process is not None
        assert machine.process.poll() is None, self.log()
        with contextlib.closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", machine.port)) == 0

    def log(self) -> str:
        """Return the ends of all logs."""
        machines = (self.daemon, *self.machines.values())
        logs = {each.name: each.folder / "log" for each in machines}
        return "\n".join(f"{name}: {log.read_text()[-2000:]}" for name, log in logs.items() if log.exists())

    # Runs

    def launch(self, assets: Collection[str], partitions: Collection[str]) -> None:
        """Queue a run for each window of each asset, as the user interface does."""
        params = {"assetSelection": [{"path": [asset]} for asset in assets], "partitionNames": [*partitions]}
        workspace = str(self.daemon.folder / "workspace.yaml")
        answer = self._run("dagster-graphql", "-w", workspace, "-t", _LAUNCH, "-v", json.dumps({"params": params}))
        assert "LaunchBackfillSuccess" in answer, answer

    def _run(self, program: str, *arguments: str) -> str:
        command = [str(self.environment / "bin" / program), *arguments]
        variables = {**os.environ, **self.daemon.variables}
        done = subprocess.run(command, env=variables, check=False, capture_output=True, text=True)  # noqa: S603 - our own
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Return what Dagster's tables say."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def windows_done(self) -> int:
        """Count windows that are there."""
        done = "select distinct asset_key, partition from event_logs where dagster_event_type = 'ASSET_MATERIALIZATION'"
        return len(self.ask(done))

    def runs_left(self) -> int:
        """Count runs that are queued or going."""
        [(count,)] = self.ask(f"select count(*) from runs where {_UNFINISHED}")  # noqa: S608 - no input in it
        return int(count)

    def wait(self, done: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Wait until something is so."""
        ends = time.monotonic() + patience
        while not done():
            assert time.monotonic() < ends, f"Waited in vain for {what}.\n{self.log()}"
            time.sleep(0.2)

    # Kills

    def kill_worker(self, rng: Random) -> bool:
        """Kill a worker with SIGKILL, at a random moment of its start or of its window; its tap must not outlive it."""
        if rng.random() < _KILLED_IN_A_WINDOW:
            self.wait(lambda: any(machine.taps() for machine in self.machines.values()), "a tap")
        time.sleep(rng.uniform(0, 3))
        reading = {machine.name: machine.taps() for machine in self.machines.values()}
        workers = [(machine.name, worker) for machine in self.machines.values() for worker in machine.workers()]
        if not workers:
            return False
        # Rather one that reads: starting takes longer than some windows.
        name, victim = rng.choice([each for each in workers if reading[each[0]]] or workers)
        with contextlib.suppress(psutil.NoSuchProcess):
            victim.send_signal(signal.SIGKILL)
            self.killed += 1
            self.killed_with_a_tap += bool(reading[name])
        # Whoever reaps orphans may take seconds, as may one that was just being started, until it looks for its parent.
        ends = time.monotonic() + _SECONDS_TO_END
        machine = self.machines[name]
        while (orphans := machine.orphans()) and time.monotonic() < ends:
            time.sleep(0.1)
        self.left_alive += [f"{tap.pid} of {name}" for tap in orphans]
        return True

    def kill_daemon(self) -> None:
        """Kill the daemon with SIGKILL; another one takes over."""
        assert self.daemon.process is not None
        self.daemon.process.kill()
        self.daemon.process.wait()
        self.daemons_killed += 1
        self.start_daemon()


def make_environment(folder: Path) -> Path:
    """Install the engine and the loader by the project's own pins, into an environment of their own."""
    extra = re.search(r"^dagster = (\[.*\])$", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    plugins = yaml.safe_load((ROOT / "meltano.yml").read_text(encoding="utf-8"))["plugins"]
    loader = next(each["pip_url"] for each in plugins["loaders"] if each["name"] == "target-postgres")
    assert extra is not None
    python, uv = folder / "bin" / "python", shutil.which("uv") or "uv"
    for arguments in (
        ["venv", "--python", sys.executable, str(folder)],
        ["pip", "install", "--compile-bytecode", "--python", str(python), *json.loads(extra[1]), loader],
    ):
        subprocess.run([uv, "--quiet", *arguments], check=True)  # noqa: S603 - our own
    return folder


def _end(machine: Machine) -> None:
    if machine.process is None:
        return
    with contextlib.suppress(psutil.NoSuchProcess):
        server = psutil.Process(machine.process.pid)
        for process in (server, *server.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
    machine.process.wait()
