"""Whether a CXone tenant lets us in, at which host, and who else extracts data."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tap_qa.http.request import Request
from tap_qa.probes.answers import Answer, Suggestion, answered, refused, undecided
from tap_qa.probes.asked import get, post
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import Shape, band, known, status
from tap_qa.vendors.cxone.jobs import JOBS

if TYPE_CHECKING:
    from tap_qa.probes.account import Account
    from tap_qa.probes.shapes import EvidenceValue

GLOBAL_HOST = "https://cxone.niceincontact.com"
_NICE = ("niceincontact.com", "nice-incontact.com")
_DISCOVERY = ".well-known/cxone-configuration"
_AREAS = ("na1", "na2", "na3", "au1", "eu1", "uk1", "jp1", "ca1")
"""What public texts call regions."""

_ENDPOINTS = ("api_endpoint", "auth_endpoint", "ui_endpoint")
_STATUSES = ("RUNNING", "SUCCEEDED", "SUCCESS", "FAILED", "CANCELLED", "EXPIRED")
_TOKENS = (
    post("authentication/v1/token/access-key", "accessKeyId", "accessKeySecret"),
    post("auth/token", "grant_type", "username", "password"),
)


def _token(account: Account) -> Answer:
    account.connection.ensure_server_time()
    flow = "password_grant" if account.config.get("token_url") else "access_key"
    return answered(flow, lifetime=account.token_life())


def _area(account: Account) -> Answer:
    """Ask for the tenant's area; a host that is not the vendor's own is asked itself, so that no id leaves it."""
    tenant = account.token_claims().get("tenantId")
    if not isinstance(tenant, str):
        return undecided("a token that names its tenant")
    host = urlsplit(account.client.base_url).netloc
    base = GLOBAL_HOST if host.endswith(_NICE) else account.client.base_url
    request = Request(_DISCOVERY, params={"tenantId": tenant}, authenticated=False)
    reply = account.send(request, base=base, once=True)
    area = str(reply.fields.get("area", ""))
    if not reply.is_ok or not area:
        return undecided("a tenant that the vendor's discovery knows", status=status(reply))
    hosts = {urlsplit(str(reply.fields.get(name, ""))).netloc for name in _ENDPOINTS}
    seen: dict[str, EvidenceValue] = {"area": Shape(area if area in _AREAS else "another")}
    if host in hosts or area in re.split(r"[.-]", host):
        return answered("as_configured", **seen)
    where = f"the host of area {area}" if area in _AREAS else "the host that the vendor's account manager names"
    return answered("another_area", Suggestion("cxone.url", where), **seen)


def _jobs(account: Account) -> Answer:
    """Other consumers of the tenant's one job slot show in the list of jobs."""
    reply = account.get(JOBS)
    if reply.is_refused:
        return refused("the permission QM Tools > Data Extraction APIs, or a throttle", status=status(reply))
    if not reply.is_ok:
        return answered("not_listed", status=status(reply))
    counts = Counter(str(row.get("status")).upper() for row in reply.rows("jobs"))
    found = tuple(Shape(f"{word} {band(counts[word])}") for word in known(counts, _STATUSES))
    others = band(len(set(counts) - set(_STATUSES)))
    return answered("busy" if counts["RUNNING"] else "idle", jobs=found, other_words=others)


PROBES = (
    Probe(
        "CA1",
        "access",
        "credentials",
        {
            "access_key": "the access key gives a token, for {lifetime}",
            "password_grant": "the password grant gives a token, for {lifetime}",
        },
        "as configured",
        _TOKENS,
        1,
        _token,
        is_gate=True,
    ),
    Probe(
        "CA2",
        "access",
        "host of the tenant",
        {"as_configured": "the tenant is in the configured area", "another_area": "the tenant is in another area"},
        "as configured",
        (*_TOKENS, get(_DISCOVERY, "tenantId")),
        1,
        _area,
    ),
    Probe(
        "CA3",
        "access",
        "permission and other consumers",
        {
            "idle": "no job runs",
            "busy": "a job of another consumer runs now",
            "not_listed": "jobs are not listed: HTTP {status}",
        },
        "asked before each job",
        (*_TOKENS, get(JOBS)),
        1,
        _jobs,
        is_gate=True,
    ),
)
