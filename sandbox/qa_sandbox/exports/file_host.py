"""The host that export links lead to: a simulator of S3 with signed links that expire.

Like S3 it refuses a request that carries credentials beside its signature with 400 ("Only one auth mechanism
allowed"), an expired or forged link with 403 and a missing file with 404, each as XML.
"""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

CREDENTIAL_HEADERS = frozenset({"authorization", "apitoken", "cookie", "csc-api-key"})
_STAMP = "%Y%m%dT%H%M%SZ"
_PIECE_BYTES = 1 << 18
_KEY = b"the sandbox signs its links with this"


class FileHost:
    """Keeps files and serves them by signed links.

    Attributes:
        base_url: Where the host listens; set it once its server has started.
        folder: Where makers of files put them.
    """

    def __init__(self, now: Callable[[], datetime], bucket: str = "exports") -> None:
        """`now` is the host's clock: links expire by it."""
        self.base_url = ""
        self.bucket = bucket
        self._now = now
        self._owner = tempfile.TemporaryDirectory(prefix="qa-sandbox-files-")
        self.folder = Path(self._owner.name)
        self._files: dict[str, Path] = {}

    def put(self, name: str, path: Path) -> None:
        """Serve a file under a name of characters that need no quoting."""
        self._files[name] = path

    def remove(self, name: str) -> None:
        """Forget a file, as a bucket's life cycle rule does, and delete it if the host keeps it."""
        path = self._files.pop(name, None)
        if path is not None and path.parent == self.folder:
            path.unlink(missing_ok=True)

    def link(self, name: str, lifetime: timedelta) -> str:
        """A link that can be followed for `lifetime` from now on."""
        path = f"/{self.bucket}/{name}"
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"ASIASANDBOX/{self._now():%Y%m%d}/us-east-1/s3/aws4_request",
            "X-Amz-Date": self._now().strftime(_STAMP),
            "X-Amz-Expires": str(int(lifetime.total_seconds())),
            "X-Amz-SignedHeaders": "host",
        }
        query["X-Amz-Signature"] = _signature(path, query["X-Amz-Date"], query["X-Amz-Expires"])
        return f"{self.base_url.rstrip('/')}{path}?{urlencode(query)}"

    def routes(self) -> list[Route]:
        """What the host answers."""
        return [Route("/{path:path}", self._get, methods=["GET"])]

    def close(self) -> None:
        """Delete the files that the host keeps."""
        self._owner.cleanup()

    async def _get(self, request: Request) -> Response:
        query = request.query_params
        if not CREDENTIAL_HEADERS.isdisjoint(request.headers.keys()):
            return _error(400, "InvalidArgument", "Only one auth mechanism allowed")
        signed_at, lifetime = query.get("X-Amz-Date", ""), query.get("X-Amz-Expires", "")
        if not hmac.compare_digest(query.get("X-Amz-Signature", ""), _signature(request.url.path, signed_at, lifetime)):
            return _error(403, "SignatureDoesNotMatch", "The request signature we calculated does not match")
        since = datetime.strptime(signed_at, _STAMP).replace(tzinfo=timezone.utc)
        if self._now() > since + timedelta(seconds=int(lifetime)):
            return _error(403, "AccessDenied", "Request has expired")
        file = self._files.get(str(request.path_params["path"]).removeprefix(f"{self.bucket}/"))
        if file is None or not file.exists():
            return _error(404, "NoSuchKey", "The specified key does not exist.")
        return _File(file)


class _File(Response):
    """A file's bytes, read here and not in threads: one whose reader is cancelled in a thread would be left open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        super().__init__(media_type="binary/octet-stream", headers={"content-length": str(path.stat().st_size)})

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        with self._path.open("rb") as file:
            piece = file.read(_PIECE_BYTES)
            while piece:
                following = file.read(_PIECE_BYTES)
                await send({"type": "http.response.body", "body": piece, "more_body": bool(following)})
                piece = following
        if not self._path.stat().st_size:
            await send({"type": "http.response.body", "body": b""})


def _signature(path: str, signed_at: str, lifetime: str) -> str:
    return hmac.new(_KEY, f"{path}\n{signed_at}\n{lifetime}".encode(), hashlib.sha256).hexdigest()


def _error(status: int, code: str, message: str) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Response(body, status_code=status, media_type="application/xml")
