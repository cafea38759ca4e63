"""Which addresses the settings may name."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.errors import UnexpectedResponseError
from tap_qa.http.request import path_segment
from tap_qa.http.url_policy import DownloadPolicy, base_url_problem, is_loopback, same_origin
from tap_qa.vendors.scorebuddy.client import base_url


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example",
        "https://api.example:8443/v1/",
        "HTTPS://api.example",
        "http://127.0.0.1:8080/v1",
        "http://localhost:8080",
        "http://[::1]:8080",
        "http://vendor.localhost",
    ],
)
def test_good_urls(url: str) -> None:
    assert base_url_problem(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example",
        "http://10.0.0.1",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https://",
        "api.example",
        "",
        "https://user@api.example",
        "https://user:password@api.example",
        "https://api.example?key=1",
        "https://api.example#top",
        "https://api.example:port",
        "https://[::1",
        "https://169.254.169.254\\x.example.com/",
        "https://api.example .com",
    ],
)
def test_bad_urls_and_no_complaint_repeats_one(url: str) -> None:
    problem = base_url_problem(url)
    assert problem
    assert "password" not in problem or "user name or a password" in problem
    assert "example" not in problem.replace("https://host/path", "")


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254\\x.example.com",
        "a.example\\@169.254.169.254",
        "169.254.169.254 .example.com",
        "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::a9fe:a9fe]",
        "[::7f00:1]",
        "[::ffff:169.254.169.254]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "10.0.0.1",
    ],
)
def test_a_download_never_leads_into_a_private_network(host: str) -> None:
    policy = DownloadPolicy(loopback_allowed=False, resolve=lambda _host: ["93.184.216.34"])
    assert policy.violation(f"https://{host}/file") is not None
    assert policy.violation("https://[64:ff9b::5db8:d822]/file") is None
    assert policy.violation("https://files.example/a file\\with|odd{characters}?in=it") is None


def test_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.9.9.9", "::1", "localhost")))
    assert not any(map(is_loopback, (None, "", "0.0.0.0", "10.0.0.1", "example.com", "localhosts")))  # noqa: S104


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "https://a.example:443/y?z", True),
        ("https://a.example", "https://A.example", True),
        ("https://a.example", "http://a.example", False),
        ("https://a.example", "https://a.example:444", False),
        ("https://a.example", "https://b.example", False),
        ("http://127.0.0.1:1", "http://127.0.0.1:2", False),
    ],
)
def test_origins(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - the expectation
    assert same_origin(urlsplit(one), urlsplit(other)) is same


@pytest.mark.parametrize("end", ["", "/", "/api/v1", "/api/v1/", " "])
def test_an_instances_url_is_taken_in_every_form(end: str) -> None:
    assert base_url(f"https://www.cloud.scorebuddy.co.uk/1234567{end}") == (
        "https://www.cloud.scorebuddy.co.uk/1234567/api/v1"
    )


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_an_id_that_leads_to_another_path_is_refused(value: str) -> None:
    with pytest.raises(UnexpectedResponseError, match="would lead to another path"):
        path_segment("Echo", value)


@given(st.text(min_size=1))
def test_an_id_is_one_segment_of_a_path(value: str) -> None:
    try:
        segment = path_segment("Echo", value)
    except (UnexpectedResponseError, UnicodeEncodeError):
        return
    assert not set(segment) & set("/\\?#;")
    assert unquote(segment) == value
