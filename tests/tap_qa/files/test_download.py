"""Files arrive whole or not at all, from nowhere but where they may come from, and their links stay secret."""

from __future__ import annotations

import logging
import tempfile
import threading
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
import requests

from tap_qa.errors import DownloadError
from tap_qa.files.download import Downloads, IncompleteDownloadError, LinkExpiredError, TooLargeError
from tap_qa.http.url_policy import DownloadPolicy
from tests.tap_qa.conftest import FileServer, send

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.server import BaseHTTPRequestHandler

    from tap_qa.runtime.context import RunContext

SIGNATURE = "X-Amz-Signature=5ecr3t"
CSV = b"a,b\n1,2\n"


@pytest.fixture
def downloads(run_context: RunContext, files: FileServer) -> Downloads:
    return Downloads("cxone", files.url, run_context)


def open_files() -> set[str]:
    """Return what this process has open."""
    return {str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}


def test_a_file_arrives_whole_and_nameless(downloads: Downloads, files: FileServer) -> None:
    files.respond = lambda request: send(request, CSV)
    before = open_files()
    download = downloads.fetch(f"{files.url}/f?{SIGNATURE}", "the file")
    assert download.file.read() == CSV
    assert download.size == len(CSV)
    held = {name for name in open_files() - before if name.startswith(tempfile.gettempdir())}
    assert len(held) == 1
    assert not any(Path(name).exists() for name in held)
    download.close()
    assert not held & open_files()


def test_no_credentials_travel(
    downloads: Downloads, files: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password leaked\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    files.respond = lambda request: send(request, CSV, Set_Cookie="session=1")
    downloads.fetch(f"{files.url}/f", "the file").close()
    downloads.fetch(f"{files.url}/f", "the file").close()
    for _, headers in files.requests:
        assert not {"authorization", "apitoken", "cookie"} & set(headers)


def test_a_server_that_falls_silent_is_not_waited_for(run_context: RunContext, files: FileServer) -> None:
    silence = threading.Event()

    def respond(_: BaseHTTPRequestHandler) -> None:
        silence.wait(5)

    files.respond = respond
    hasty = replace(run_context, retry_policy=replace(run_context.retry_policy, read_timeout_seconds=0.1))
    with pytest.raises(IncompleteDownloadError, match=r"the file can't be fetched whole \(ReadTimeout\)"):
        Downloads("cxone", files.url, hasty).fetch(f"{files.url}/f", "the file")
    silence.set()


def test_a_server_without_a_trustworthy_certificate_is_told(downloads: Downloads, files: FileServer) -> None:
    with (
        mock.patch.object(requests.Session, "send", side_effect=requests.exceptions.SSLError),
        pytest.raises(DownloadError, match="the server that holds the file has no trustworthy TLS certificate"),
    ):
        downloads.fetch(f"{files.url}/f", "the file")


def test_a_file_is_asked_for_as_it_is(downloads: Downloads, files: FileServer, run_context: RunContext) -> None:
    files.respond = lambda request: send(request, CSV)
    downloads.fetch(f"{files.url}/f", "the file").close()
    [(_, headers)] = files.requests
    told = {name: headers[name] for name in ("user-agent", "accept", "accept-encoding")}
    assert told == {"user-agent": run_context.user_agent, "accept": "*/*", "accept-encoding": "identity"}


@pytest.mark.parametrize(
    "target", ["/f?sig=a%2fb%2B%7e+c", "/A%20b/%7Ef?x=1&y=%e4;z=(1)'!*", "/f//g/../h?a=%zz", "/f?a=[1]|{2}^`", "/f?"]
)
def test_a_link_is_asked_for_letter_by_letter(downloads: Downloads, files: FileServer, target: str) -> None:
    files.respond = lambda request: send(request, CSV)
    downloads.fetch(f"{files.url}{target}#fragment", "the file").close()
    assert [path for path, _ in files.requests] == [target]


@pytest.mark.parametrize("target", ["?a=1", "", "/a b?c=ä"])
def test_a_link_that_cannot_be_sent_so_is_quoted(downloads: Downloads, files: FileServer, target: str) -> None:
    files.respond = lambda request: send(request, CSV)
    downloads.fetch(f"{files.url}{target}", "the file").close()
    assert [path for path, _ in files.requests] == [{"?a=1": "/?a=1", "": "/"}.get(target, "/a%20b?c=%C3%A4")]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_dead_link_is_told_from_a_broken_server(downloads: Downloads, files: FileServer, status: int) -> None:
    files.respond = lambda request: send(request, b"<Error/>", status)
    with pytest.raises(LinkExpiredError, match=str(status)):
        downloads.fetch(f"{files.url}/f", "the file")


@pytest.mark.parametrize("status", [206, 429, 500, 503])
def test_a_broken_server_is_worth_another_try(downloads: Downloads, files: FileServer, status: int) -> None:
    files.respond = lambda request: send(request, b"", status)
    with pytest.raises(IncompleteDownloadError):
        downloads.fetch(f"{files.url}/f", "the file")


def test_a_short_body_is_noticed(downloads: Downloads, files: FileServer) -> None:
    files.respond = lambda request: send(request, CSV[:5], Content_Length=str(len(CSV)))
    with pytest.raises(IncompleteDownloadError):
        downloads.fetch(f"{files.url}/f", "the file")


def test_a_broken_off_chunked_body_is_noticed(downloads: Downloads, files: FileServer) -> None:
    def respond(request: BaseHTTPRequestHandler) -> None:
        request.protocol_version = "HTTP/1.1"
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        request.wfile.write(b"5\r\na,b\n1\r\n")
        request.close_connection = True

    files.respond = respond
    with pytest.raises(IncompleteDownloadError):
        downloads.fetch(f"{files.url}/f", "the file")


def test_nothing_over_the_limit_is_taken(run_context: RunContext, files: FileServer) -> None:
    files.respond = lambda request: send(request, CSV)
    Downloads("cxone", files.url, run_context, max_bytes=len(CSV)).fetch(f"{files.url}/f", "the file").close()
    with pytest.raises(TooLargeError):
        Downloads("cxone", files.url, run_context, max_bytes=len(CSV) - 1).fetch(f"{files.url}/f", "the file")


def test_only_an_announced_empty_file_is_called_empty(downloads: Downloads, files: FileServer) -> None:
    def unannounced(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()

    def without_content(request: BaseHTTPRequestHandler) -> None:
        request.send_response(204)
        request.end_headers()

    files.respond = lambda request: send(request, b"")
    assert downloads.fetch(f"{files.url}/f", "the file").declared_empty
    files.respond = without_content
    assert downloads.fetch(f"{files.url}/f", "the file").declared_empty
    files.respond = unannounced
    assert not downloads.fetch(f"{files.url}/f", "the file").declared_empty


def test_a_redirect_is_followed_a_few_times(downloads: Downloads, files: FileServer) -> None:
    def respond(request: BaseHTTPRequestHandler) -> None:
        left = int(request.path[1:])
        send(request, CSV) if left == 0 else send(request, b"", 302, Location=f"/{left - 1}")

    files.respond = respond
    assert downloads.fetch(f"{files.url}/3", "the file").size == len(CSV)
    with pytest.raises(DownloadError, match=r"^cxone: the file is redirected without an end\.$"):
        downloads.fetch(f"{files.url}/4", "the file")


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://192.0.2.1/x", "http://10.0.0.1/x"]
)
def test_a_redirect_is_not_followed_elsewhere(downloads: Downloads, files: FileServer, target: str) -> None:
    files.respond = lambda request: send(request, b"", 302, Location=target)
    with pytest.raises(DownloadError, match="not fetched"):
        downloads.fetch(f"{files.url}/f", "the file")


def resolver(*addresses: str) -> Callable[[str], list[str]]:
    return lambda _host: list(addresses)


PUBLIC = "52.216.1.1"


@pytest.mark.parametrize(
    "url",
    [
        "http://bucket.s3.amazonaws.com/f",
        "file:///etc/passwd",
        "ftp://bucket.s3.amazonaws.com/f",
        "//bucket.s3.amazonaws.com/f",
        "",
        "https://user:password@bucket.s3.amazonaws.com/f",
        "https://bucket.s3.amazonaws.com:8443/f",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/f",
        "https://127.1.2.3/f",
        "https://localhost/f",
        "https://[::1]/f",
        "https://[::ffff:127.0.0.1]/f",
        "https://[fe80::1]/f",
        "https://10.1.2.3/f",
        "https://192.168.0.1/f",
        "https://172.16.0.1/f",
        "https://100.64.0.1/f",
        "https://0.0.0.0/f",
        "https://224.0.0.1/f",
        "https://bucket.s3.amazonaws.com:x/f",
    ],
)
def test_a_public_vendor_cannot_point_anywhere_else(url: str) -> None:
    assert DownloadPolicy(loopback_allowed=False, resolve=resolver(PUBLIC)).violation(url) is not None


def test_a_public_vendor_can_point_at_public_https() -> None:
    rule = DownloadPolicy(loopback_allowed=False, resolve=resolver(PUBLIC, "2600:1f18::1"))
    assert rule.violation("https://bucket.s3.amazonaws.com/f?x=1") is None
    assert rule.violation("https://bucket.s3.amazonaws.com:443/f?x=1") is None


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"])
def test_a_public_name_that_leads_inside_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("https_proxy", raising=False)
    rule = DownloadPolicy(loopback_allowed=False, resolve=resolver(PUBLIC, address))
    assert rule.violation("https://rebound.example.com/f") is not None


def test_loopback_is_for_loopback_vendors_only(run_context: RunContext, files: FileServer) -> None:
    files.respond = lambda request: send(request, CSV)
    with pytest.raises(DownloadError, match="not fetched"):
        Downloads("cxone", "https://na1.nice-incontact.com", run_context).fetch(f"{files.url}/f", "the file")
    assert files.requests == []


@pytest.mark.parametrize("break_it", ["status", "short", "refused", "unresolved", "redirect"])
def test_the_link_is_told_nowhere(
    downloads: Downloads, files: FileServer, caplog: pytest.LogCaptureFixture, break_it: str
) -> None:
    url = f"{files.url}/path-5ecr3t?{SIGNATURE}"
    if break_it == "status":
        files.respond = lambda request: send(request, b"<Error>5ecr3t</Error>", 403)
    elif break_it == "short":
        files.respond = lambda request: send(request, CSV, Content_Length="99")
    elif break_it == "redirect":
        files.respond = lambda request: send(request, b"", 302, Location=f"http://10.0.0.1/?{SIGNATURE}")
    elif break_it == "refused":
        url = f"http://127.0.0.1:1/path-5ecr3t?{SIGNATURE}"
    else:
        url = f"https://no-such-host.invalid/path-5ecr3t?{SIGNATURE}"
    with caplog.at_level(logging.DEBUG), pytest.raises(DownloadError) as caught:
        downloads.fetch(url, "the file")
    error: BaseException | None = caught.value
    while error is not None:
        assert "5ecr3t" not in "".join(traceback.format_exception(error))
        error = error.__cause__ or error.__context__
    assert "5ecr3t" not in caplog.text


def test_a_full_disk_is_told_as_such(downloads: Downloads, files: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk:
        def write(self, _data: bytes) -> int:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            pass

    files.respond = lambda request: send(request, CSV)
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: FullDisk())
    with pytest.raises(DownloadError, match="TMPDIR"):
        downloads.fetch(f"{files.url}/f", "the file")
