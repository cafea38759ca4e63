"""Which addresses may be called."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit


def is_loopback(host: str | None) -> bool:
    """Tell whether a host name or address means this machine."""
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def split(url: str) -> SplitResult | None:
    """Take a URL apart; None if it is none, or names no host."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return None
    return parts if parts.scheme and parts.hostname else None


def base_url_problem(url: str) -> str | None:
    """Say what is wrong with a configured base URL; None if nothing is.

    Credentials travel with every call, so only TLS will do, except on this very machine. The URL itself is not
    repeated in the complaint: it might hold a password.
    """
    parts = split(url)
    if parts is None:
        return "is not a URL with a scheme and a host, as https://host/path"
    if parts.username or parts.password:
        return "must not hold a user name or a password"
    if parts.query or parts.fragment:
        return "must not hold a query or a fragment"
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname)):
        return None
    return "must start with https:// (http:// is taken for a loopback host only)"


def same_origin(one: SplitResult, other: SplitResult) -> bool:
    """Tell whether scheme, host and port are the same."""
    ports = {"http": 80, "https": 443}
    return (one.scheme, one.hostname, one.port or ports.get(one.scheme)) == (
        other.scheme,
        other.hostname,
        other.port or ports.get(other.scheme),
    )
