"""Which copy of the rules of time zones counts.

`zoneinfo` takes the system's files, however old they are, and PyPI's `tzdata` only where those are missing. Rules
change several times a year, so here the newer of both copies wins.
"""

from __future__ import annotations

import logging
import re
import zoneinfo
from pathlib import Path
from typing import TYPE_CHECKING

import tzdata  # type: ignore[import-untyped] # a version and files

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("tap-qa.zones")
_VERSION = re.compile(r"(\d{4})[a-z]+")
_STALE_AFTER_YEARS = 2
"""Rules are named after their year and a letter; those of the year before last are over a year old for sure."""


def use_newest_rules(*, now: datetime) -> None:
    """Take PyPI's rules if the system's are older or of an unknown age; warn if even the newer ones are old."""
    system = _system_version()
    newest = newest_rules()
    if zoneinfo.TZPATH and (system is None or system < tzdata.IANA_VERSION):
        zoneinfo.reset_tzpath(())
        zoneinfo.ZoneInfo.clear_cache()
    if now.year >= int(newest[:4]) + _STALE_AFTER_YEARS:
        logger.warning(
            "The rules of time zones are of %s: naive timestamps of zones that changed since are off. Update tzdata.",
            newest,
        )


def newest_rules() -> str:
    """Return the version of the newest rules at hand, as 2026f."""
    return max(_system_version() or "", str(tzdata.IANA_VERSION))


def _system_version() -> str | None:
    """Return the version of the files that zoneinfo would take, as 2025b; None if they are missing or have none."""
    for folder in map(Path, zoneinfo.TZPATH):
        if not folder.is_dir():
            continue
        for name in ("tzdata.zi", "+VERSION"):
            try:
                with (folder / name).open(encoding="utf-8", errors="replace") as file:
                    found = _VERSION.search(file.readline(100))
            except OSError:
                continue
            if found:
                return found[0]
        return None
    return None
