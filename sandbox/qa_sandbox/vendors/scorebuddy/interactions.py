"""Integrations, their cases, and what customers answered about them, by Open API 1.8.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa_sandbox.plausible_data import PRAISE, REMARKS, chance, seeded_rng
from qa_sandbox.vendors.scorebuddy.access import Refusal
from qa_sandbox.vendors.scorebuddy.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

Object = dict[str, Any]

_INTEGRATIONS = ("5f0a1b2c3d4e", "Zen desk/7", "A1b2C3d4E5")
"""The document gives three patterns of their ids, which clash; so any text will do."""

_TYPES = ("email", "chat", "audio", "external")


def listings() -> list[Listing]:
    """What the API gives of them."""
    scope, of_integration = "integrations:read", "/integrations/{integration:path}/cases"

    def found(rows: list[Object] | None) -> list[Object]:
        if rows is None:
            raise Refusal(404, "NOT_FOUND", "There is no such resource")
        return rows

    def cases_of(ask: Request) -> list[Object]:
        return found(cases(ask.path_params["integration"]))

    def ratings_of(ask: Request) -> list[Object]:
        return found(satisfaction(ask.path_params["integration"], ask.path_params["case"]))

    return [
        Listing("/integrations", "integrations", scope, 25, lambda _: integrations(), dict),
        Listing(of_integration, "cases", scope, 10, cases_of, dict),
        Listing(of_integration + "/{case:path}/satisfaction", "satisfaction_ratings", scope, 10, ratings_of, dict),
    ]


def integrations() -> list[Object]:
    """The integrations of the instance."""
    return [
        {
            "integration_id": number,
            "label": f"Integration {place}",
            "description": None,
            "integration_type": ("csv", "internal", "cxmoments")[place],
            "group_ids": [34, 35] if place else None,
            "data_retention": {"policy": "limited", "rules": {"interval": "month", "numeracy": 6}},
            "last_updated": None if place else "2026-05-01T10:00:00+01:00",
            "created_by": 72,
            "created_at": "2026-04-01T09:00:00Z",
        }
        for place, number in enumerate(_INTEGRATIONS)
    ]


def cases(integration: str) -> list[Object] | None:
    """The cases of an integration; None if there is none such."""
    if integration not in _INTEGRATIONS:
        return None
    return [_case(integration, number) for number in range(23)] if integration != _INTEGRATIONS[2] else []


def satisfaction(integration: str, external_case: str) -> list[Object] | None:
    """The ratings of a case, by its id outside; None if it has none."""
    rng = seeded_rng("satisfaction", integration, external_case)
    if chance(rng, 0.5):
        return None
    return [
        {
            "satisfaction_id": f"{integration}-{external_case}-{number}",
            "satisfaction_installation_id": "inst-1",
            "type": rng.choice(("CSAT", "CES", "NPS")),
            "integration_id": integration,
            "external_case_id": external_case,
            "external_satisfaction_id": f"ext-{number}",
            "agent_id": "agent-7",
            "staff_id": 607,
            "customer_id": f"customer {rng.randint(1, 99)}",
            "campaign_id": number or "spring",
            "score": rng.randint(0, 10),
            "scale": 10,
            "question": "How likely are you to recommend us?",
            "comment": rng.choice((None, *PRAISE)),
            "original": {"raw": {"score": "9"}},
            "issued_date": "2026-06-01T12:00:00Z",
            "last_updated": None,
        }
        for number in range(rng.randint(1, 2))
    ]


def expected_cases() -> Iterable[Object]:
    """All cases as the tap emits them: ids as text, instants in UTC."""
    for integration in _INTEGRATIONS:
        for case in cases(integration) or ():
            external = case["external"]
            outside = external and {**external, "case_id": str(external["case_id"])}
            yield {**case, "integration_id": integration, "created_by": "72", "external": outside, **_UTC}


def expected_integrations() -> Iterable[Object]:
    """All integrations as the tap emits them."""
    for row in integrations():
        changed = row["last_updated"] and "2026-05-01T09:00:00+00:00"
        yield {**row, "created_by": "72", "created_at": "2026-04-01T09:00:00+00:00", "last_updated": changed}


def expected_satisfaction() -> Iterable[Object]:
    """All ratings as the tap emits them."""
    for case in expected_cases():
        if case["external"]:
            for row in satisfaction(case["integration_id"], case["external"]["case_id"]) or ():
                yield {**row, "campaign_id": str(row["campaign_id"]), "issued_date": "2026-06-01T12:00:00+00:00"}


_UTC = {"created_at": "2026-05-31T23:30:00+00:00", "last_updated_at": "2026-06-02T08:00:00+00:00"}


def _case(integration: str, number: int) -> Object:
    rng = seeded_rng("case", integration, number)
    kind = rng.choice(_TYPES)
    return {
        "case_id": f"{number:024x}",
        "staff_id": 607,
        "case_type": kind,
        "external": {"staff_id": "agent-7", "case_id": rng.choice((number, f"Z/{number}"))} if number % 3 else None,
        "event_date": None,
        "messages": [{"from": "customer", "text": rng.choice(REMARKS)}] if kind in {"email", "chat"} else None,
        "files": [{"file_id": "f-1"}] if kind == "audio" else None,
        "ai_text": {"en": [{"id": 1, "side": "agent", "text": "Hello"}]} if kind == "audio" else None,
        "meta_data": [{"name": "Queue", "value": number}, {"name": "VIP", "value": True}],
        "created_by": 72,
        "created_at": "2026-06-01T00:30:00+01:00",
        "last_updated_at": "2026-06-02T08:00:00Z",
        "expires_at": None,
    }
