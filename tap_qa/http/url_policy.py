"""Which URLs may be called: base URLs from the settings, and links that a vendor hands out."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from requests.utils import get_environ_proxies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Resolve = Callable[[str], Iterable[str]]

_HTTPS_PORT = 443
_NO_HOST_HOLDS = '\\^`{|}<>"\x7f'
"""A backslash, say, is taken for a slash by some libraries, so that the host ends there."""

_IPV4_INSIDE = tuple(map(ipaddress.IPv6Network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48")))
"""IPv6 addresses that lead to the IPv4 address in their last four bytes: compatible ones, and those of NAT64."""


def is_loopback(host: str | None) -> bool:
    """Return whether a host name or address means this machine."""
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def split(url: str) -> SplitResult | None:
    """Take a URL apart; None if it is none, names no host, or one that the next reader may read otherwise."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return None
    ambiguous = any(char <= " " or char in _NO_HOST_HOLDS for char in parts.netloc)
    return parts if parts.scheme and parts.hostname and not ambiguous else None


def base_url_problem(url: str) -> str | None:
    """Say what is wrong with a configured base URL; None if nothing is.

    Credentials travel with every request, so only TLS will do, except on this very machine. The URL itself is not
    repeated in the message: it might hold a password.
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
    """Return whether scheme, host and port are the same."""
    ports = {"http": 80, "https": 443}
    return (one.scheme, one.hostname, one.port or ports.get(one.scheme)) == (
        other.scheme,
        other.hostname,
        other.port or ports.get(other.scheme),
    )


def resolve(host: str) -> list[str]:
    """Return the addresses of a host.

    Raises:
        OSError: There is no such host, or no name service.
    """
    return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)})


@dataclass(frozen=True)
class DownloadPolicy:
    """Decides whether a URL that a vendor handed out may be fetched.

    From a public vendor: https on the usual port of a public host, nothing else. From a vendor on this very machine (a
    sandbox) this machine is allowed too, also without TLS.

    Names are resolved before the request and once more by the request itself, so a name server that changes its
    response in between is not caught; nor are addresses checked that only a configured proxy resolves.
    """

    loopback_allowed: bool
    resolve: Resolve = resolve

    def violation(self, url: str) -> str | None:
        """Say why a URL must not be fetched; None if it may be. The text holds nothing of the URL.

        Raises:
            OSError: Its host can't be resolved.
        """
        parts = split(url)
        if parts is None or parts.hostname is None:
            return "it is not a URL with a host"
        if parts.username is not None or parts.password is not None:
            return "it holds a user name or a password"
        if self.loopback_allowed and is_loopback(parts.hostname):
            return None if parts.scheme in {"http", "https"} else "it is neither http nor https"
        if parts.scheme != "https":
            return "it is not https"
        if parts.port not in {None, _HTTPS_PORT}:
            return "it names an unusual port"
        return self._host_problem(parts.hostname, url)

    def _host_problem(self, host: str, url: str) -> str | None:
        try:
            addresses = [str(ipaddress.ip_address(host))]
        except ValueError:
            if is_loopback(host):
                return "it leads to this machine"
            if get_environ_proxies(url):
                return None
            addresses = list(self.resolve(host))
        return None if all(map(_is_public, addresses)) else "it leads into a private network"


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        is_wrapped = any(address in network for network in _IPV4_INSIDE)
        address = address.ipv4_mapped or address.sixtofour or (inside if is_wrapped else address)
    return address.is_global and not address.is_multicast
