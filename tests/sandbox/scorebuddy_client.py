"""A caller of the simulated Scorebuddy, and what its tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from qa_sandbox.clock import SandboxClock
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.scorebuddy import Scorebuddy
from qa_sandbox.vendors.scorebuddy.rules import SCOPES
from qa_sandbox.vendors.scorebuddy.seed_data import Size

if TYPE_CHECKING:
    from collections.abc import Iterator


LOW, HIGH = "2026-06-10 00:00:00", "2026-06-15 06:00:00"


WINDOW = {"from_last_edit_date": LOW, "to_last_edit_date": HIGH}


class Client:
    """A caller with a token."""

    def __init__(self, vendor: Scorebuddy, scopes: str = " ".join(sorted(SCOPES))) -> None:
        """Ask for a token of these scopes."""
        config = vendor.config()
        self.base = config["url"] + "/api/v1"
        self.session = requests.Session()
        self.credentials = {
            "grant_type": "client_credentials",
            "client_id": config["client_id"],
            "client_secret": config["client_secret"],
            "scope": scopes,
        }
        self.renew()

    def renew(self) -> None:
        """Ask for a new token."""
        token = self.session.post(self.base + "/authorisation/token", data=self.credentials, timeout=5).json()
        self.session.headers["Authorization"] = f"Bearer {token['access_token']}"

    def get(self, path: str, **query: Any) -> requests.Response:  # noqa: ANN401
        """Ask for a path."""
        return self.session.get(self.base + path, params=query, timeout=5)

    def walk(self, path: str, key: str, **query: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """Read all pages of a list."""
        answer = self.get(path, **query).json()
        rows = answer[key]
        while answer["next_page"]:
            answer = self.session.get(answer["next_page"], timeout=5).json()
            rows += answer[key]
        assert len(rows) == answer["total"]
        return list(rows)


@pytest.fixture
def vendor() -> Iterator[Scorebuddy]:
    clock = SandboxClock(frozen=True)
    with Sandbox([Scorebuddy(clock, Size(agents=27, scores_per_day=10, days=8))], clock=clock) as sandbox:
        yield sandbox.vendor(Scorebuddy)


@pytest.fixture
def client(vendor: Scorebuddy) -> Client:
    return Client(vendor)
