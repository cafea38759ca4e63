"""Which time the settings ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    year, _, month, day, hour, _, minute, second, fraction, offset = _parts(text)
    written = f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}.{(fraction or '')[:6]:0<6}"
    import pendulum  # noqa: PLC0415 - a tenth of the start-up, and only a sync has dates to read

    try:
        read = pendulum.from_format(f"{written}{_offset(offset)}", "YYYY-MM-DDTHH:mm:ss.SSSSSSZ")
        moment = read.in_timezone("UTC")
    except OverflowError:
        msg = "beyond the calendar"
        raise ValueError(msg) from None
    return datetime.combine(moment.date(), moment.time(), tzinfo=timezone.utc)


def _parts(text: str) -> Sequence[str | None]:
    match = _ISO.fullmatch(text.strip())
    if match is None:
        msg = "not a date or an instant"
        raise ValueError(msg)
    return match.groups()


def _offset(written: str | None) -> str:
    """Return an offset in full, as +05:00."""
    if written is None or written in {"Z", "z"}:
        return "+00:00"
    digits = written[1:].replace(":", "").ljust(4, "0")
    return f"{written[0]}{digits[:2]}:{digits[2:]}"


def _is_naive(text: str) -> bool:
    return _parts(text)[-1] is None
