"""JSON responses, exact in their numbers."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response
from typing_extensions import override

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Json(Response):
    """A JSON body; `Decimal` goes out as a number, digit by digit."""

    media_type = "application/json"

    @override
    def render(self, content: Any) -> bytes:
        return _ENCODER.encode(content)
