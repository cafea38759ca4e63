"""A local server of vendors' answers: the same bytes for every competitor, at next to no cost.

`python -m benchmarks.server FOLDER` serves pages and the files in a folder, and prints its address. Every page's
address can be asked for as it is, without a token. Parts of the path before the vendor's own say what is wanted:

- `/rows=200000` how many rows a list has, `/wait=50` how many milliseconds an answer takes, `/stamps=utc` timestamps
  that are in their final form already, `/odd=100` that one of so many rows is odd, `/duplicates=40` that one of so many
  comes twice
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

from benchmarks.data.pages import EXPORT, SCORES, Pages

UTC = "+00:00"
_PAGES_KEPT = 600
_LISTS = {"/api/v1/export/questions": EXPORT, "/api/v1/scores": SCORES}


@dataclass(frozen=True)
class DataSpec:
    """What the parts of a path before the vendor's own ask for."""

    rows: int = 10_000
    wait: float = 0.0
    stamps: str = ""
    odd: int = 0
    duplicates: int = 0

    @classmethod
    def read(cls, path: str) -> tuple[DataSpec, str]:
        """Return the wish and the rest of the path."""
        wish = cls()
        while True:
            part, _, rest = path.removeprefix("/").partition("/")
            name, sign, value = part.partition("=")
            if not sign:
                return wish, path
            path = f"/{rest}"
            if name == "rows":
                wish = replace(wish, rows=int(value))
            elif name == "wait":
                wish = replace(wish, wait=int(value) / 1000)
            elif name == "odd":
                wish = replace(wish, odd=int(value))
            elif name == "duplicates":
                wish = replace(wish, duplicates=int(value))
            else:
                wish = replace(wish, stamps=UTC if value == "utc" else "")

    @property
    def path(self) -> str:
        """The parts of the path that say it."""
        return (
            f"/rows={self.rows}/wait={self.wait * 1000:.0f}/stamps={'utc' if self.stamps else 'vendor'}/odd={self.odd}"
        )


@lru_cache(_PAGES_KEPT)
def _page(of: Pages, wish: DataSpec, number: int, address: str) -> bytes:
    return replace(of, stamp_end=wish.stamps, odd_every=wish.odd).page(
        number, wish.rows, f"{address}?page={number + 1}"
    )


class VendorHandler(BaseHTTPRequestHandler):
    """Answers as Scorebuddy, CXone and MaestroQA."""

    protocol_version = "HTTP/1.1"
    folder: Path

    def do_GET(self) -> None:
        """Give a page, a job's state or a file."""
        wish, path = DataSpec.read(urlsplit(self.path).path)
        time.sleep(wish.wait)
        if path in _LISTS:
            query = parse_qs(urlsplit(self.path).query)
            number = int(query.get("page", ["1"])[0])
            self._send(_page(_LISTS[path], wish, number, f"{self._address}{wish.path}{path}"))
        elif path.startswith("/data-extraction/v1/jobs"):
            job = {"status": "SUCCEEDED", "result": {"url": f"{self._address}/files/{path.rpartition('/')[2]}"}}
            self._send_json({"jobStatus": job})
        elif path == "/get-export-data":
            self._send_json({"status": "complete", "dataUrl": f"{self._address}/files/{self.headers['exportId']}"})
        elif path.startswith("/files/"):
            self._send_file(self.folder / Path(path).name)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """Give a token, or start a job, which is done at once."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        wish, path = DataSpec.read(urlsplit(self.path).path)
        if path == "/data-extraction/v1/jobs":
            self._send_json(f"cxone-{wish.rows}-{wish.duplicates}.csv")
        elif path == "/request-raw-export":
            self._send_json({"exportId": f"maestroqa-{wish.rows}.zip"})
        else:
            self._send_json({"access_token": "a-token", "token_type": "Bearer", "expires_in": 3600})

    def do_HEAD(self) -> None:
        """Tell the time."""
        self._send(b"")

    @property
    def _address(self) -> str:
        return f"http://{self.headers['Host']}"

    def _send_json(self, value: Any) -> None:  # noqa: ANN401 - JSON
        self._send(json.dumps(value).encode())

    def _send(self, body: bytes, kind: str = "application/json") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send_file(self, path: Path) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/zip" if path.suffix == ".zip" else "text/csv; charset=utf-8")
        self.send_header("Content-Length", str(path.stat().st_size))
        self.end_headers()
        with path.open("rb") as file:
            self.wfile.flush()
            self.connection.sendfile(file)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Serves without waiting for small packets to be confirmed."""

    daemon_threads = True

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of programs that end with their connections open."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    @cached_property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


def main(folder: str) -> None:
    """Serve until the end of the process."""
    answers = type("FolderAnswers", (VendorHandler,), {"folder": Path(folder), "wbufsize": 1 << 16})
    with Server(("127.0.0.1", 0), answers) as server:
        print(server.url, flush=True)  # noqa: T201 - whoever started it reads it
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
