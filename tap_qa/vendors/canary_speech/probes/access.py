"""Whether Canary Speech lets us in, and of which version a project is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from tap_qa.http.request import Request
from tap_qa.probes.answers import Answer, Suggestion, answered, refused, undecided
from tap_qa.probes.asked import Reply, get
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import Shape, band, duration, known, limit_headers, status, statuses
from tap_qa.vendors.canary_speech.client import lifetime_seconds
from tap_qa.vendors.canary_speech.probes.queries import (
    NOBODY,
    OF_ASSESSMENT,
    QUERY,
    ROWS,
    TOKEN,
    V3_SCORES,
    first_assessment,
    new_scores_of,
    recent_scores,
    scores_of,
)

if TYPE_CHECKING:
    from tap_qa.probes.account import Account
    from tap_qa.probes.shapes import EvidenceValue
    from tap_qa.vendors.canary_speech.client import CanarySpeech

_ERRORS = ("error", "message", "code", "status", "scores", "statusCode")
_IDENTITIES = ("clientId", "projectId", "subjectId")
_ASSESSMENTS = Suggestion(
    "canary_speech.assessment_ids", "all assessments whose scores you want; those of subjects stay empty"
)
_OLD_SUBJECT, _SUBJECT = "v2/org/subject/{}", get("v3/api/subject", "id")


def _token(account: Account) -> Answer:
    connection: CanarySpeech = account.connection  # type: ignore[assignment] # of this vendor
    reply = account.send(connection.token_request)
    token = reply.fields.get("accessToken")
    if not isinstance(token, str):
        return refused("canary_speech.api_key", status=status(reply))
    connection.add_secret(token)
    identities = reply.fields.get("identityIds")
    identities = identities if isinstance(identities, dict) else {}
    unknown = account.send(Request(OF_ASSESSMENT.path.format(NOBODY)), once=True)
    if unknown.is_refused:
        return refused("the scope scope:api", status=status(unknown))
    return answered(
        "accepted",
        lifetime=duration(timedelta(seconds=lifetime_seconds(token, now=account.now()))),
        identities=tuple(
            Shape(f"{name} {'all' if identities[name] == '*' else 'one'}") for name in known(identities, _IDENTITIES)
        ),
        status_of_an_unknown_id=status(unknown),
        keys=known(unknown.fields, _ERRORS),
        headers=limit_headers(unknown.headers),
    )


def _version(account: Account) -> Answer:
    """A project of version 3 answers version 2's queries with nothing, which looks like no scores."""
    replies: dict[str, Reply] = {}
    queried = recent_scores(account)
    if queried is not None:
        subject = str(account.config["subjects"][0]["subject_id"])
        replies["v2_query"] = queried
        replies["v2_subject"] = account.get(_OLD_SUBJECT.format(quote(subject, safe="")))
        replies["v3_subject"] = account.get(_SUBJECT.path, id=subject)
    assessment = first_assessment(account)
    if assessment:
        replies["v2_scores"] = scores_of(account, assessment)
        replies["v3_scores"] = new_scores_of(account, assessment)
    old = sum(len(replies[name].rows(*ROWS)) for name in ("v2_query", "v2_scores") if name in replies)
    new = len(replies["v3_scores"].rows(*ROWS)) if "v3_scores" in replies else 0
    seen: dict[str, EvidenceValue] = {"v2_rows": band(old), "v3_rows": band(new), "statuses": statuses(replies)}
    if new and not old:
        return answered("v3", _ASSESSMENTS, **seen)
    if old:
        return answered("both" if new else "v2", **seen)
    return undecided("a subject or an assessment with scores in the settings", **seen)


PROBES = (
    Probe(
        "KA1",
        "access",
        "API key, life of its token",
        {"accepted": "the key gives a token, for {lifetime}"},
        "a token is renewed shortly before it expires",
        (TOKEN, OF_ASSESSMENT),
        2,
        _token,
        is_gate=True,
    ),
    Probe(
        "K9",
        "access",
        "version of the project",
        {
            "v3": "scores come by version 3 alone",
            "v2": "scores come by version 2 alone",
            "both": "scores come by versions 2 and 3",
        },
        "version 2; assessments of which it lists no score are asked of version 3",
        (QUERY, get(_OLD_SUBJECT), _SUBJECT, OF_ASSESSMENT, V3_SCORES),
        5,
        _version,
    ),
)
