"""Which time the settings ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


_ISO = re.compile(
    r"(\d{4})(-?)(\d\d)\2(\d\d)"
    r"(?:[Tt ](\d\d)(?:(:?)(\d\d)(?:\6(\d\d)(?:[.,](\d+))?)?)? ?(Z|z|[+-]\d\d(?::?[0-5]\d)?)?)?",
    re.ASCII,
)


@dataclass(frozen=True)
class DateSettings:
    """`start_date`, `end_date` and `lookback_days`, read from a validated config."""

    start: datetime
    end: datetime | None
    lookback: timedelta
    naive: tuple[str, ...]
    """Names of the settings that came without a zone."""

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> DateSettings:
        """Read them from a validated config."""
        end = config.get("end_date")
        return cls(
            start=parse_date_setting(config["start_date"]),
            end=None if end is None else parse_date_setting(end),
            lookback=timedelta(days=config.get("lookback_days", 3)),
            naive=tuple(name for name in ("start_date", "end_date") if name in config and _is_naive(config[name])),
        )


def parse_date_setting(text: str) -> datetime:
    """Read a date or an instant of ISO 8601, extended or basic; without a zone it is UTC.

    Raises:
        ValueError: It is none.
    """
    match = _ISO.fullmatch(text.strip())
    if match is None:
        msg = "not a date or an instant"
        raise ValueError(msg)
    year, _, month, day, hour, _, minute, second, fraction, offset = match.groups()
    written = f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}.{(fraction or '')[:6]:0<6}"
    try:
        return datetime.fromisoformat(written).replace(tzinfo=_zone_of(offset)).astimezone(timezone.utc)
    except OverflowError:
        msg = "beyond the calendar"
        raise ValueError(msg) from None


def _zone_of(offset: str | None) -> timezone:
    if offset is None or offset in {"Z", "z"}:
        return timezone.utc
    digits = offset[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if offset[0] == "-" else span)


def _is_naive(text: str) -> bool:
    return not text.rstrip().upper().endswith("Z") and not any(sign in text.strip()[10:] for sign in "+-")
