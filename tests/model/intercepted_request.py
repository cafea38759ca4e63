"""How a vendor model and the tap's real client meet: through `requests`, without a socket, or over HTTP."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
import urllib3
from requests.structures import CaseInsensitiveDict
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope, Send


class KilledError(BaseException):
    """The process ended here, without a chance to do anything."""


@dataclass(frozen=True)
class Asked:
    """A request, as it reaches a vendor."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    root: str
    """Scheme and host that it was sent to."""


@dataclass
class Reply:
    """What a vendor answers."""

    status: int = 200
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    """The body, if it is not that JSON."""

    breaks_after: int | None = None
    """After how many bytes of the body the connection breaks, if it does."""

    @property
    def body(self) -> bytes:
        """The bytes of the body."""
        if self.raw is not None:
            return self.raw
        return b"" if self.json is None else json.dumps(self.json).encode()


class Handler(Protocol):
    """What answers requests, or raises what `requests` would when the connection fails."""

    def __call__(self, asked: Asked, /) -> Reply:
        """Answer one request."""
        ...


class _Body:
    """The part of urllib3's response that the tap reads; like it, it tells a body that ends before its end."""

    def __init__(self, content: bytes, announced: str | None, *, breaks: bool) -> None:
        """Take what comes, and how much was announced."""
        self._file = io.BytesIO(content)
        self._missing = 0 if announced is None else int(announced) - len(content)
        self._breaks = breaks

    def read1(self, size: int, *, decode_content: bool) -> bytes:
        """Return some of what is left."""
        del decode_content
        data = self._file.read1(size)
        if not data and (self._breaks or self._missing > 0):
            raise urllib3.exceptions.IncompleteRead(self._file.tell(), self._missing)
        return data

    def close(self) -> None:
        """Let go of it."""


class _Response(requests.Response):
    """An answer without what requests usually gets ready for more questions than the tap has."""

    def __init__(self, status: int, headers: Mapping[str, str], url: str, raw: _Body) -> None:
        """Take what the tap looks at."""
        self.status_code = status
        self.reason = ""  # asked for where a response counts as true or false
        self.headers = CaseInsensitiveDict(headers)
        self.url = url
        self.raw = raw

    @override
    def close(self) -> None:
        self.raw.close()


class Direct(requests.Session):
    """A session that calls a function instead of a server: what `requests` itself does to a request is left out."""

    def __init__(self, handler: Handler) -> None:
        """Take what answers."""
        super().__init__()
        self._handler = handler

    @override
    def request(self, method: Any, url: Any, *_: Any, **options: Any) -> requests.Response:
        params, data = options.get("params"), options.get("data")
        parts = urlsplit(url)
        sent = data if isinstance(data, bytes) else urlencode(data or {}).encode()
        query = dict(parse_qsl(parts.query, keep_blank_values=True)) if parts.query else {}
        query |= {name: str(value) for name, value in (params or {}).items()}
        headers = CaseInsensitiveDict({**self.headers, **(options.get("headers") or {})})
        reply = self._handler(Asked(method, parts.path, query, headers, sent, f"{parts.scheme}://{parts.netloc}"))
        if method == "HEAD":
            return _Response(reply.status, reply.headers, url, _Body(b"", None, breaks=False))
        content, announced = reply.body[: reply.breaks_after], reply.headers.get("Content-Length")
        return _Response(
            reply.status, reply.headers, url, _Body(content, announced, breaks=reply.breaks_after is not None)
        )

    @override
    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        return self.request(request.method, request.url, headers=request.headers)


def session_to(handler: Handler) -> Callable[[], requests.Session]:
    """Return what opens sessions that reach nothing but a handler."""
    return partial(Direct, handler)


def asgi(handler: Handler) -> Callable[[Scope, Receive, Send], Any]:
    """Return an app that serves a handler over HTTP. A failure of the connection becomes a 503."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        root = f"{scope['scheme']}://{headers['host']}"
        try:
            reply = handler(
                Asked(scope["method"], scope["path"], query, CaseInsensitiveDict(headers), bytes(body), root)
            )
        except (requests.RequestException, KilledError):
            reply = Reply(503)
        content = reply.body[: reply.breaks_after]
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": raw})
        is_short = len(content) < int(CaseInsensitiveDict(reply.headers).get("Content-Length", 0))
        is_broken = (is_short or reply.breaks_after is not None) and scope["method"] != "HEAD"
        await send({"type": "http.response.body", "body": content, "more_body": is_broken})
        if is_broken:
            # The server breaks the connection off, since this is not the end of the body.
            scope["state"]["transport"].close()

    return app
