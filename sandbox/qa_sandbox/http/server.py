"""An ASGI app on a real loopback socket, in a thread."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING

import uvicorn
from typing_extensions import Self, override
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

if TYPE_CHECKING:
    from types import TracebackType

    from starlette.types import ASGIApp

_HOST = "127.0.0.1"


class _Protocol(H11Protocol):
    """Uvicorn's own protocol, with the transport in the scope's state, so that faults can break the connection."""

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


class SandboxServer:
    """Serves an app on 127.0.0.1 while it is open; starts and stops within milliseconds.

    Uvicorn's protocol does the work, on an event loop of our own: uvicorn's own `Server` looks ten times a second
    whether to stop, which hundreds of short tests would feel.
    """

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        """Take a port; `start` serves.

        Args:
            app: What to serve.
            port: 0 takes any free one.
        """
        self._app = app
        # asyncio switches Nagle's algorithm off only where the protocol is named; with it each answer takes 40 ms.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((_HOST, port))
        except (OSError, OverflowError):
            self._socket.close()
            raise
        self._state = ServerState()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name=f"sandbox-{self.port}", daemon=True)

    @property
    def port(self) -> int:
        """The port, known before `start`."""
        return int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        """The root, without a slash at the end."""
        return f"http://{_HOST}:{self.port}"

    def start(self) -> Self:
        """Serves from now on."""
        # Connections queue on the listening socket until the loop takes them, so there is nothing to wait for.
        self._socket.listen(128)
        self._thread.start()
        return self

    def close(self) -> None:
        """Stops; open connections are broken. Safe to call twice."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()
        self._loop.close()
        self._socket.close()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def _run(self) -> None:
        config = uvicorn.Config(
            self._app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            date_header=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=300,
        )
        config.load()
        self._loop.run_until_complete(self._serve(config))

    async def _serve(self, config: uvicorn.Config) -> None:
        server = await self._loop.create_server(lambda: _Protocol(config, self._state, {}), sock=self._socket)
        await self._stop.wait()
        server.close()
        for connection in list(self._state.connections):
            connection.transport.abort()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
