"""Which time the settings ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    """Read a date and time in any ISO form; without a zone it is UTC.

    Raises:
        ValueError: It is none.
    """
    import pendulum  # noqa: PLC0415 - a tenth of the start-up, and only a sync has dates to read

    parsed = pendulum.parse(text.strip(), tz="UTC")
    if not isinstance(parsed, pendulum.DateTime):
        msg = "not a date and time"
        raise ValueError(msg)  # noqa: TRY004 - a value of the wrong form, not an argument of the wrong type
    return datetime.fromtimestamp(parsed.timestamp(), timezone.utc)


def _is_naive(text: str) -> bool:
    return not text.rstrip().upper().endswith("Z") and not any(sign in text.strip()[10:] for sign in "+-")
