"""What the code location needs to know, from environment variables, so that all its processes know the same."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class MissingVariableError(RuntimeError):
    """A variable that there is no default for is not set."""

    def __init__(self, name: str) -> None:
        """Name it."""
        super().__init__(f"The environment variable {name} is not set; see docs/scale.md.")


@dataclass(frozen=True)
class Settings:
    """Where things are.

    Attributes:
        tap_config: The tap's config file, with all vendors.
        target_config: The target's config file.
        tap: The program `tap-qa`.
        target: The program of the target.
        first_day: The first day of history, as 2024-01-01.
        last_day: The day before which windows end; None for windows up to today.
        window_days: The width of a window: 1, 7 or 30, which is a calendar month.
        daily: The command of the daily sync, in the project that holds its state.
        marts: The command that builds the marts; empty for none.
    """

    tap_config: Path
    target_config: Path
    tap: str
    target: str
    first_day: str
    last_day: str | None
    window_days: int
    daily: tuple[str, ...]
    marts: tuple[str, ...]

    def config(self) -> dict[str, Any]:
        """Read the tap's config."""
        loaded: dict[str, Any] = json.loads(self.tap_config.read_text(encoding="utf-8"))
        return loaded


def from_environment() -> Settings:
    """Read the settings.

    Raises:
        MissingVariableError: One is not given.
    """
    return Settings(
        tap_config=Path(_required("QA_TAP_CONFIG")),
        target_config=Path(_required("QA_TARGET_CONFIG")),
        tap=os.environ.get("QA_TAP", "tap-qa"),
        target=os.environ.get("QA_TARGET", "target-postgres"),
        first_day=_required("QA_FIRST_DAY"),
        last_day=os.environ.get("QA_LAST_DAY") or None,
        window_days=int(os.environ.get("QA_WINDOW_DAYS", "7")),
        daily=tuple(os.environ.get("QA_DAILY", "meltano run tap-qa target-postgres").split()),
        marts=tuple(os.environ.get("QA_MARTS", "").split()),
    )


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise MissingVariableError(name)
    return value
