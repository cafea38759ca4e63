"""Access tokens by CXone's two ways in."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from qa_sandbox.exports.seeded import seeded_id, seeded_uuid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass
class Tokens:
    """Who may come in, and the tokens given out.

    Attributes:
        lifetime: Of a token, by the vendor's clock.
        issued: When each token ends. Emptying it makes every later call a 401.
    """

    now: Callable[[], datetime]
    key_id: str = "SANDBOXKEYID4X2A===="
    key_secret: str = "SANDBOX+SECRET/7Q==="  # noqa: S105 -- it opens nothing but this
    client_id: str = "sandbox-client"
    client_secret: str = "sandbox:client&secret"  # noqa: S105 -- it opens nothing but this
    lifetime: timedelta = timedelta(hours=1)
    issued: dict[str, datetime] = field(default_factory=dict)

    def by_access_key(self, body: Mapping[str, object]) -> dict[str, Any] | None:
        """`POST /authentication/v1/token/access-key`; None if the key is wrong."""
        known = body.get("accessKeyId") == self.key_id and body.get("accessKeySecret") == self.key_secret
        return self._issue() if known else None

    def by_password(self, form: Mapping[str, str], authorization: str | None) -> tuple[int, dict[str, Any]]:
        """`POST /auth/token` with the password grant; status and body."""
        client = _basic(authorization) or (form.get("client_id", ""), form.get("client_secret", ""))
        if client != (self.client_id, self.client_secret):
            return 401, {"error": "invalid_client", "error_description": "Client authentication failed"}
        if form.get("grant_type") != "password":
            return 400, {"error": "unsupported_grant_type", "error_description": "Unsupported grant type"}
        if (form.get("username"), form.get("password")) != (self.key_id, self.key_secret):
            return 400, {"error": "invalid_grant", "error_description": "Bad credentials"}
        return 200, self._issue()

    def admits(self, authorization: str | None) -> bool:
        """Whether an `Authorization` header holds a token that is still good."""
        scheme, _, token = (authorization or "").partition(" ")
        ends = self.issued.get(token)
        return scheme.lower() == "bearer" and ends is not None and self.now() < ends

    def _issue(self) -> dict[str, Any]:
        ends = self.now() + self.lifetime
        claims = {"tenantId": seeded_uuid("tenant"), "exp": int(ends.timestamp()), "jti": len(self.issued)}
        token = f"{_coded({'alg': 'none', 'typ': 'JWT'})}.{_coded(claims)}.{seeded_id(20, len(self.issued))}"
        self.issued[token] = ends
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(self.lifetime.total_seconds()),
            "refresh_token": seeded_id(30, "refresh", len(self.issued)),
            "id_token": token,
        }


def _coded(part: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _basic(authorization: str | None) -> tuple[str, str] | None:
    scheme, _, coded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    name, _, secret = base64.b64decode(coded).decode().partition(":")
    return name, secret
