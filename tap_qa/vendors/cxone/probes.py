"""What a CXone tenant can tell about itself without an extraction job."""

from __future__ import annotations

from collections import Counter

from tap_qa.probes.answers import Answer, answered, band, failed, refused
from tap_qa.probes.probe import Account, Probe, get

JOBS = "data-extraction/v1/jobs"
_STATUSES = ("RUNNING", "SUCCEEDED", "SUCCESS", "FAILED", "CANCELLED", "EXPIRED")


def _token(account: Account) -> Answer:
    flow = "password grant" if account.config.get("token_url") else "access key"
    lifetime = account.client.auth.headers()
    return answered(flow, headers=sorted(lifetime))


def _jobs(account: Account) -> Answer:
    """Other consumers of the tenant's one job slot show in the list of jobs."""
    reply = account.get(JOBS)
    if reply.status in {401, 403}:
        return refused("QM Tools > Data Extraction APIs, or a throttle", status=reply.status)
    if not reply.is_ok:
        return failed(f"HTTP {reply.status}", status=reply.status)
    words = Counter(str(row.get("status")) for row in reply.rows("jobs"))
    known = [f"{word} {band(words[word])}" for word in _STATUSES if words[word]]
    busy = "a job runs now" if words["RUNNING"] else "no job runs"
    return answered(busy, statuses=known, other_words=band(len(set(words) - set(_STATUSES))))


PROBES = (
    Probe("CA1", "access", "credentials", (), _token, is_gate=True),
    Probe("CA3", "access", "permission and other consumers", (get(JOBS),), _jobs),
)
