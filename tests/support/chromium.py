"""Headless Chromium, driven by its own DevTools protocol: a page, what it requested, what went wrong in it."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import websocket

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"),
    *("--disable-background-networking", "--disable-component-update", "--remote-allow-origins=*"),
)
START_SECONDS = 30
SECONDS = 20


class Browser:
    """One tab.

    Args:
        socket: To the tab's DevTools.
    """

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket = socket
        self._sent = 0
        self._events: list[dict[str, Any]] = []
        for domain in ("Network", "Runtime", "Page", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a method of DevTools and return its result."""
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
        while True:
            message: dict[str, Any] = json.loads(self._socket.recv())
            if message.get("id") == self._sent:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result
            self._events.append(message)

    def js(self, expression: str) -> Any:  # noqa: ANN401 - what the page says
        """Return what an expression gives in the page, waiting for promises."""
        done = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def open(self, page: Path, *, query: str = "", width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Open a file as a screen of this size shows it, without a network."""
        self._events.clear()
        self.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Page.navigate", url=page.resolve().as_uri() + query)
        self.wait("document.readyState === 'complete'")

    def wait(self, condition: str) -> None:
        """Wait until a condition holds in the page."""
        end = time.monotonic() + SECONDS
        while not self.js(condition):
            assert time.monotonic() < end, f"{condition} did not hold after {SECONDS} s; {self.errors}"

    def screenshot(self, path: Path, *, height: int) -> None:
        """Write the top of the page as a picture."""
        clip = {"x": 0, "y": 0, "width": self.js("innerWidth"), "height": height, "scale": 1}
        taken = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(taken["data"]))

    @property
    def requests(self) -> list[str]:
        """The URLs that the page asked for, itself included."""
        self.call("Runtime.enable")
        sent = (event for event in self._events if event["method"] == "Network.requestWillBeSent")
        return [event["params"]["request"]["url"] for event in sent]

    @property
    def errors(self) -> list[str]:
        """What the console shows as an error or a warning, and every exception."""
        return [text for event in self._events if (text := _complaint(event))]


def _complaint(event: dict[str, Any]) -> str | None:
    parameters = event["params"]
    if event["method"] == "Runtime.exceptionThrown":
        return str(parameters["exceptionDetails"])
    if event["method"] == "Runtime.consoleAPICalled" and parameters["type"] in {"error", "warning", "assert"}:
        return str(parameters["args"])
    if event["method"] == "Log.entryAdded" and parameters["entry"]["level"] in {"error", "warning"}:
        return str(parameters["entry"])
    return None


@contextlib.contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium with a profile of its own; end it, whatever happens."""
    assert PROGRAM is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(  # noqa: S603
            [PROGRAM, *SWITCHES, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with contextlib.closing(_connected(Path(profile))) as socket:
                yield Browser(socket)
        finally:
            process.terminate()
            process.wait(SECONDS)


def _connected(profile: Path) -> websocket.WebSocket:
    """Connect to the browser, then attach to its one tab."""
    port_file = profile / "DevToolsActivePort"
    end = time.monotonic() + START_SECONDS
    while not (port_file.exists() and len(port_file.read_text().splitlines()) == 2):
        assert time.monotonic() < end, "Chromium did not start"
    port, path = port_file.read_text().splitlines()
    browser = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=SECONDS)
    with contextlib.closing(browser):
        browser.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
        while True:
            message = json.loads(browser.recv())
            if message.get("id") == 1:
                break
    tab = next(found for found in message["result"]["targetInfos"] if found["type"] == "page")
    return websocket.create_connection(f"ws://127.0.0.1:{port}/devtools/page/{tab['targetId']}", timeout=SECONDS)
